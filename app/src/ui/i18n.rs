//! The language of the page and the choice of a text by it.
//!
//! A page keeps one language for its whole life: the server writes it into `<html lang>`, the
//! client reads it from there, and changing it in the profile loads the page anew. So texts are
//! plain strings, not signals, and the server and the client always agree.

use domain::lang::Lang;
use leptos::prelude::*;

/// The language of this page, as the root of the application knows it.
#[derive(Clone, Copy)]
pub struct LangContext(pub Signal<Lang>);

/// Tells the whole tree its language. The root calls it once: on the server with the language of
/// the reader, on the client with [`document_lang`].
pub fn provide_lang(lang: Lang) {
    provide_context(LangContext(Signal::stored(lang)));
}

/// The language of the page; Russian where no root has said otherwise.
pub fn use_lang() -> Signal<Lang> {
    use_context::<LangContext>().map_or_else(|| Signal::stored(Lang::Ru), |context| context.0)
}

/// What `<html lang>` says. Only meaningful in a browser.
pub fn document_lang() -> Lang {
    document()
        .document_element()
        .and_then(|html| html.get_attribute("lang"))
        .and_then(|tag| tag.parse().ok())
        .unwrap_or_default()
}

/// What a text is chosen by: a language or a signal of one.
pub trait Speaks {
    fn lang(&self) -> Lang;
}

impl Speaks for Lang {
    fn lang(&self) -> Lang {
        *self
    }
}

impl Speaks for Signal<Lang> {
    fn lang(&self) -> Lang {
        self.get_untracked()
    }
}

/// The text of the language at hand: `tr!(lang, "Русский", "English")` gives a `&'static str`.
///
/// With arguments both texts are formats and the result is a `String`:
/// `tr!(lang, "Страница {page}", "Page {page}", page = 3)`. `lang` is a `Lang` or a
/// `Signal<Lang>`.
#[macro_export]
macro_rules! tr {
    ($lang:expr, $ru:literal, $en:literal $(,)?) => {
        $crate::ui::i18n::Speaks::lang(&$lang).pick($ru, $en)
    };
    ($lang:expr, $ru:literal, $en:literal, $($argument:tt)+) => {
        match $crate::ui::i18n::Speaks::lang(&$lang) {
            ::domain::lang::Lang::Ru => ::std::format!($ru, $($argument)+),
            ::domain::lang::Lang::En => ::std::format!($en, $($argument)+),
        }
    };
}

pub use tr;

/// «1 строка», «2 строки», «5 строк»; “1 line”, “2 lines”. The forms are for 1, 2–4 and 5–20 in
/// Russian, for one and many in English.
pub fn count(lang: impl Speaks, n: u64, ru: [&str; 3], en: [&str; 2]) -> String {
    let lang = lang.lang();
    format!("{n}\u{a0}{}", form(lang, n, ru, en))
}

/// The form of a word that goes with a number, without the number.
pub fn form<'a>(lang: impl Speaks, n: u64, ru: [&'a str; 3], en: [&'a str; 2]) -> &'a str {
    match lang.lang() {
        Lang::En => en[usize::from(n != 1)],
        Lang::Ru => match (n % 10, n % 100) {
            (_, 11..=14) => ru[2],
            (1, _) => ru[0],
            (2..=4, _) => ru[1],
            _ => ru[2],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: ([&str; 3], [&str; 2]) = (["строка", "строки", "строк"], ["line", "lines"]);

    #[test]
    fn russian_numerals_choose_the_form() {
        for (n, expected) in [
            (0, "строк"),
            (1, "строка"),
            (3, "строки"),
            (5, "строк"),
            (11, "строк"),
            (12, "строк"),
            (21, "строка"),
            (112, "строк"),
            (999, "строк"),
            (1002, "строки"),
        ] {
            assert_eq!(form(Lang::Ru, n, LINES.0, LINES.1), expected, "{n}");
        }
    }

    #[test]
    fn english_has_one_and_many() {
        assert_eq!(count(Lang::En, 1, LINES.0, LINES.1), "1\u{a0}line");
        assert_eq!(count(Lang::En, 0, LINES.0, LINES.1), "0\u{a0}lines");
    }

    #[test]
    fn the_macro_picks_and_formats() {
        let page = 3;
        assert_eq!(tr!(Lang::Ru, "Да", "Yes"), "Да");
        assert_eq!(tr!(Lang::En, "Страница {n}", "Page {n}", n = page), "Page 3");
    }
}
