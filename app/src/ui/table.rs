//! Tables that become cards on a phone, and pages of a list.

use leptos::prelude::*;

use super::i18n::use_lang;
use super::icons::{Icon, IconName};
use crate::tr;

/// A table with its caption. Each `<td>` carries `data-label`, the name of its column, which is
/// shown beside the value where there is no room for columns; `data-cell="actions"`, `"number"`
/// and `"main"` choose how a cell looks.
#[component]
pub fn Table(
    #[prop(into)] caption: String,
    /// The caption is for screen readers only, because a heading says the same.
    #[prop(optional)]
    quiet_caption: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-frame">
            <table class="table">
                <caption class:visually-hidden=quiet_caption>{caption}</caption>
                {children()}
            </table>
        </div>
    }
}

/// How a column is sorted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

/// The head of a column that can be sorted by; the link asks the server for the other order.
#[component]
pub fn SortHeader(
    #[prop(into)] label: String,
    #[prop(into)] href: String,
    #[prop(optional_no_strip)] order: Option<Order>,
    /// A column of numbers.
    #[prop(optional)]
    number: bool,
) -> impl IntoView {
    let lang = use_lang();
    let (aria, icon, hint) = match order {
        Some(Order::Ascending) => (
            Some("ascending"),
            Some(IconName::ArrowUp),
            tr!(lang, "По возрастанию. Изменить порядок", "Ascending. Change the order"),
        ),
        Some(Order::Descending) => (
            Some("descending"),
            Some(IconName::ArrowDown),
            tr!(lang, "По убыванию. Изменить порядок", "Descending. Change the order"),
        ),
        None => (None, None, tr!(lang, "Сортировать", "Sort")),
    };
    view! {
        <th scope="col" aria-sort=aria data-cell=number.then_some("number")>
            <a class="sort" href=href title=hint>
                {label}
                {icon.map(|name| view! { <Icon name /> })}
            </a>
        </th>
    }
}

/// Numbers of pages worth showing: the first, the last, and those around the present one; `None`
/// stands for what is left out.
fn shown_pages(page: u64, pages: u64) -> Vec<Option<u64>> {
    let mut shown = Vec::new();
    let mut last = 0;
    for number in 1..=pages {
        let near = number.abs_diff(page) <= 1 || number == 1 || number == pages;
        let bridges = (number == 2 && page <= 4) || (number + 1 == pages && page + 3 >= pages);
        if near || bridges {
            if number > last + 1 {
                shown.push(None);
            }
            shown.push(Some(number));
            last = number;
        }
    }
    shown
}

/// Links to the pages of a list. Nothing is shown for a single page.
#[component]
pub fn Pagination<H>(
    /// Number of this page, from 1.
    page: u64,
    pages: u64,
    /// Address of a page.
    href: H,
) -> impl IntoView
where
    H: Fn(u64) -> String,
{
    let lang = use_lang();
    (pages > 1).then(|| {
        let numbers = shown_pages(page, pages)
            .into_iter()
            .map(|number| match number {
                Some(number) => {
                    let is_current = number == page;
                    view! {
                        <li>
                            <a
                                class="page-link"
                                href=href(number)
                                aria-current=is_current.then_some("page")
                                aria-label=tr!(lang, "Страница {n}", "Page {n}", n = number)
                            >
                                {number}
                            </a>
                        </li>
                    }
                    .into_any()
                }
                None => view! { <li class="page-gap" aria-hidden="true">"…"</li> }.into_any(),
            })
            .collect_view();
        let previous = (page > 1).then(|| {
            view! {
                <a class="page-link" rel="prev" href=href(page - 1)>
                    <Icon name=IconName::ChevronLeft />
                    <span class="page-word">{tr!(lang, "Назад", "Back")}</span>
                </a>
            }
        });
        let next = (page < pages).then(|| {
            view! {
                <a class="page-link" rel="next" href=href(page + 1)>
                    <span class="page-word">{tr!(lang, "Вперёд", "Next")}</span>
                    <Icon name=IconName::ChevronRight />
                </a>
            }
        });
        view! {
            <nav class="pagination" aria-label=tr!(lang, "Страницы", "Pages")>
                {previous} <ol>{numbers}</ol> {next}
            </nav>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(page: u64, pages: u64) -> String {
        let words: Vec<String> = shown_pages(page, pages)
            .into_iter()
            .map(|number| number.map_or("…".into(), |number| number.to_string()))
            .collect();
        words.join(" ")
    }

    #[test]
    fn few_pages_are_all_shown() {
        assert_eq!(text(1, 3), "1 2 3");
        assert_eq!(text(3, 5), "1 2 3 4 5");
    }

    #[test]
    fn far_pages_are_left_out() {
        assert_eq!(text(1, 2500), "1 2 … 2500");
        assert_eq!(text(4, 2500), "1 2 3 4 5 … 2500");
        assert_eq!(text(1000, 2500), "1 … 999 1000 1001 … 2500");
        assert_eq!(text(2500, 2500), "1 … 2499 2500");
    }
}
