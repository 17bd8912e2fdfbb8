//! The tax service's text files of the nomenclature (`TNVED.ZIP`): cp866, fields parted by `|`.
//!
//! * `TNVED1` — section | name | notes | from | to |
//! * `TNVED2` — section | chapter | name | notes | from | to |
//! * `TNVED3` — chapter | heading | name | from | to |
//! * `TNVED4` — chapter | heading | subheading (6) | short name | from | to |
//!
//! The first line is `number|YYYYMMDD|0000|`. The last field is empty while a row is in force.

use chrono::NaiveDate;

use super::{Parsed, clean_name, date, decode, shortened};
use crate::tariff::error::ImportError;

/// Chapters after it are bookkeeping of the publisher (goods of an event), not of the nomenclature.
const LAST_CHAPTER: u8 = 97;
/// Sections of the nomenclature.
const LAST_SECTION: u8 = 21;

/// What a row of the nomenclature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Section,
    Chapter,
    Heading,
    Code,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::Section, Self::Chapter, Self::Heading, Self::Code];

    /// Count of digits, 0 for a section.
    pub const fn digits(self) -> i16 {
        match self {
            Self::Section => 0,
            Self::Chapter => 2,
            Self::Heading => 4,
            Self::Code => 10,
        }
    }

    /// The level that a file of the tax service holds, by its name.
    pub fn of_file(name: &str) -> Option<Self> {
        let stem = name.to_uppercase();
        let number = stem.strip_prefix("TNVED")?.strip_suffix(".TXT")?;
        Self::ALL.into_iter().zip(["1", "2", "3", "4"]).find(|(_, n)| *n == number).map(|(l, _)| l)
    }

    const fn fields(self) -> &'static str {
        match self {
            Self::Section => "раздел|наименование|примечания|начало|конец|",
            Self::Chapter => "раздел|группа|наименование|примечания|начало|конец|",
            Self::Heading => "группа|позиция|наименование|начало|конец|",
            Self::Code => "группа|позиция|субпозиция|наименование|начало|конец|",
        }
    }
}

/// A row of the nomenclature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub level: Level,
    pub code: String,
    pub section: Option<String>,
    pub name: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

/// Reads one file.
pub fn parse(file: &str, level: Level, bytes: &[u8]) -> Result<Parsed<Row>, ImportError> {
    let text = decode(bytes, encoding_rs::IBM866);
    let mut lines = (1..).zip(text.lines());
    let (_, first) = lines.next().unwrap_or((1, ""));
    let edition = header_date(first).ok_or_else(|| {
        let what = format!("первая строка «{}»", shortened(first));
        ImportError::at(file, 1, what, "заголовок файла ФНС «номер|ГГГГММДД|0000|»")
    })?;
    let mut rows = Vec::new();
    let mut left_out = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.trim_matches(['\u{1a}', ' ']).is_empty()) {
        match row(file, number, level, line)? {
            Some(row) => rows.push(row),
            None => left_out.push(format!("строка {number}: служебная запись")),
        }
    }
    if rows.is_empty() {
        return Err(ImportError::whole(file, "нет ни одной записи", level.fields()));
    }
    Ok(Parsed { edition: Some(domain::date::format_date(edition)), rows, left_out })
}

/// `NNN|YYYYMMDD|0000|`.
fn header_date(line: &str) -> Option<NaiveDate> {
    let fields: Vec<&str> = line.trim_end().split('|').collect();
    let [_, day, _, ""] = fields[..] else { return None };
    let number = |from: usize, to: usize| day.get(from..to)?.parse::<u32>().ok();
    let year = i32::try_from(number(0, 4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(4, 6)?, number(6, 8)?).filter(|_| day.len() == 8)
}

/// `None` for a row that is not of the nomenclature.
fn row(file: &str, number: usize, level: Level, line: &str) -> Result<Option<Row>, ImportError> {
    let wrong = |what: String| ImportError::at(file, number, what, level.fields());
    let fields: Vec<&str> = line.split('|').map(str::trim).collect();
    let (section, parts, rest) = match (level, &fields[..]) {
        (Level::Section, [section, name, _notes, rest @ ..]) => {
            (None, vec![*section], (name, rest))
        }
        (Level::Chapter, [section, chapter, name, _notes, rest @ ..]) => {
            (Some(*section), vec![*chapter], (name, rest))
        }
        (Level::Heading, [chapter, heading, name, rest @ ..]) => {
            (None, vec![*chapter, *heading], (name, rest))
        }
        (Level::Code, [chapter, heading, sub, name, rest @ ..]) => {
            (None, vec![*chapter, *heading, *sub], (name, rest))
        }
        _ => return Err(wrong(format!("полей {}", fields.len() - 1))),
    };
    let (name, [from, to, ""]) = rest else {
        return Err(wrong(format!("полей {}", fields.len() - 1)));
    };
    let first: u8 = parts[0]
        .parse()
        .ok()
        .filter(|_| parts[0].len() == 2)
        .ok_or_else(|| wrong(format!("«{}» — не номер из двух цифр", parts[0])))?;
    let last = if level == Level::Section { LAST_SECTION } else { LAST_CHAPTER };
    let name = clean_name(name);
    if !(1..=last).contains(&first) || name.is_empty() {
        return Ok(None);
    }
    let code = parts.concat();
    let digits =
        if level == Level::Section { 2 } else { usize::from(level.digits().unsigned_abs()) };
    if code.len() != digits || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong(format!("код «{code}», а должно быть цифр {digits}")));
    }
    Ok(Some(Row {
        level,
        code,
        section: section.map(str::to_owned),
        name,
        valid_from: date(file, number, from)?,
        valid_to: if to.is_empty() { None } else { Some(date(file, number, to)?) },
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cp866(text: &str) -> Vec<u8> {
        encoding_rs::IBM866.encode(text).0.into_owned()
    }

    #[test]
    fn each_level_is_read() {
        let header = "020|20220811|0000|\r\n";
        for (level, line, code, section) in [
            (Level::Section, "16|МАШИНЫ|Примечания: 1.|01.01.2022||", "16", None),
            (Level::Chapter, "16|84|МАШИНЫ|1. Нет.|01.01.2022|31.12.2030|", "84", Some("16")),
            (Level::Heading, "84|71|МАШИНЫ:|01.01.2022||", "8471", None),
            (Level::Code, "84|71|300000|- машины|01.01.2022||", "8471300000", None),
        ] {
            let parsed = parse("F", level, &cp866(&format!("{header}{line}\r\n"))).unwrap();
            assert_eq!(parsed.edition.as_deref(), Some("11.08.2022"));
            let row = &parsed.rows[0];
            assert_eq!((row.code.as_str(), row.section.as_deref()), (code, section));
            assert_eq!(row.name.to_uppercase(), "МАШИНЫ");
            assert_eq!(row.valid_to.is_some(), level == Level::Chapter);
        }
    }

    #[test]
    fn wrong_lines_are_named() {
        let parse = |text: &str| parse("TNVED4.TXT", Level::Code, &cp866(text)).unwrap_err();
        let error =
            parse("020|20220811|0000|\n84|71|300000|машины|01.01.2022||\n84|71|30|м|01.01.2022||");
        assert_eq!(
            (error.line, error.what.as_str()),
            (Some(3), "код «847130», а должно быть цифр 10")
        );
        assert_eq!(parse("020|20221311|0000|\n").line, Some(1));
        assert_eq!(parse("020|20220811|0000|\n84|71|300000|м|32.01.2022||").line, Some(2));
        assert_eq!(parse("020|20220811|0000|\n84|71|300000|м").what, "полей 3");
        assert_eq!(parse("020|20220811|0000|\n").line, None);
        assert_eq!(parse("").line, Some(1));
    }

    #[test]
    fn rows_of_the_publisher_are_left_out() {
        let text =
            "020|20220811|0000|\n84|71|М|01.01.2022||\n99|FIFA2018|М|01.07.2018|31.12.2021|\n";
        let parsed = parse("TNVED3.TXT", Level::Heading, &cp866(text)).unwrap();
        assert_eq!((parsed.rows.len(), parsed.left_out.len()), (1, 1));
    }

    #[test]
    fn levels_are_known_by_file_names() {
        assert_eq!(Level::of_file("tnved4.txt"), Some(Level::Code));
        assert_eq!(Level::of_file("TNVED5.TXT"), None);
        assert_eq!(Level::of_file("tnved.json"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), level in 0usize..4) {
            let mut file = b"020|20220811|0000|\n".to_vec();
            file.extend(&bytes);
            let _ = parse("F", Level::ALL[level], &file);
            let _ = parse("F", Level::ALL[level], &bytes);
        }

        #[test]
        fn no_text_panics(lines in "([0-9А-Я]{0,3}\\|){0,7}\n{0,1}") {
            let _ = parse("F", Level::Code, format!("020|20220811|0000|\n{lines}").as_bytes());
        }
    }
}
