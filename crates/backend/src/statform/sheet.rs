//! Tables that goods are taken from: XLSX, XLS and CSV.

use std::io::Cursor;

use calamine::{Data, Reader};
use domain::{date::format_date, lang::Lang, view::statform::Sheet};
use thiserror::Error;

use crate::{ctx::Ctx, document::DocumentError};

/// Most rows and columns that are taken from a sheet.
const ROWS: usize = 5_000;
const COLUMNS: usize = 100;

/// Why a table cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SheetError {
    #[error("the sheet has no rows")]
    Empty,
    #[error("the book has no such sheet")]
    NoSheet,
    #[error("the book is protected by a password")]
    Password,
    #[error("the book is damaged or of another format")]
    Damaged,
}

impl SheetError {
    /// The cause, to stand inside a sentence.
    pub const fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::Empty => lang.pick("на листе нет ни одной строки", "the sheet has no rows"),
            Self::NoSheet => lang.pick("в книге нет такого листа", "the book has no such sheet"),
            Self::Password => {
                lang.pick("книга защищена паролем", "the book is protected by a password")
            }
            Self::Damaged => lang.pick(
                "файл повреждён или это не книга Excel",
                "the file is damaged or is no Excel book",
            ),
        }
    }
}

/// A sheet of an uploaded book, chosen by its place from 0, or a CSV file, which has one sheet.
///
/// # Errors
/// [`DocumentError::Sheet`] says what cannot be read.
pub fn sheet(ctx: &Ctx, bytes: &[u8], number: u32) -> Result<Sheet, DocumentError> {
    ctx.editor()?;
    let is_book = bytes.starts_with(b"PK") || bytes.starts_with(&COMPOUND);
    let read = if is_book { read_book(bytes, number)? } else { read_csv(bytes) };
    // Of a book with several sheets another one may be chosen.
    if read.rows.is_empty() && read.names.len() < 2 {
        return Err(SheetError::Empty.into());
    }
    Ok(read)
}

/// How compound files (MS-CFB) begin: books of Excel 97 to 2003, and books with a password.
const COMPOUND: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];

/// A stream of a compound file that holds a newer book under a password (MS-OFFCRYPTO).
const ENCRYPTED: &str = "EncryptedPackage";

fn refusal(error: &calamine::Error, bytes: &[u8]) -> SheetError {
    let name: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let is_encrypted = bytes.starts_with(&COMPOUND)
        && bytes.windows(name.len()).any(|window| window == name.as_slice());
    match error {
        _ if is_encrypted => SheetError::Password,
        calamine::Error::Xls(calamine::XlsError::Password) => SheetError::Password,
        _ => SheetError::Damaged,
    }
}

fn read_book(bytes: &[u8], number: u32) -> Result<Sheet, SheetError> {
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|error| refusal(&error, bytes))?;
    let place = usize::try_from(number).map_err(|_| SheetError::NoSheet)?;
    let names = book.sheet_names();
    let range = book
        .worksheet_range_at(place)
        .ok_or(SheetError::NoSheet)?
        .map_err(|error| refusal(&error, bytes))?;
    let rows = range
        .rows()
        .take(ROWS)
        .map(|row| row.iter().take(COLUMNS).map(cell).collect::<Vec<_>>())
        .filter(|row| row.iter().any(|cell| !cell.is_empty()))
        .collect();
    Ok(Sheet { names, number, rows })
}

fn cell(data: &Data) -> String {
    match data {
        Data::Empty | Data::Error(_) => String::new(),
        Data::DateTime(date) => {
            date.as_datetime().map_or_else(|| date.to_string(), |date| format_date(date.date()))
        }
        other => other.to_string().trim().to_owned(),
    }
}

/// UTF-8 or windows-1251; semicolons, tabs or commas, whichever the first line has most of.
fn read_csv(bytes: &[u8]) -> Sheet {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::WINDOWS_1251.decode(bytes).0.into_owned(),
    };
    let first = text.lines().next().unwrap_or_default();
    let separator = ['\t', ';', ',']
        .into_iter()
        .max_by_key(|separator| first.matches(*separator).count())
        .unwrap_or(';');
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field).trim().to_owned());
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            c if c == separator && !quoted => {
                row.push(std::mem::take(&mut field).trim().to_owned());
            }
            c => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field.trim().to_owned());
        rows.push(row);
    }
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    rows.truncate(ROWS);
    Sheet { rows, ..Sheet::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_read_with_quotes_and_either_encoding() {
        let read = read_csv("код;имя\r\n8471300000;\"ноут; \"\"бук\"\"\"\r\n;;\r\n".as_bytes());
        assert_eq!(read.rows, [["код", "имя"], ["8471300000", "ноут; \"бук\""]]);
        let (old, _, _) = encoding_rs::WINDOWS_1251.encode("код\tимя");
        assert_eq!(read_csv(&old).rows, [["код", "имя"]]);
    }

    #[test]
    fn any_sheet_of_a_book_can_be_read() {
        let mut book = rust_xlsxwriter::Workbook::new();
        for (name, text) in [("Первый", "а"), ("Второй", "б")] {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap().write_string(0, 0, text).unwrap();
        }
        let bytes = book.save_to_buffer().unwrap();
        let second = read_book(&bytes, 1).unwrap();
        assert_eq!(
            (second.names, second.rows),
            (vec!["Первый".to_owned(), "Второй".to_owned()], vec![vec!["б".to_owned()]])
        );
        assert_eq!(read_book(&bytes, 2), Err(SheetError::NoSheet));
    }

    #[test]
    fn rubbish_is_refused_in_words_and_never_panics() {
        assert_eq!(read_book(b"PK\x03\x04rubbish", 0), Err(SheetError::Damaged));
        let mut locked = COMPOUND.to_vec();
        locked.extend(ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(read_book(&locked, 0), Err(SheetError::Password));
        assert!(read_csv(&[0xff, 0xfe, 0x00]).rows.len() <= 1);
    }
}
