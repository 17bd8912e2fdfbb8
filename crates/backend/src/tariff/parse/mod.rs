//! Parsers of reference files: bytes to rows, or the file and line that is wrong.

pub mod calendar;
pub mod countries;
pub mod duties;
pub mod rates;
pub mod tnved;
pub mod tnved_json;
pub mod tnved_units;
pub mod units;

use std::borrow::Cow;

use domain::date::parse_date;
use domain::lang::Lang;
use serde::de::DeserializeOwned;

use super::error::ImportError;

/// Rows of one kind, with what the source says about its edition.
#[derive(Debug, PartialEq)]
pub struct Parsed<T> {
    pub edition: Option<String>,
    pub rows: Vec<T>,
    /// Rows left out, and why; empty when all were taken.
    pub left_out: Vec<String>,
}

/// Text in UTF-8, or else in the older `encoding` of such files.
fn decode<'a>(bytes: &'a [u8], encoding: &'static encoding_rs::Encoding) -> Cow<'a, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding.decode_without_bom_handling(bytes).0,
    }
}

/// Reads JSON; values check themselves while they are read, so that the line is known.
fn json<T: DeserializeOwned>(file: &str, bytes: &[u8], right: &str) -> Result<T, ImportError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        // serde_json ends its text with the place, which is told apart here.
        let text = error.to_string();
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        ImportError::at(file, error.line().max(1), what, right)
    })
}

/// The rows of a semicolon-separated file with the given header: line number and trimmed cells.
fn csv<'a, const N: usize>(
    file: &'a str,
    text: &'a str,
    header: [&'static str; N],
) -> Result<impl Iterator<Item = Result<(usize, [&'a str; N]), ImportError>>, ImportError> {
    let right = header.join(";");
    let mut lines = (1..).zip(text.lines());
    let (_, first) = lines.next().unwrap_or((1, ""));
    if !first.split(';').map(str::trim).eq(header.iter().copied()) {
        let what = format!("первая строка «{}»", shortened(first));
        return Err(ImportError::at(file, 1, what, format!("заголовок {right}")));
    }
    Ok(lines.filter(|(_, line)| !line.trim().is_empty()).map(move |(number, line)| {
        let cells: Vec<&str> = line.split(';').map(str::trim).collect();
        let found = cells.len();
        match <[&str; N]>::try_from(cells) {
            Ok(cells) => Ok((number, cells)),
            Err(_) => Err(ImportError::at(
                file,
                number,
                format!("полей {found}"),
                format!("{N}: {right}"),
            )),
        }
    }))
}

fn date(file: &str, line: usize, text: &str) -> Result<chrono::NaiveDate, ImportError> {
    parse_date(text).map_err(|error| {
        ImportError::at(file, line, error.text(Lang::Ru).trim_end_matches('.'), "дата ДД.ММ.ГГГГ")
    })
}

/// Enough of a line to find it.
fn shortened(line: &str) -> String {
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// A name with single spaces, without the dashes in front that show its level.
fn clean_name(name: &str) -> String {
    let words = name.split_whitespace().skip_while(|word| matches!(*word, "-" | "–" | "—"));
    words.collect::<Vec<_>>().join(" ").trim_end_matches(':').to_owned()
}
