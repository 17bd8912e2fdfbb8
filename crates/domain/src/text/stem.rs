//! The Russian stemming algorithm of the Snowball project, by its published description:
//! regions RV, R1 and R2; endings of gerunds, adjectives, participles, verbs and nouns; then «и»,
//! the derivational «ост(ь)», and the superlative, doubled «н» or the soft sign.

/// A set of endings. Those of `after_a` count only after «а» or «я», which stay.
struct Endings {
    after_a: &'static [&'static str],
    free: &'static [&'static str],
}

const PERFECTIVE_GERUND: Endings = Endings {
    after_a: &["в", "вши", "вшись"],
    free: &["ив", "ивши", "ившись", "ыв", "ывши", "ывшись"],
};
const ADJECTIVE: Endings = Endings {
    after_a: &[],
    free: &[
        "ее", "ие", "ые", "ое", "ими", "ыми", "ей", "ий", "ый", "ой", "ем", "им", "ым", "ом",
        "его", "ого", "ему", "ому", "их", "ых", "ую", "юю", "ая", "яя", "ою", "ею",
    ],
};
const PARTICIPLE: Endings = Endings {
    after_a: &["ем", "нн", "вш", "ющ", "щ"],
    free: &["ивш", "ывш", "ующ"],
};
const REFLEXIVE: Endings = Endings { after_a: &[], free: &["ся", "сь"] };
const VERB: Endings = Endings {
    after_a: &[
        "ла", "на", "ете", "йте", "ли", "й", "л", "ем", "н", "ло", "но", "ет", "ют", "ны", "ть",
        "ешь", "нно",
    ],
    free: &[
        "ила", "ыла", "ена", "ейте", "уйте", "ите", "или", "ыли", "ей", "уй", "ил", "ыл", "им",
        "ым", "ен", "ило", "ыло", "ено", "ят", "ует", "уют", "ит", "ыт", "ены", "ить", "ыть",
        "ишь", "ую", "ю",
    ],
};
const NOUN: Endings = Endings {
    after_a: &[],
    free: &[
        "а", "ев", "ов", "ие", "ье", "е", "иями", "ями", "ами", "еи", "ии", "и", "ией", "ей", "ой",
        "ий", "й", "иям", "ям", "ием", "ем", "ам", "ом", "о", "у", "ах", "иях", "ях", "ы", "ь",
        "ию", "ью", "ю", "ия", "ья", "я",
    ],
};
const SUPERLATIVE: Endings = Endings { after_a: &[], free: &["ейш", "ейше"] };
const DERIVATIONAL: Endings = Endings { after_a: &[], free: &["ост", "ость"] };

/// The stem of a Russian word in lower case with «е» for «ё». Other words come back as they are.
pub fn stem(word: &str) -> String {
    let mut word = Word::new(word);
    if !word.remove(&PERFECTIVE_GERUND) {
        word.remove(&REFLEXIVE);
        if word.remove(&ADJECTIVE) {
            word.remove(&PARTICIPLE);
        } else if !word.remove(&VERB) {
            word.remove(&NOUN);
        }
    }
    word.remove_ending("и");
    word.remove_in(word.r2, &DERIVATIONAL);
    let superlative = word.remove(&SUPERLATIVE);
    if !word.undouble() && !superlative {
        word.remove_ending("ь");
    }
    word.text
}

struct Word {
    text: String,
    /// Where the part after the first vowel begins, in bytes.
    rv: usize,
    /// Where the part after the second «vowel, non-vowel» begins, in bytes.
    r2: usize,
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я')
}

impl Word {
    fn new(word: &str) -> Self {
        let end = word.len();
        let rv =
            word.char_indices().find(|(_, c)| is_vowel(*c)).map_or(end, |(i, c)| i + c.len_utf8());
        let r1 = after_vowel_and_other(word, 0);
        Self { text: word.to_owned(), rv, r2: after_vowel_and_other(word, r1) }
    }

    /// Removes the longest ending of the set that lies in RV.
    fn remove(&mut self, endings: &Endings) -> bool {
        self.remove_in(self.rv, endings)
    }

    fn remove_in(&mut self, region: usize, endings: &Endings) -> bool {
        let text = self.text.get(region..).unwrap_or_default();
        let free = endings.free.iter().filter(|ending| text.ends_with(**ending));
        let after_a = endings.after_a.iter().filter(|ending| {
            text.strip_suffix(**ending).is_some_and(|rest| rest.ends_with(['а', 'я']))
        });
        let longest = free.chain(after_a).map(|ending| ending.len()).max();
        if let Some(length) = longest {
            self.text.truncate(self.text.len() - length);
        }
        longest.is_some()
    }

    fn remove_ending(&mut self, ending: &str) {
        let region = self.text.get(self.rv..).unwrap_or_default();
        if region.ends_with(ending) {
            self.text.truncate(self.text.len() - ending.len());
        }
    }

    /// Leaves one of two «н» at the end.
    fn undouble(&mut self) -> bool {
        let double = self.text.get(self.rv..).is_some_and(|region| region.ends_with("нн"));
        if double {
            self.text.truncate(self.text.len() - "н".len());
        }
        double
    }
}

/// Where the part after the first vowel followed by another letter begins, looking from `from`.
fn after_vowel_and_other(word: &str, from: usize) -> usize {
    let letters = word[from..].char_indices();
    let pair =
        letters.clone().zip(letters.skip(1)).find(|((_, a), (_, b))| is_vowel(*a) && !is_vowel(*b));
    pair.map_or(word.len(), |(_, (index, letter))| from + index + letter.len_utf8())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pairs of the project's own sample vocabulary.
    #[test]
    fn the_published_examples_hold() {
        for (word, expected) in [
            ("в", "в"),
            ("вавиловка", "вавиловк"),
            ("вагнера", "вагнер"),
            ("вагон", "вагон"),
            ("вагона", "вагон"),
            ("вагонам", "вагон"),
            ("вагоне", "вагон"),
            ("вагонов", "вагон"),
            ("важная", "важн"),
            ("важнее", "важн"),
            ("важнейшие", "важн"),
            ("важнейшими", "важн"),
            ("важничал", "важнича"),
            ("важно", "важн"),
            ("важного", "важн"),
            ("важной", "важн"),
            ("важности", "важност"),
            ("важностию", "важност"),
            ("валандался", "валанда"),
            ("валентину", "валентин"),
            ("валериана", "валериа"),
            ("валившая", "вал"),
            ("валившимся", "вал"),
            ("п", "п"),
            ("па", "па"),
            ("пава", "пав"),
            ("павильон", "павильон"),
            ("павильонам", "павильон"),
            ("падаль", "падал"),
            ("падать", "пада"),
            ("падающего", "пада"),
            ("падения", "паден"),
            ("падшая", "падш"),
            ("падшей", "падш"),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }

    #[test]
    fn other_words_are_kept() {
        for word in ["8471300000", "api", "чмтч"] {
            assert_eq!(stem(word), word);
        }
    }

    proptest! {
        #[test]
        fn a_stem_is_a_beginning_of_the_word(word in "[а-я]{0,20}|\\PC{0,12}") {
            prop_assert!(word.starts_with(&stem(&word)));
        }
    }
}
