//! The table of goods: up to 999 lines of which only those in sight exist on the page. The open
//! line shows all its graphs below the table.

use domain::money::{format_decimal, parse_decimal};
use edoc::{patch::ItemId, path::Path, remark::Level};
use leptos::prelude::*;

use super::{
    form::use_form,
    line::LineFields,
    place::{self, Place},
    schema,
    sheet::MOST_LINES,
    totals::Totals,
};
use crate::{
    tr,
    ui::{
        Alert, Button, ButtonKind, EmptyState, Icon, IconName, Tone, VirtualList, count,
        i18n::use_lang,
    },
};

/// The path of the list of goods.
pub fn list() -> Path {
    place::below(&Path::root(), place::GOODS)
}

/// What happens to lines. Numbers in the document follow the order on the screen.
#[derive(Clone, Copy)]
pub struct Lines(pub super::form::Form);

/// Fields below a line: paths and values.
type Fields = Vec<(&'static str, String)>;

const DESCRIPTION: &str = "GoodsDescription";
const EXTRA: &str = "AdditionalInformationCode";
const DECLARATION: &str = "DTInfo";

/// The list below a line in which a field stands.
fn list_of(path: &str) -> Option<&'static str> {
    let first = path.split('/').next()?;
    [DESCRIPTION, EXTRA, DECLARATION].into_iter().find(|list| *list == first)
}

impl Lines {
    /// Adds lines at the end; descriptions are cut as the format wants. Gives how many fitted.
    pub fn append(self, lines: Vec<Vec<(&'static str, String)>>) -> usize {
        let editing = self.0.editing;
        let room = MOST_LINES.saturating_sub(editing.items_untracked(&list()).len());
        let last = editing.items_untracked(&list()).last().copied();
        let (plain, listed): (Vec<Fields>, Vec<Fields>) = lines
            .into_iter()
            .take(room)
            .map(|fields| fields.into_iter().partition(|(path, _)| list_of(path).is_none()))
            .unzip();
        let made = editing.insert_many(&list(), last, plain);
        for (item, fields) in made.iter().zip(listed) {
            self.append_lists(&list().item(*item), fields);
        }
        self.number();
        self.0.selected.set(made.first().copied());
        made.len()
    }

    /// Fields of a new line that stand in lists: the description in pieces, codes of graph 19, one
    /// declaration of graph 20.
    fn append_lists(self, line: &Path, fields: Fields) {
        let editing = self.0.editing;
        let mut declaration = Vec::new();
        for (path, value) in fields {
            match path.split_once('/') {
                Some((_, below)) => declaration.push((below, value)),
                None if path == DESCRIPTION => {
                    Place::Pieces(line.join(path)).write(editing, &value);
                }
                None => {
                    editing.insert(&line.join(path), None, &[("", value)]);
                }
            }
        }
        if !declaration.is_empty() {
            editing.insert(&line.join(DECLARATION), None, &declaration);
        }
    }

    pub fn add(self) {
        let editing = self.0.editing;
        let items = editing.items_untracked(&list());
        if items.len() < MOST_LINES {
            let item = editing.insert(&list(), items.last().copied(), &[]);
            self.number();
            self.0.selected.set(item);
        }
    }

    pub fn copy(self, item: ItemId) {
        let editing = self.0.editing;
        if editing.items_untracked(&list()).len() >= MOST_LINES {
            return;
        }
        let Some(schema) = schema::form() else { return };
        // With everything that the line holds; only its number becomes its own.
        let made = editing.copy_item(&list(), item, schema);
        self.number();
        self.0.selected.set(made);
    }

    pub fn remove(self, item: ItemId) {
        let items = self.0.editing.items_untracked(&list());
        let at = items.iter().position(|other| *other == item);
        self.0.editing.remove(&list(), &[item]);
        if self.0.selected.get_untracked() == Some(item) {
            let next = at.and_then(|at| {
                items.get(at + 1).or(at.checked_sub(1).and_then(|at| items.get(at)))
            });
            self.0.selected.set(next.copied());
        }
        self.number();
    }

    pub fn shift(self, item: ItemId, by: isize) {
        self.0.editing.shift(&list(), item, by);
        self.number();
    }

    /// Puts a line at a place in the order, counted from 0.
    pub fn move_to(self, item: ItemId, to: usize) {
        self.0.editing.move_to(&list(), item, to);
        self.number();
    }

    /// Writes the numbers of lines that do not stand in their place.
    pub fn number(self) {
        let numbers = self
            .0
            .editing
            .items_untracked(&list())
            .into_iter()
            .zip(1u32..)
            .map(|(item, number)| (list().item(item).join("GoodsNumeric"), number.to_string()));
        self.0.editing.set_all(numbers.collect::<Vec<_>>());
    }
}

/// The section «Товары».
#[component]
pub fn Goods() -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let lines = Lines(form);
    let items = Memo::new(move |_| form.editing.items(&list()));
    let total = move || items.with(Vec::len);
    let reveal = Signal::derive(move || {
        let selected = form.selected.get()?;
        items.with(|items| items.iter().position(|item| *item == selected))
    });
    // Lines that come and go elsewhere leave the open one, and the caret in it, alone.
    let opened = Memo::new(move |_| {
        form.selected.get().filter(|item| items.with(|items| items.contains(item)))
    });
    let is_full = move || total() >= MOST_LINES;
    view! {
        <div id="field-GoodsInfo" tabindex="-1">
            <div class="toolbar">
                <p class="quiet">
                    {move || {
                        count(lang, total() as u64, ["строка", "строки", "строк"], ["line", "lines"])
                    }}
                </p>
                <Button
                    icon=IconName::Plus
                    disabled=Signal::derive(move || form.readonly().get() || is_full())
                    on_click=move |_| lines.add()
                >
                    {tr!(lang, "Добавить товар", "Add goods")}
                </Button>
                <super::import::ImportButton/>
            </div>
            {move || {
                is_full()
                    .then(|| {
                        view! {
                            <Alert tone=Tone::Warning>
                                <p>
                                    {tr!(
                                        lang,
                                        "В одной форме не больше 999 строк. Остальные товары укажите в другой форме.",
                                        "A form has at most 999 lines. Put the other goods into another form."
                                    )}
                                </p>
                            </Alert>
                        }
                    })
            }}
            <Show
                when=move || total() != 0
                fallback=move || {
                    view! {
                        <EmptyState icon=IconName::Table title=tr!(lang, "Товаров пока нет", "No goods yet")>
                            <p>
                                {tr!(
                                    lang,
                                    "Добавьте товар, вставьте строки из таблицы или загрузите файл CSV или XLSX.",
                                    "Add goods, paste rows from a spreadsheet, or upload a CSV or XLSX file."
                                )}
                            </p>
                        </EmptyState>
                    }
                }
            >
                <div class="goods-head" aria-hidden="true">
                    <span>"№"</span>
                    <span>{tr!(lang, "Код и описание товара", "Code and description")}</span>
                    <span data-cell="number">{tr!(lang, "Стоимость", "Cost")}</span>
                    <span data-cell="number">{tr!(lang, "Нетто, кг", "Net, kg")}</span>
                    <span>{tr!(lang, "Замечания", "Remarks")}</span>
                    <span></span>
                </div>
                <VirtualList
                    id="goods"
                    label=Signal::derive(move || tr!(lang, "Список товаров", "List of goods").to_owned())
                    items
                    reveal
                    row=move |item, at| view! { <LineRow item at/> }
                />
                <Totals/>
                {move || opened.get().map(|item| view! { <LineFields item/> })}
            </Show>
        </div>
    }
}

/// One line in the table.
#[component]
fn LineRow(item: ItemId, at: Signal<usize>) -> impl IntoView {
    let form = use_form();
    let lang = use_lang();
    let lines = Lines(form);
    let line = list().item(item);
    let code = form.value(Place::below(&line, "GoodsTNVEDCode"));
    let description = form.value(Place::Pieces(line.join("GoodsDescription")));
    let cost = form.value(Place::below(&line, "InvoicedCost"));
    let net = form.value(Place::below(&line, "NetWeightQuantity"));
    let number = move || at.get() + 1;
    let is_selected = move || form.selected.get() == Some(item);
    let state = Memo::new(move |_| {
        form.checks.with(|checks| {
            let remarks = checks.of_line(item);
            let errors = remarks.iter().filter(|remark| remark.level == Level::Error).count();
            (errors, remarks.len() - errors)
        })
    });
    let money = |value: String, scale| match parse_decimal(&value) {
        Ok(number) => format_decimal(number, scale),
        Err(_) => value,
    };
    let act = move |icon: IconName, label: String, run: Callback<()>| {
        view! {
            <Button
                kind=ButtonKind::Quiet
                icon
                label
                disabled=form.readonly()
                on_click=move |_| run.run(())
            />
        }
    };
    view! {
        <div
            class="goods-row"
            data-selected=move || is_selected().then_some("")
            data-tone=move || match state.get() {
                (0, 0) => None,
                (0, _) => Some("warning"),
                _ => Some("danger"),
            }
        >
            <span>{number}</span>
            <button
                type="button"
                class="goods-open"
                aria-expanded=move || if is_selected() { "true" } else { "false" }
                aria-label=move || tr!(lang, "Товар {n}: открыть", "Goods {n}: open", n = number())
                on:click=move |_| {
                    form.selected.update(|selected| {
                        *selected = if *selected == Some(item) { None } else { Some(item) };
                    });
                }
            >
                <strong>
                    {move || {
                        let code = code.get();
                        if code.is_empty() { tr!(lang, "код не указан", "no code").to_owned() } else { code }
                    }}
                </strong>
                " "
                {move || description.get()}
            </button>
            <span data-cell="number" data-label=tr!(lang, "Стоимость", "Cost")>
                {move || money(cost.get(), 2)}
            </span>
            <span data-cell="number" data-label=tr!(lang, "Нетто, кг", "Net, kg")>
                {move || money(net.get(), 3)}
            </span>
            <span class="goods-remarks">
                {move || {
                    let (errors, warnings) = state.get();
                    let shown = match (errors, warnings) {
                        (0, 0) => return None,
                        (0, n) => (
                            IconName::Warning,
                            count(
                                lang,
                                n as u64,
                                ["предупреждение", "предупреждения", "предупреждений"],
                                ["warning", "warnings"],
                            ),
                        ),
                        (n, _) => (
                            IconName::Error,
                            count(lang, n as u64, ["ошибка", "ошибки", "ошибок"], ["error", "errors"]),
                        ),
                    };
                    let (icon, text) = shown;
                    Some(view! { <Icon name=icon/> " " {text} })
                }}
            </span>
            <span class="actions">
                {move || {
                    let n = number();
                    view! {
                        {act(
                            IconName::ArrowUp,
                            tr!(lang, "Товар {n}: выше", "Goods {n}: up", n = n),
                            Callback::new(move |()| lines.shift(item, -1)),
                        )}
                        {act(
                            IconName::ArrowDown,
                            tr!(lang, "Товар {n}: ниже", "Goods {n}: down", n = n),
                            Callback::new(move |()| lines.shift(item, 1)),
                        )}
                        {act(
                            IconName::Copy,
                            tr!(lang, "Товар {n}: копировать", "Goods {n}: copy", n = n),
                            Callback::new(move |()| lines.copy(item)),
                        )}
                        {act(
                            IconName::Trash,
                            tr!(lang, "Товар {n}: удалить", "Goods {n}: delete", n = n),
                            Callback::new(move |()| lines.remove(item)),
                        )}
                    }
                }}
            </span>
        </div>
    }
}
