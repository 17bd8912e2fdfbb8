//! Lists as CSV and XLSX, and sheets that goods are taken from.

use std::io::Cursor;

use calamine::{Data, Reader};
use domain::{
    date::format_date,
    lang::Lang,
    view::statform::{Query, Row},
};
use serde::Deserialize;

use super::list;
use crate::{ctx::Ctx, document::DocumentError};

/// Most rows of one export.
const MOST_ROWS: u64 = 100_000;
/// Most rows and columns that are taken from an uploaded sheet.
const SHEET_ROWS: usize = 5_000;
const SHEET_COLUMNS: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Csv,
    Xlsx,
}

const TITLES: [&str; 10] = [
    "Номер",
    "Период",
    "Направление",
    "Контрагент",
    "Сумма",
    "Валюта",
    "Состояние",
    "Срок подачи",
    "Срок нарушен",
    "Требование таможни",
];

/// Every form that fits the query, as a file.
pub async fn export(ctx: &Ctx, query: Query, format: Format) -> Result<Vec<u8>, DocumentError> {
    let rows = list::all(ctx, &query, MOST_ROWS).await?;
    match format {
        Format::Csv => Ok(csv(&rows)),
        Format::Xlsx => xlsx(&rows).map_err(|error| DocumentError::Corrupt(error.to_string())),
    }
}

fn cells(row: &Row) -> [String; 10] {
    let demand = row.demand.as_ref().map(|demand| {
        let until = demand.until.map(|d| format!(" (до {})", format_date(d))).unwrap_or_default();
        format!("{}{until}", demand.text)
    });
    [
        row.number.clone().unwrap_or_default(),
        row.period.clone().unwrap_or_default(),
        row.direction.clone().unwrap_or_default(),
        row.partner.clone().unwrap_or_default(),
        row.amount.clone().unwrap_or_default(),
        row.currency.clone().unwrap_or_default(),
        row.state.name(Lang::Ru).to_owned(),
        row.due.map(format_date).unwrap_or_default(),
        if row.late { "да" } else { "нет" }.to_owned(),
        demand.unwrap_or_default(),
    ]
}

/// Semicolons and a byte order mark, as spreadsheets in Russia expect.
fn csv(rows: &[Row]) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        let quoted: Vec<_> = cells.map(|cell| quote(&cell)).collect();
        text.push_str(&quoted.join(";"));
        text.push_str("\r\n");
    };
    line(&mut TITLES.iter().map(|title| (*title).to_owned()));
    for row in rows {
        line(&mut cells(row).into_iter());
    }
    text.into_bytes()
}

/// A cell that begins like a formula gets an apostrophe, so that no spreadsheet computes it.
fn quote(cell: &str) -> String {
    let cell = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([';', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

fn xlsx(rows: &[Row]) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let money = rust_xlsxwriter::Format::new().set_num_format("#,##0.00");
    let sheet = book.add_worksheet();
    sheet.set_name("Статформы")?;
    for (column, title) in (0..).zip(TITLES) {
        sheet.write_string_with_format(0, column, title, &bold)?;
    }
    for (line, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(cells(row)) {
            match (column, cell.parse::<f64>()) {
                (4, Ok(amount)) => sheet.write_number_with_format(line, column, amount, &money)?,
                _ => sheet.write_string(line, column, cell)?,
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    book.save_to_buffer()
}

/// The first sheet of an uploaded XLSX file, or a CSV file, as rows of texts.
///
/// # Errors
/// [`DocumentError::Sheet`] says what cannot be read.
pub fn sheet(ctx: &Ctx, name: &str, bytes: &[u8]) -> Result<Vec<Vec<String>>, DocumentError> {
    ctx.editor()?;
    let is_book = bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
    let rows = if is_book { read_book(bytes)? } else { read_csv(bytes) };
    if rows.is_empty() {
        return Err(DocumentError::Sheet(format!("{name}: нет ни одной строки")));
    }
    Ok(rows)
}

fn read_book(bytes: &[u8]) -> Result<Vec<Vec<String>>, DocumentError> {
    let unreadable = |error: &dyn std::fmt::Display| DocumentError::Sheet(error.to_string());
    let mut book =
        calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    let range = book
        .worksheet_range_at(0)
        .ok_or_else(|| DocumentError::Sheet("в книге нет листов".to_owned()))?
        .map_err(|e| unreadable(&e))?;
    Ok(range
        .rows()
        .take(SHEET_ROWS)
        .map(|row| row.iter().take(SHEET_COLUMNS).map(cell).collect::<Vec<_>>())
        .filter(|row| row.iter().any(|cell| !cell.is_empty()))
        .collect())
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
fn read_csv(bytes: &[u8]) -> Vec<Vec<String>> {
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
    rows.truncate(SHEET_ROWS);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_read_with_quotes_and_either_encoding() {
        let rows = read_csv("код;имя\r\n8471300000;\"ноут; \"\"бук\"\"\"\r\n;;\r\n".as_bytes());
        assert_eq!(rows, [["код", "имя"], ["8471300000", "ноут; \"бук\""]]);
        let (old, _, _) = encoding_rs::WINDOWS_1251.encode("код\tимя");
        assert_eq!(read_csv(&old), [["код", "имя"]]);
    }

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(quote("=1+1"), "'=1+1");
        assert_eq!(quote("a;b\"c"), "\"a;b\"\"c\"");
        assert_eq!(quote("ООО"), "ООО");
    }

    #[test]
    fn rubbish_is_refused_and_never_panics() {
        assert!(read_book(b"PK\x03\x04rubbish").is_err());
        assert!(read_csv(&[0xff, 0xfe, 0x00]).len() <= 1);
    }
}
