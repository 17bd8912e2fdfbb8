//! Lists as CSV and XLSX.

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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Csv,
    Xlsx,
}

const fn titles(lang: Lang) -> [&'static str; 10] {
    match lang {
        Lang::Ru => [
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
        ],
        Lang::En => [
            "Number",
            "Period",
            "Direction",
            "Partner",
            "Sum",
            "Currency",
            "State",
            "Due",
            "Filed late",
            "Customs’ demand",
        ],
    }
}

/// Every form that fits the query, as a file.
pub async fn export(ctx: &Ctx, query: Query, format: Format) -> Result<Vec<u8>, DocumentError> {
    let rows = list::all(ctx, &query, MOST_ROWS).await?;
    match format {
        Format::Csv => Ok(csv(&rows, ctx.lang())),
        Format::Xlsx => {
            xlsx(&rows, ctx.lang()).map_err(|error| DocumentError::Corrupt(error.to_string()))
        }
    }
}

fn cells(row: &Row, lang: Lang) -> [String; 10] {
    let demand = row.demand.as_ref().map(|demand| {
        let by = lang.pick("до", "by");
        let until = demand.until.map(|d| format!(" ({by} {})", format_date(d))).unwrap_or_default();
        format!("{}{until}", demand.text)
    });
    [
        row.number.clone().unwrap_or_default(),
        row.period.clone().unwrap_or_default(),
        row.direction.clone().unwrap_or_default(),
        row.partner.clone().unwrap_or_default(),
        row.amount.clone().unwrap_or_default(),
        row.currency.clone().unwrap_or_default(),
        row.state.name(lang).to_owned(),
        row.due.map(format_date).unwrap_or_default(),
        if row.late { lang.pick("да", "yes") } else { lang.pick("нет", "no") }.to_owned(),
        demand.unwrap_or_default(),
    ]
}

/// Semicolons and a byte order mark, as spreadsheets in Russia expect.
fn csv(rows: &[Row], lang: Lang) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        let quoted: Vec<_> = cells.map(|cell| quote(&cell)).collect();
        text.push_str(&quoted.join(";"));
        text.push_str("\r\n");
    };
    line(&mut titles(lang).into_iter().map(str::to_owned));
    for row in rows {
        line(&mut cells(row, lang).into_iter());
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

fn xlsx(rows: &[Row], lang: Lang) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let money = rust_xlsxwriter::Format::new().set_num_format("#,##0.00");
    let sheet = book.add_worksheet();
    sheet.set_name(lang.pick("Статформы", "Statistical forms"))?;
    for (column, title) in (0..).zip(titles(lang)) {
        sheet.write_string_with_format(0, column, title, &bold)?;
    }
    for (line, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(cells(row, lang)) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(quote("=1+1"), "'=1+1");
        assert_eq!(quote("a;b\"c"), "\"a;b\"\"c\"");
        assert_eq!(quote("ООО"), "ООО");
    }
}
