//! Keys of the two layouts, and letters that look the same.

/// The same keys, row by row, in both layouts.
const ENGLISH: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const RUSSIAN: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю";

/// Latin letters and the Cyrillic ones that look like them.
const LATIN: &str = "aceopxykmtbh";
const CYRILLIC: &str = "асеорхукмтвн";

/// Reads English keystrokes as if the Russian layout had been on; Cyrillic letters stay.
pub fn to_russian(text: &str) -> String {
    translate(text, ENGLISH, RUSSIAN)
}

/// Reads Russian keystrokes as if the English layout had been on.
pub fn to_english(text: &str) -> String {
    translate(text, RUSSIAN, ENGLISH)
}

/// Puts Cyrillic letters in place of Latin ones that look the same.
pub fn look_alikes_to_russian(text: &str) -> String {
    translate(text, LATIN, CYRILLIC)
}

fn translate(text: &str, from: &str, to: &str) -> String {
    let replace =
        |c| from.chars().zip(to.chars()).find(|pair| pair.0 == c).map_or(c, |pair| pair.1);
    text.chars().map(replace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_of_one_length() {
        assert_eq!(ENGLISH.chars().count(), RUSSIAN.chars().count());
        assert_eq!(LATIN.chars().count(), CYRILLIC.chars().count());
    }

    #[test]
    fn keys_go_both_ways() {
        assert_eq!(to_russian("ghbdtn"), "привет");
        assert_eq!(to_english("руддщ"), "hello");
        assert_eq!(to_english(&to_russian(ENGLISH)), ENGLISH);
    }
}
