//! Fields for values that are written one way and kept another: dates, months, sums.
//!
//! What cannot be read is kept as typed, so that nothing is lost; the checks say what is wrong.

use std::str::FromStr;

use domain::date::{format_date, parse_date};
use domain::deadline::YearMonth;
use domain::money::{format_decimal, format_number, parse_decimal};
use leptos::html;
use leptos::prelude::*;

use super::field::Tie;
use super::i18n::use_lang;
use super::icons::{Icon, IconName};
use crate::tr;

/// The two ways of writing a value.
#[derive(Clone, Copy)]
struct Format {
    /// From the kept text to the shown one.
    show: fn(&str, Option<u32>) -> String,
    /// From the typed text to the kept one.
    read: fn(&str) -> String,
    /// Digits after the comma, for sums.
    scale: Option<u32>,
}

impl Format {
    fn show(self, kept: &str) -> String {
        (self.show)(kept, self.scale)
    }

    fn read(self, typed: &str) -> String {
        (self.read)(typed)
    }
}

fn show_date(kept: &str, _: Option<u32>) -> String {
    parse_date(kept).map_or_else(|_| kept.to_owned(), format_date)
}

fn read_date(typed: &str) -> String {
    let typed = typed.trim();
    parse_date(typed).map_or_else(|_| typed.to_owned(), |date| date.format("%Y-%m-%d").to_string())
}

/// `2026-10` as `10.2026`.
fn show_month(kept: &str, _: Option<u32>) -> String {
    match kept.split_once('-') {
        Some((year, month)) if YearMonth::from_str(kept).is_ok() => format!("{month}.{year}"),
        _ => kept.to_owned(),
    }
}

/// `10.2026`, `1/2026` and `2026-10` as `2026-10`.
pub(crate) fn read_month(typed: &str) -> String {
    let typed = typed.trim();
    let iso = match typed.split_once(['.', '/', ' ']) {
        Some((month, year)) => format!("{}-{month:0>2}", year.trim()),
        None => typed.to_owned(),
    };
    if YearMonth::from_str(&iso).is_ok() { iso } else { typed.to_owned() }
}

fn show_number(kept: &str, scale: Option<u32>) -> String {
    match (parse_decimal(kept), scale) {
        (Ok(number), Some(scale)) if number.normalize().scale() <= scale => {
            format_decimal(number, scale)
        }
        (Ok(number), _) => format_number(number),
        (Err(_), _) => kept.to_owned(),
    }
}

/// `1 234,50` as `1234.50`: the digits after the comma stay as typed.
fn read_number(typed: &str) -> String {
    let typed = typed.trim();
    parse_decimal(typed).map_or_else(|_| typed.to_owned(), |number| number.to_string())
}

#[component]
fn FormattedInput(
    format: Format,
    class: &'static str,
    name: Option<String>,
    value: Signal<String>,
    on_input: Option<Callback<String>>,
    disabled: Signal<bool>,
    readonly: Signal<bool>,
    id: Option<String>,
    label: Option<String>,
    placeholder: &'static str,
    inputmode: &'static str,
    node: NodeRef<html::Input>,
) -> impl IntoView {
    let tie = Tie::find(id);
    let is_focused = RwSignal::new(false);
    Effect::new(move |first: Option<()>| {
        let Some(input) = node.get() else { return };
        let (kept, is_focused) = (value.get(), is_focused.get());
        let shown = input.value();
        if first.is_none() && shown != input.default_value() {
            if let Some(on_input) = on_input {
                on_input.run(format.read(&shown));
            }
        } else if is_focused && format.read(&shown) == kept {
            // The person is typing this very value: the caret stays where it is.
        } else {
            let wanted = format.show(&kept);
            if shown != wanted {
                input.set_value(&wanted);
            }
        }
    });
    view! {
        <input
            class=class
            node_ref=node
            id=tie.id.clone()
            type="text"
            name=name
            value=format.show(&value.get_untracked())
            inputmode=inputmode
            autocomplete="off"
            placeholder=placeholder
            disabled=move || disabled.get()
            readonly=move || readonly.get()
            required=tie.required
            aria-label=label
            aria-invalid=tie.aria_invalid()
            aria-describedby=tie.described_by.clone()
            on:focus=move |_| is_focused.set(true)
            on:blur=move |_| is_focused.set(false)
            on:input=move |event| {
                if let Some(on_input) = on_input {
                    on_input.run(format.read(&event_target_value(&event)));
                }
            }
        />
    }
}

/// The browser's own calendar beside a text field. It is a convenience for the pointer: keyboard
/// and screen reader have the text field itself.
#[component]
fn NativePicker(
    /// `date` or `month`.
    type_: &'static str,
    value: Signal<String>,
    disabled: Signal<bool>,
    on_input: Option<Callback<String>>,
    target: NodeRef<html::Input>,
    format: Format,
) -> impl IntoView {
    let lang = use_lang();
    let node = NodeRef::<html::Input>::new();
    let pick = move |picked: String| {
        if let Some(input) = target.get_untracked() {
            input.set_value(&format.show(&picked));
        }
        if let Some(on_input) = on_input {
            on_input.run(picked);
        }
    };
    view! {
        <span class="picker" title=tr!(lang, "Выбрать в календаре", "Pick in a calendar")>
            <Icon name=IconName::Calendar />
            <input
                node_ref=node
                type=type_
                tabindex="-1"
                aria-hidden="true"
                autocomplete="off"
                disabled=move || disabled.get()
                prop:value=move || value.get()
                on:click=move |_| {
                    if let Some(input) = node.get_untracked() {
                        // A browser without a picker keeps its plain field: nothing to mend.
                        drop(input.show_picker());
                    }
                }
                on:input=move |event| pick(event_target_value(&event))
            />
        </span>
    }
}

/// A date, written `DD.MM.YYYY` and kept as `YYYY-MM-DD`. `on_input` gets the kept form, or the
/// text as typed while it is not a date.
#[component]
pub fn DateField(
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] readonly: Signal<bool>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let format = Format { show: show_date, read: read_date, scale: None };
    let node = NodeRef::new();
    let lang = use_lang();
    let no_picker = Signal::derive(move || disabled.get() || readonly.get());
    view! {
        <span class="with-picker">
            <FormattedInput
                format
                class="input"
                name
                value
                on_input
                disabled
                readonly
                id
                label
                placeholder=tr!(lang, "ДД.ММ.ГГГГ", "DD.MM.YYYY")
                inputmode="decimal"
                node
            />
            <NativePicker type_="date" value disabled=no_picker on_input target=node format />
        </span>
    }
}

/// A month, written `MM.YYYY` and kept as `YYYY-MM`. `on_input` gets the kept form, or the text
/// as typed while it is not a month.
#[component]
pub fn MonthField(
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] readonly: Signal<bool>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let format = Format { show: show_month, read: read_month, scale: None };
    let node = NodeRef::new();
    let lang = use_lang();
    let no_picker = Signal::derive(move || disabled.get() || readonly.get());
    view! {
        <span class="with-picker">
            <FormattedInput
                format
                class="input"
                name
                value
                on_input
                disabled
                readonly
                id
                label
                placeholder=tr!(lang, "ММ.ГГГГ", "MM.YYYY")
                inputmode="decimal"
                node
            />
            <NativePicker type_="month" value disabled=no_picker on_input target=node format />
        </span>
    }
}

/// A sum or a quantity, written `1 234,56` with non-breaking spaces and kept as `1234.56`.
/// `on_input` gets the kept form, or the text as typed while it is not a number.
#[component]
pub fn MoneyField(
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    /// Digits always shown after the comma; without it as many as there are.
    #[prop(optional)]
    scale: Option<u32>,
    /// What stands behind the number: a currency, a unit.
    #[prop(optional, into)]
    suffix: MaybeProp<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] readonly: Signal<bool>,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let format = Format { show: show_number, read: read_number, scale };
    let node = NodeRef::new();
    view! {
        <span class="money">
            <FormattedInput
                format
                class="input number"
                name
                value
                on_input
                disabled
                readonly
                id
                label
                placeholder=""
                inputmode="decimal"
                node
            />
            <span class="suffix" hidden=move || suffix.with(|suffix| suffix.is_none())>
                {move || suffix.get()}
            </span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_cross_both_ways() {
        assert_eq!(read_date("1.2.2026"), "2026-02-01");
        assert_eq!(show_date("2026-02-01", None), "01.02.2026");
        assert_eq!(read_date("31.02.2026"), "31.02.2026");
        assert_eq!(show_date("31.02.2026", None), "31.02.2026");
    }

    #[test]
    fn months_cross_both_ways() {
        for typed in ["10.2026", "10/2026", "10 2026", "2026-10", " 10.2026 "] {
            assert_eq!(read_month(typed), "2026-10", "{typed}");
        }
        assert_eq!(read_month("1.2026"), "2026-01");
        assert_eq!(show_month("2026-10", None), "10.2026");
        assert_eq!(read_month("13.2026"), "13.2026");
        assert_eq!(show_month("13.2026", None), "13.2026");
    }

    #[test]
    fn sums_cross_both_ways() {
        assert_eq!(read_number("1 234,50"), "1234.50");
        assert_eq!(show_number("1234.5", Some(2)), "1\u{a0}234,50");
        assert_eq!(show_number("1234.567", Some(2)), "1\u{a0}234,567");
        assert_eq!(show_number("1234.5", None), "1\u{a0}234,5");
        assert_eq!(read_number("12x"), "12x");
        assert_eq!(show_number("", Some(2)), "");
    }
}
