//! Long lists of which only the rows in sight exist in the page.

use std::hash::Hash;

use leptos::html;
use leptos::prelude::*;

/// Rows kept above and below those in sight.
const MARGIN: usize = 8;
/// Rows that the server renders, before anybody knows how high the window is.
const FIRST: usize = 24;

/// The rows that exist: from `first`, `len` of them.
fn window(total: usize, row: f64, top: f64, height: f64) -> (usize, usize) {
    if total == 0 || row <= 0.0 {
        return (0, 0);
    }
    let seen_from = (top.max(0.0) / row).floor() as usize;
    let seen = (height.max(0.0) / row).ceil() as usize + 1;
    let first = seen_from.saturating_sub(MARGIN).min(total);
    let end = seen_from.saturating_add(seen).saturating_add(MARGIN).min(total);
    (first, end.saturating_sub(first))
}

/// A scrolling list whose rows all have one height, set in CSS by the caller and measured here
/// from the first row, so that the text size of the reader is respected.
///
/// Items are keys: a row survives as long as its key is in sight, wherever it moves. Each row is
/// told its place in the whole list, from 0.
#[component]
pub fn VirtualList<K, R, V>(
    /// Id of the scrolling element, unique on the page.
    #[prop(into)]
    id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] items: Signal<Vec<K>>,
    row: R,
    /// Place of a row to be brought in sight: each change scrolls there.
    #[prop(optional, into)]
    reveal: Signal<Option<usize>>,
) -> impl IntoView
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    R: Fn(K, Signal<usize>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let scroller = NodeRef::<html::Div>::new();
    let list = NodeRef::<html::Ul>::new();
    let before = NodeRef::<html::Div>::new();
    let after = NodeRef::<html::Div>::new();
    let place = RwSignal::new((0_usize, FIRST));
    let row_height = StoredValue::new(0.0_f64);
    let total = Memo::new(move |_| items.with(Vec::len));

    let measure = move || {
        let Some(first) = list.get_untracked().and_then(|list| list.first_element_child()) else {
            return;
        };
        let height = first.get_bounding_client_rect().height();
        if height > 0.0 {
            row_height.set_value(height);
        }
    };
    let settle = move || {
        let Some(scroller) = scroller.get_untracked() else { return };
        measure();
        let (top, height) = (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()));
        let next = window(total.get_untracked(), row_height.get_value(), top, height);
        let next = if next.1 == 0 { (0, FIRST) } else { next };
        if place.get_untracked() != next {
            place.set(next);
        }
    };
    Effect::new(move |_| {
        total.track();
        scroller.track();
        settle();
    });
    Effect::new(move |_| {
        let ((first, len), total, row) = (place.get(), total.get(), row_height.get_value());
        let rest = total.saturating_sub(first + len);
        for (node, rows) in [(before, first), (after, rest)] {
            if let Some(pad) = node.get() {
                let height = format!("{}px", rows as f64 * row);
                // Only an invalid property name is refused.
                drop(web_sys::HtmlElement::style(&pad).set_property("block-size", &height));
            }
        }
    });
    Effect::new(move |_| {
        let Some(wanted) = reveal.get() else { return };
        let Some(scroller) = scroller.get() else { return };
        measure();
        let row = row_height.get_value();
        let (start, end) = (wanted as f64 * row, (wanted + 1) as f64 * row);
        let (top, height) = (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()));
        if start < top {
            scroller.set_scroll_top(start as i32);
        } else if end > top + height {
            scroller.set_scroll_top((end - height).ceil() as i32);
        }
        settle();
    });

    let shown = move || {
        let (first, len) = place.get();
        items.with(|items| items.iter().skip(first).take(len).cloned().collect::<Vec<_>>())
    };
    view! {
        <div
            class="virtual-list"
            node_ref=scroller
            id=id
            role="region"
            aria-label=move || label.get()
            tabindex="0"
            on:scroll=move |_| settle()
        >
            <div node_ref=before></div>
            <ul node_ref=list>
                <ForEnumerate each=shown key=|key| key.clone() let(index, key)>
                    {
                        let at = Signal::derive(move || place.with(|place| place.0) + index.get());
                        view! {
                            <li
                                aria-posinset=move || (at.get() + 1).to_string()
                                aria-setsize=move || total.get().to_string()
                            >
                                {row(key, at)}
                            </li>
                        }
                    }
                </ForEnumerate>
            </ul>
            <div node_ref=after></div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_follows_the_scroll_and_stays_inside() {
        assert_eq!(window(0, 40.0, 0.0, 400.0), (0, 0));
        assert_eq!(window(5, 40.0, 0.0, 400.0), (0, 5));
        assert_eq!(window(999, 40.0, 0.0, 400.0), (0, 11 + MARGIN));
        assert_eq!(window(999, 40.0, 4000.0, 400.0), (100 - MARGIN, 11 + 2 * MARGIN));
        let (first, len) = window(999, 40.0, 999.0 * 40.0, 400.0);
        assert_eq!(first + len, 999);
        assert_eq!(window(3, 40.0, 1e9, 400.0), (3, 0));
    }
}
