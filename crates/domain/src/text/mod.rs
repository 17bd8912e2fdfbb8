//! Search as one types: Russian word forms, the wrong keyboard layout, ё and е.
//!
//! Texts are turned into keys once ([`search_key`]); a query is compared with them on each
//! keystroke ([`Query`], [`matches`]), so nothing here allocates per key. Only the query is
//! stemmed: a stem is always a beginning of the word, so that two forms with one stem find each
//! other, and a word that is not yet typed to its end is found too.

mod layout;
mod stem;

pub use stem::stem;

/// Shorter stems do not tell words apart.
const SHORTEST_STEM: usize = 3;

/// The words of a text in lower case with е for ё, without repeats, in the order of the text.
pub fn search_key(text: &str) -> Vec<String> {
    let mut key = Vec::new();
    for word in words(text) {
        if !key.contains(&word) {
            key.push(word);
        }
    }
    key
}

/// Whether every word of `query` begins a word of the text behind `key`.
pub fn matches(query: &str, key: &[String]) -> bool {
    Query::new(query).matches(key)
}

/// A query made ready to be compared with many keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Readings of the same keystrokes: as typed, by the other layout, with look-alikes replaced.
    /// Each is the list of the stems of its words.
    readings: Vec<Vec<String>>,
}

impl Query {
    pub fn new(query: &str) -> Self {
        let typed = query.to_lowercase();
        let mut readings: Vec<Vec<String>> = Vec::new();
        for text in [
            typed.clone(),
            layout::to_russian(&typed),
            layout::to_english(&typed),
            layout::look_alikes_to_russian(&typed),
        ] {
            let stems: Vec<String> = words(&text).map(beginning).collect();
            if readings.is_empty() || !(stems.is_empty() || readings.contains(&stems)) {
                readings.push(stems);
            }
        }
        Self { readings }
    }

    /// No letter or digit was typed; it matches everything.
    pub fn is_empty(&self) -> bool {
        self.readings.first().is_none_or(Vec::is_empty)
    }

    /// The stems of each reading; the first is of the query as typed.
    pub fn readings(&self) -> &[Vec<String>] {
        &self.readings
    }

    /// Whether all words of one reading begin a word of the key.
    pub fn matches(&self, key: &[String]) -> bool {
        self.is_empty()
            || self.readings.iter().any(|stems| {
                stems.iter().all(|stem| key.iter().any(|word| word.starts_with(stem.as_str())))
            })
    }
}

/// What a word of the text must begin with: the stem, unless it is too short to tell words apart
/// («чай» has the stem «ча», with which «часы» begin too).
fn beginning(word: String) -> String {
    let stem = stem(&word);
    if stem.chars().count() < SHORTEST_STEM { word } else { stem }
}

/// Words in lower case with е for ё; everything but letters and digits parts them.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().replace('ё', "е"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(query: &str, text: &str) -> bool {
        matches(query, &search_key(text))
    }

    #[test]
    fn word_forms_find_each_other() {
        for (query, text) in [
            ("декларации", "Декларация на товары"),
            ("статформ", "Статформы. С электронной подписью"),
            ("статформа", "Статформы. С электронной подписью"),
            ("доверенности", "Доверенности МЧД"),
            ("доверенность сотруднику", "Доверенности на сотрудников"),
            ("лицевого счета", "Лицевой счёт. Заявления"),
            ("задолженностями", "Задолженности. Электронные документы"),
            ("таможенных платежей", "Задолженности по уплате таможенных и иных платежей"),
            ("товар декл", "Декларация на товары"),
        ] {
            assert!(finds(query, text), "{query} → {text}");
        }
    }

    #[test]
    fn every_beginning_of_a_word_finds_it() {
        for word in
            ["декларация", "статформы", "доверенности", "заявление", "ноутбуки", "пояснения"]
        {
            let key = search_key(word);
            let letters: Vec<char> = word.chars().collect();
            for end in 1..=letters.len() {
                let beginning: String = letters[..end].iter().collect();
                assert!(matches(&beginning, &key), "{beginning} → {word}");
            }
        }
    }

    #[test]
    fn the_wrong_layout_and_look_alikes_are_understood() {
        assert!(finds("ltrkfhfwbb", "Декларация на товары"));
        assert!(finds("lоверенности", "Доверенности МЧД"));
        assert!(finds("'ktrnhjyysq fh[bd", "Электронный архив"));
        assert!(finds("фзш", "API keys"));
        assert!(finds("cтатфopмa", "Статформы"), "Latin c, o, p, a among Cyrillic letters");
    }

    #[test]
    fn all_words_must_match() {
        assert!(!finds("декларация счёт", "Декларация на товары"));
        assert!(!finds("товары", "Статформы"));
        assert!(finds("", "Статформы") && finds(" .,", "Статформы"));
    }

    #[test]
    fn short_words_are_not_stemmed() {
        assert!(finds("чай", "Чай зелёный"));
        assert!(!finds("чай", "Часы наручные"));
        assert!(finds("ча", "Часы наручные"));
    }

    #[test]
    fn digits_are_matched_as_they_are() {
        assert!(finds("8471", "8471300000 машины вычислительные"));
        assert!(!finds("8472", "8471300000 машины вычислительные"));
    }

    proptest! {
        #[test]
        fn a_text_is_found_by_itself(text in "[а-яёА-ЯЁ0-9 .,-]{0,60}") {
            prop_assert!(finds(&text, &text));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = finds(&text, &text);
        }
    }
}
