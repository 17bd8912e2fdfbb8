//! Goods from a spreadsheet: reading pasted text, guessing what the columns are, making lines.
//! Pure; files (CSV, XLSX) come as rows from the server and take the same way.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::{lang::Lang, money::parse_decimal};

/// Lines that one form may have.
pub const MOST_LINES: usize = 999;

/// What a column of the spreadsheet holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Column {
    #[default]
    Ignored,
    Code,
    Description,
    Manufacturer,
    Cost,
    CostRub,
    CostUsd,
    NetWeight,
    Quantity,
    Unit,
    Origin,
    Traceable,
    TraceableUnit,
    Extra,
    Declaration,
    DeclarationGoods,
}

impl Column {
    pub const ALL: [Self; 16] = [
        Self::Ignored,
        Self::Code,
        Self::Description,
        Self::Manufacturer,
        Self::Cost,
        Self::CostRub,
        Self::CostUsd,
        Self::NetWeight,
        Self::Quantity,
        Self::Unit,
        Self::Origin,
        Self::Traceable,
        Self::TraceableUnit,
        Self::Extra,
        Self::Declaration,
        Self::DeclarationGoods,
    ];

    /// The value in lists of choices.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ignored => "",
            Self::Code => "code",
            Self::Description => "description",
            Self::Manufacturer => "manufacturer",
            Self::Cost => "cost",
            Self::CostRub => "rub",
            Self::CostUsd => "usd",
            Self::NetWeight => "net",
            Self::Quantity => "quantity",
            Self::Unit => "unit",
            Self::Origin => "origin",
            Self::Traceable => "traceable",
            Self::TraceableUnit => "traceable-unit",
            Self::Extra => "extra",
            Self::Declaration => "declaration",
            Self::DeclarationGoods => "declaration-goods",
        }
    }

    pub fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|column| column.key() == key).unwrap_or_default()
    }

    pub const fn name(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Self::Ignored => ("Не загружать", "Leave out"),
            Self::Code => ("Графа 11. Код товара", "Graph 11. Commodity code"),
            Self::Description => ("Графа 12. Описание товара", "Graph 12. Description"),
            Self::Manufacturer => ("Графа 12. Производитель", "Graph 12. Manufacturer"),
            Self::Cost => ("Графа 13. Стоимость товара", "Graph 13. Cost"),
            Self::CostUsd => ("Графа 14. Стат. стоимость, USD", "Graph 14. Statistical value, USD"),
            Self::Origin => ("Графа 15. Страна происхождения", "Graph 15. Country of origin"),
            Self::NetWeight => ("Графа 16. Вес нетто, кг", "Graph 16. Net weight, kg"),
            Self::CostRub => {
                ("Графа 17. Стат. стоимость, руб.", "Graph 17. Statistical value, RUB")
            }
            Self::Quantity => ("Графа 18. Количество в доп. единице", "Graph 18. Quantity"),
            Self::Unit => ("Графа 18. Дополнительная единица", "Graph 18. Supplementary unit"),
            Self::Traceable => {
                ("Графа 12. Количество прослеживаемого товара", "Graph 12. Traceable quantity")
            }
            Self::TraceableUnit => {
                ("Графа 12. Единица прослеживаемости", "Graph 12. Unit of the traceable goods")
            }
            Self::Extra => {
                ("Графа 19. Дополнительные сведения", "Graph 19. Additional information")
            }
            Self::Declaration => ("Графа 20. Номер декларации", "Graph 20. Declaration"),
            Self::DeclarationGoods => {
                ("Графа 20. Номер товара в декларации", "Graph 20. Goods of the declaration")
            }
        };
        lang.pick(ru, en)
    }

    /// Beginnings of words by which the head of a column gives it away, in lower case. The first
    /// column of this list that fits is taken, so narrower ones come first.
    const SIGNS: [(Self, &'static [&'static str]); 15] = [
        (
            Self::TraceableUnit,
            &["единица прослеж", "ед. прослеж", "ед.прослеж", "unit of the traceable"],
        ),
        (Self::Traceable, &["прослеж", "traceable"]),
        (Self::DeclarationGoods, &["номер товара в дек", "товар в дт", "товара в дт"]),
        (
            Self::Declaration,
            &["деклараци", "номер дт", "declaration", "графа 20", "гр. 20", "гр.20"],
        ),
        (Self::Extra, &["доп. сведения", "дополнительные сведения", "графа 19", "гр. 19", "гр.19"]),
        (Self::CostUsd, &["usd", "долл", "графа 14", "гр. 14", "гр.14"]),
        (Self::CostRub, &["руб", "rub", "графа 17", "гр. 17", "гр.17"]),
        (
            Self::Code,
            &["тн вэд", "тнвэд", "hs code", "код товара", "графа 11", "гр. 11", "гр.11", "код"],
        ),
        (Self::Manufacturer, &["производитель", "изготовитель", "manufacturer"]),
        (Self::Origin, &["происхожд", "origin", "графа 15", "гр. 15", "гр.15", "страна"]),
        (Self::NetWeight, &["нетто", "net", "вес", "масса", "графа 16", "гр. 16", "гр.16"]),
        (Self::Unit, &["единица", "ед. изм", "ед.изм", "unit", "доп. ед", "еи"]),
        (
            Self::Quantity,
            &["кол-во", "количество", "quantity", "qty", "графа 18", "гр. 18", "гр.18"],
        ),
        (
            Self::Description,
            &["наименован", "описан", "товар", "description", "name", "графа 12", "гр. 12"],
        ),
        (
            Self::Cost,
            &["стоимость", "сумма", "цена", "cost", "amount", "price", "графа 13", "гр. 13"],
        ),
    ];

    fn of_head(head: &str) -> Self {
        let head = head.trim().to_lowercase();
        Self::SIGNS
            .into_iter()
            .find(|(_, signs)| signs.iter().any(|sign| head.contains(sign)))
            .map_or(Self::Ignored, |(column, _)| column)
    }
}

/// Rows of texts, all of one length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub rows: Vec<Vec<String>>,
    pub columns: usize,
}

impl Sheet {
    /// A sheet of rows as they are; empty rows are left out, short ones are filled up.
    pub fn new(rows: Vec<Vec<String>>) -> Self {
        let mut rows: Vec<Vec<String>> = rows
            .into_iter()
            .map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>())
            .filter(|row| row.iter().any(|cell| !cell.is_empty()))
            .collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        for row in &mut rows {
            row.resize(columns, String::new());
        }
        Self { rows, columns }
    }

    /// Reads what a spreadsheet puts on the clipboard, or a CSV text: cells by tabs, semicolons
    /// or commas (whichever the first line has), `"` around cells that hold separators.
    pub fn parse(text: &str) -> Self {
        let first = text.lines().next().unwrap_or_default();
        let separator = ['\t', ';', ','].into_iter().find(|c| first.contains(*c)).unwrap_or('\t');
        let mut rows = vec![Vec::new()];
        let mut cell = String::new();
        let mut quoted = false;
        let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    cell.push('"');
                }
                '"' if quoted => quoted = false,
                '"' if cell.is_empty() => quoted = true,
                '\r' if !quoted => {}
                '\n' if !quoted => {
                    if let Some(row) = rows.last_mut() {
                        row.push(std::mem::take(&mut cell));
                    }
                    rows.push(Vec::new());
                }
                c if c == separator && !quoted => {
                    if let Some(row) = rows.last_mut() {
                        row.push(std::mem::take(&mut cell));
                    }
                }
                c => cell.push(c),
            }
        }
        if let Some(row) = rows.last_mut() {
            row.push(cell);
        }
        Self::new(rows)
    }

    /// Whether the first row names the columns, and what the columns seem to be.
    pub fn guess(&self) -> (bool, Vec<Column>) {
        let named: Vec<Column> = self
            .rows
            .first()
            .map(|head| head.iter().map(|cell| Column::of_head(cell)).collect())
            .unwrap_or_default();
        let has_head = named.iter().filter(|column| **column != Column::Ignored).count() >= 2
            && !self.rows[0].iter().any(|cell| is_code(cell));
        let mut columns = if has_head {
            named
        } else {
            (0..self.columns).map(|index| self.guess_by_content(index)).collect()
        };
        let mut taken = Vec::new();
        for column in &mut columns {
            if taken.contains(column) {
                *column = Column::Ignored;
            }
            taken.push(*column);
        }
        (has_head, columns)
    }

    fn guess_by_content(&self, index: usize) -> Column {
        let cells: Vec<&str> = self
            .rows
            .iter()
            .map(|row| row[index].as_str())
            .filter(|cell| !cell.is_empty())
            .collect();
        let all = |is: fn(&str) -> bool| !cells.is_empty() && cells.iter().all(|cell| is(cell));
        if all(is_code) {
            Column::Code
        } else if all(|cell| cell.len() == 2 && cell.bytes().all(|b| b.is_ascii_uppercase())) {
            Column::Origin
        } else if all(|cell| parse_decimal(cell).is_ok()) {
            Column::Ignored
        } else if all(|cell| cell.chars().count() > 5) {
            Column::Description
        } else {
            Column::Ignored
        }
    }
}

fn is_code(cell: &str) -> bool {
    let digits: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(digits.len(), 8 | 10) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A country or a unit of measure: its code and its name in customs' spelling.
pub type Named = (String, String);

/// Makes the fields of lines: pairs of a path below the line and a value. What cannot be
/// understood is kept as it stands, so that the checks can say what is wrong with it.
pub fn lines(
    sheet: &Sheet,
    has_head: bool,
    columns: &[Column],
    country: impl Fn(&str) -> Option<Named>,
    unit: impl Fn(&str) -> Option<Named>,
) -> Vec<Vec<(&'static str, String)>> {
    sheet
        .rows
        .iter()
        .skip(usize::from(has_head))
        .take(MOST_LINES)
        .map(|row| {
            let cells: HashMap<Column, &str> = columns
                .iter()
                .copied()
                .zip(row.iter().map(String::as_str))
                .filter(|(column, cell)| *column != Column::Ignored && !cell.is_empty())
                .collect();
            let mut fields = Vec::new();
            for column in Column::ALL {
                if let Some(cell) = cells.get(&column) {
                    fields.extend(fields_of(column, cell, &country, &unit));
                }
            }
            fields
        })
        .filter(|fields| !fields.is_empty())
        .collect()
}

fn fields_of(
    column: Column,
    cell: &str,
    country: &impl Fn(&str) -> Option<Named>,
    unit: &impl Fn(&str) -> Option<Named>,
) -> Vec<(&'static str, String)> {
    let number = || {
        let plain = cell.trim_start_matches(['$', '₽', '€']).trim();
        parse_decimal(plain).map_or_else(|_| cell.to_owned(), |number| number.to_string())
    };
    match column {
        Column::Ignored => Vec::new(),
        Column::Code => {
            vec![("GoodsTNVEDCode", cell.chars().filter(|c| !c.is_whitespace()).collect())]
        }
        Column::Description => vec![("GoodsDescription", cell.to_owned())],
        Column::Manufacturer => vec![("Manufacturer/OrganizationName", cell.to_owned())],
        Column::Cost => vec![("InvoicedCost", number())],
        Column::CostRub => vec![("StatisticalCostRUB", number())],
        Column::CostUsd => vec![("StatisticalCostUSD", number())],
        Column::NetWeight => vec![("NetWeightQuantity", number())],
        Column::Quantity => vec![("SupplementaryQuantity/GoodsQuantity", number())],
        Column::Unit => {
            let (code, name) = unit(cell).unwrap_or_else(|| (String::new(), cell.to_uppercase()));
            vec![
                ("SupplementaryQuantity/MeasureUnitQualifierName", name),
                ("SupplementaryQuantity/MeasureUnitQualifierCode", code),
            ]
        }
        Column::Traceable => {
            vec![("GoodsTraceabilityMeasureDetails/GoodsQuantity", number())]
        }
        Column::TraceableUnit => {
            let (code, name) = unit(cell).unwrap_or_else(|| (String::new(), cell.to_uppercase()));
            vec![
                ("GoodsTraceabilityMeasureDetails/MeasureUnitQualifierName", name),
                ("GoodsTraceabilityMeasureDetails/MeasureUnitQualifierCode", code),
            ]
        }
        Column::Extra => {
            extra_codes(cell).map(|code| ("AdditionalInformationCode", code)).collect()
        }
        Column::Declaration => declaration(cell),
        Column::DeclarationGoods => vec![("DTInfo/GoodsNumeric", cell.to_owned())],
        Column::Origin => {
            let (code, name) =
                country(cell).unwrap_or_else(|| (String::new(), cell.to_uppercase()));
            vec![("OriginCountry/CountryName", name), ("OriginCountry/CountryCode", code)]
        }
    }
}

/// Codes of graph 19 in one cell: «3; 8» are 03 and 08.
fn extra_codes(cell: &str) -> impl Iterator<Item = String> {
    cell.split(|c: char| !c.is_alphanumeric())
        .filter(|code| !code.is_empty())
        .map(|code| format!("{code:0>2}"))
}

/// A number of a declaration, `CCCCCCCC/DDMMYY/NNNNNNN`, by its parts; one that is written
/// otherwise stays whole where people see that it is wrong.
fn declaration(cell: &str) -> Vec<(&'static str, String)> {
    let mut parts = cell.split('/').map(str::trim);
    let date = |text: &str| {
        let date = NaiveDate::parse_from_str(text, "%d%m%y");
        date.map_or_else(|_| text.to_owned(), |date| date.to_string())
    };
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(customs), Some(day), Some(number), None) => vec![
            ("DTInfo/DTNumber/CustomsCode", customs.to_owned()),
            ("DTInfo/DTNumber/RegistrationDate", date(day)),
            ("DTInfo/DTNumber/GTDNumber", number.to_owned()),
        ],
        _ => vec![("DTInfo/DTNumber/GTDNumber", cell.to_owned())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(text: &str) -> Option<Named> {
        ["KZ", "казахстан"]
            .contains(&text.to_lowercase().replace("kz", "KZ").as_str())
            .then(|| ("KZ".into(), "КАЗАХСТАН".into()))
    }

    fn unit(text: &str) -> Option<Named> {
        (text == "шт").then(|| ("796".into(), "ШТ".into()))
    }

    #[test]
    fn a_pasted_table_is_read_with_its_quotes() {
        let sheet =
            Sheet::parse("Код\tНаименование\r\n8471300000\t\"Ноутбук \"\"Н\"\"\nчёрный\"\r\n\r\n");
        assert_eq!(sheet.columns, 2);
        assert_eq!(sheet.rows[1], ["8471300000", "Ноутбук \"Н\"\nчёрный"]);
        assert_eq!(sheet.rows.len(), 2);
        assert_eq!(Sheet::parse("a;b,c\n1;2").rows[0], ["a", "b,c"]);
        assert_eq!(Sheet::parse("").rows.len(), 0);
    }

    #[test]
    fn heads_give_columns_away() {
        let sheet = Sheet::parse(
            "№\tКод ТН ВЭД\tНаименование товара\tСтоимость\tВес нетто, кг\tСтоимость, руб.\tСтрана происхождения\tКол-во\tЕд. изм.\n\
             1\t8471300000\tНоутбук\t1 500,50\t2,5\t1500,50\tKZ\t1\tшт",
        );
        let (has_head, columns) = sheet.guess();
        assert!(has_head);
        assert_eq!(
            columns,
            [
                Column::Ignored,
                Column::Code,
                Column::Description,
                Column::Cost,
                Column::NetWeight,
                Column::CostRub,
                Column::Origin,
                Column::Quantity,
                Column::Unit
            ]
        );
        let lines = lines(&sheet, has_head, &columns, country, unit);
        assert_eq!(lines.len(), 1);
        let field = |path: &str| {
            lines[0].iter().find(|(known, _)| *known == path).map(|(_, value)| value.as_str())
        };
        assert_eq!(field("InvoicedCost"), Some("1500.50"));
        assert_eq!(field("NetWeightQuantity"), Some("2.5"));
        assert_eq!(field("OriginCountry/CountryName"), Some("КАЗАХСТАН"));
        assert_eq!(field("SupplementaryQuantity/MeasureUnitQualifierCode"), Some("796"));
    }

    #[test]
    fn graphs_19_and_20_and_traceable_goods_are_read() {
        let sheet = Sheet::parse(
            "Код ТН ВЭД\tОписание\tДоп. сведения (графа 19)\tДекларация\tКоличество прослеживаемого товара\tЕд. прослеживаемости\n\
             8471300000\tНоутбук\t3; 08\t10005030/150126/0000123\t2,5\tшт",
        );
        let (has_head, columns) = sheet.guess();
        assert_eq!(
            columns,
            [
                Column::Code,
                Column::Description,
                Column::Extra,
                Column::Declaration,
                Column::Traceable,
                Column::TraceableUnit
            ]
        );
        let lines = lines(&sheet, has_head, &columns, country, unit);
        let field = |path: &str| {
            let found = lines[0].iter().filter(|(known, _)| *known == path);
            found.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(field("AdditionalInformationCode"), ["03", "08"]);
        assert_eq!(field("DTInfo/DTNumber/CustomsCode"), ["10005030"]);
        assert_eq!(field("DTInfo/DTNumber/RegistrationDate"), ["2026-01-15"]);
        assert_eq!(field("DTInfo/DTNumber/GTDNumber"), ["0000123"]);
        assert_eq!(field("GoodsTraceabilityMeasureDetails/GoodsQuantity"), ["2.5"]);
        assert_eq!(field("GoodsTraceabilityMeasureDetails/MeasureUnitQualifierCode"), ["796"]);
        assert_eq!(
            fields_of(Column::Declaration, "без номера", &country, &unit),
            [("DTInfo/DTNumber/GTDNumber", "без номера".to_owned())]
        );
    }

    #[test]
    fn without_a_head_the_content_decides() {
        let sheet = Sheet::parse(
            "8471300000\tНоутбук портативный\t100\tKZ\n8471 30 000 0\tМышь беспроводная\t5\tBY",
        );
        assert_eq!(
            sheet.guess(),
            (false, vec![Column::Code, Column::Description, Column::Ignored, Column::Origin])
        );
    }

    #[test]
    fn what_is_not_understood_is_kept() {
        let sheet = Sheet::parse("код\tсумма\tстрана\n12\tмного\tНарния");
        let (has_head, columns) = sheet.guess();
        let lines = lines(&sheet, has_head, &columns, country, unit);
        assert!(lines[0].contains(&("InvoicedCost", "много".into())));
        assert!(lines[0].contains(&("OriginCountry/CountryName", "НАРНИЯ".into())));
    }

    #[test]
    fn no_more_lines_than_a_form_may_have() {
        let text = "код\tсумма\n".to_owned() + &"8471300000\t1\n".repeat(1200);
        let sheet = Sheet::parse(&text);
        let (has_head, columns) = sheet.guess();
        assert_eq!(lines(&sheet, has_head, &columns, country, unit).len(), MOST_LINES);
    }
}
