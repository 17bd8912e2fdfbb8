//! The album's list of errors, document 1004030E.

use chrono::{NaiveDateTime, Timelike};

use super::{Code, Level, Remark};
use crate::{
    name::Name,
    path::Path,
    registry::Registry,
    schema::{
        BuiltIn, Schema, SchemaError,
        builder::{
            SchemaBuilder, decimal, exactly, integer, many, one, optional, pattern, plain, text,
            token,
        },
    },
    tree::{Content, Element, Tree},
    xml::{self, XmlError},
};
use domain::lang::Lang;

/// Namespace of the list in the edition that is written.
const NAMESPACE: &str = "urn:customs.ru:Information:ExchangeDocuments:ErrorList:5.22.0";
const CAT_RU: &str = "urn:customs.ru:CommonAggregateTypes:5.22.0";

/// What a list of errors says besides the errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorListHead {
    /// Identifier of the list itself, up to 36 characters.
    pub document_id: String,
    /// Identifier of the message it answers.
    pub ref_document_id: Option<String>,
    /// Moscow time of the check.
    pub checked: NaiveDateTime,
    /// Code of the customs body, 2, 5 or 8 digits.
    pub customs_code: String,
    pub customs_name: Option<String>,
    /// Identifier, name and code of the document with the errors.
    pub bad_document_id: String,
    pub bad_document_name: Option<String>,
    pub bad_mode_id: Option<String>,
}

/// A list of errors that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorListRead {
    pub document_id: String,
    pub ref_document_id: Option<String>,
    pub bad_document_id: Option<String>,
    pub bad_mode_id: Option<String>,
    pub remarks: Vec<Remark>,
}

/// The description of `ErrorList` 5.22.0.
///
/// # Errors
/// Never, as its test proves.
pub fn error_list_schema() -> Result<Schema, SchemaError> {
    let mut b = SchemaBuilder::new(
        "1004030E",
        "ErrorList",
        NAMESPACE,
        "Перечень ошибок форматно-логического контроля",
    );
    let id36 = b.simple("DocumentIDType", token(1, 36));
    let inn = b.simple("INNIDType", token(10, 12));
    let date = b.simple("DateCustType", plain(BuiltIn::Date));
    let time = b.simple("TimeCustType", plain(BuiltIn::Time));
    let customs = b.simple("CustomsCodeType", pattern("[0-9]{2}|[0-9]{5}|[0-9]{8}"));
    let office = b.simple("CustomsOfficeNameType", text(1, 50));
    let text40 = b.simple("Text40Type", text(1, 40));
    let text10 = b.simple("Text10Type", text(1, 10));
    let text250 = b.simple("FreeText250Type", text(1, 250));
    let text500 = b.simple("FreeText500Type", text(1, 500));
    let name = b.simple("NameType", text(1, 150));
    let number = b.simple("DocumentNumberType", token(1, 50));
    let code2_4 = b.simple("CodeVariable4Type", token(1, 4));
    let code20 = b.simple("CodeVariable20Type", token(1, 20));
    let code5 = b.simple("Code5Type", exactly(5));
    let mode = b.simple("DocumentModeIDType", token(1, 30));
    let count5 = b.simple("Count5Type", integer(5, "1"));
    let digit = b.simple("Numeric1Type", decimal(1, 0, Some("0")));
    let flag = b.simple("DigitalIndicatorType", decimal(1, 0, None));

    b.namespace("cat_ru", CAT_RU);
    let base = b.sequence(
        "BaseDocType",
        [
            one("DocumentID", id36, "Идентификатор документа", "Document id"),
            optional(
                "RefDocumentID",
                id36,
                "Идентификатор исходного документа",
                "Source document id",
            ),
            optional("INNSign", inn, "ИНН доверителя", "INN of the principal"),
            optional("MCD_ID", id36, "Номер доверенности", "Number of the power of attorney"),
        ],
    );
    let customs = b.sequence(
        "CustomsType",
        [
            one("Code", customs, "Код таможенного органа", "Code of the customs office"),
            optional(
                "OfficeName",
                office,
                "Наименование таможенного органа",
                "Name of the customs office",
            ),
        ],
    );
    let document = b.sequence(
        "DocumentBaseType",
        [
            optional("PrDocumentName", text250, "Наименование документа", "Name of the document"),
            optional("PrDocumentNumber", number, "Номер документа", "Number of the document"),
            optional("PrDocumentDate", date, "Дата документа", "Date of the document"),
        ],
    );
    b.own_namespace();
    let normative = b.sequence(
        "CheckNormativeDocumentType",
        [
            optional("CodeOrder", code20, "Код акта", "Code of the act"),
            optional("DocumentType", text250, "Вид акта", "Kind of the act"),
            optional("OrganizationName", name, "Кем принят", "Adopted by"),
            one("DocumentDate", date, "Дата принятия", "Date of adoption"),
            one("DocumentNumber", number, "Номер акта", "Number of the act"),
            optional("BeginDate", date, "Действует с", "In force from"),
            optional("EndDate", date, "Действует по", "In force until"),
        ],
    );
    let content = b.sequence(
        "DocsContentType",
        [
            optional("Document", document, "Документ", "Document"),
            optional("ModeID", mode, "Код вида документа в альбоме", "Code in the album"),
            optional("DocCode", code5, "Код вида документа", "Kind of the document"),
            optional("XPath", text500, "Путь к полю", "Path to the field"),
            optional("DocContent", text250, "Значение в документе", "Value in the document"),
        ],
    );
    let error = b.sequence(
        "ErrorType",
        [
            optional("NumPP", count5, "Номер по порядку", "Number"),
            one("DateInf", date, "Дата обнаружения", "Date of detection"),
            one("TimeInf", time, "Время обнаружения", "Time of detection"),
            one("ErrCode", text250, "Код ошибки", "Code"),
            optional("ErrCodeShort", code20, "Краткий код ошибки", "Short code"),
            one("ErrorName", text250, "Ошибка", "Error"),
            many("ErrDescription", text250, "Пояснение", "Explanation", 0, None),
            optional("GTDGoodsNumber", count5, "Номер товара", "Number of the goods"),
            optional("ErrElement", text500, "Поле", "Field"),
            optional("ErrField", text10, "Графа", "Graph"),
            optional("SuccessContent", text250, "Верное значение", "Right value"),
            optional("DocValue", text250, "Значение в документе", "Value in the document"),
            many(
                "DocsContent",
                content,
                "Значения в других документах",
                "Values in other documents",
                0,
                None,
            ),
            optional("CompareResult", digit, "Результат сравнения", "Result of comparison"),
            one("ErrLevel", flag, "Уровень ошибки", "Level"),
            optional("CheckNormativeDocument", normative, "Нормативный акт", "Legal act"),
            optional("ErrElementDesc", text500, "Описание поля", "Description of the field"),
            optional("CriterionGroup", code2_4, "Группа критериев", "Group of criteria"),
            optional("CriterionNum", code2_4, "Код критерия", "Criterion"),
            many("Stage", code20, "Этап контроля", "Stage", 0, None),
            many("TechID", code20, "Технический идентификатор", "Technical id", 0, None),
        ],
    );
    let bad = b.sequence(
        "BadDocumentType",
        [
            one(
                "DocID",
                id36,
                "Идентификатор документа с ошибками",
                "Id of the document with errors",
            ),
            optional("DocName", text250, "Название документа", "Name of the document"),
            optional("DocModeID", mode, "Код вида документа", "Kind of the document"),
            many("Error", error, "Ошибка", "Error", 0, None),
            optional("CRC", id36, "Контрольная сумма", "Checksum"),
            many("TechnicID", id36, "Технический идентификатор", "Technical id", 0, None),
        ],
    );
    let root = b.extend(
        "ErrorListType",
        Some(base),
        [
            one("SendDate", date, "Дата направления", "Date of sending"),
            one("Customs", customs, "Таможенный орган", "Customs office"),
            optional("CheckVersion", text40, "Версия контроля", "Version of the checks"),
            many("BadDocument", bad, "Документ с ошибками", "Document with errors", 0, None),
        ],
    );
    b.fixed_attribute(root, "DocumentModeID", mode, "1004030E", "Код вида документа");
    b.finish(root)
}

fn leaf(name: &str, value: impl ToString) -> Element {
    Element::new(Name::new(NAMESPACE, name), Content::Text(value.to_string()))
}

fn cat(name: &str, value: &str) -> Element {
    Element::new(Name::new(CAT_RU, name), Content::Text(value.to_owned()))
}

fn node(name: &str, children: Vec<Element>) -> Element {
    Element::new(Name::new(NAMESPACE, name), Content::Children(children))
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

/// A remark as an `Error` element.
fn error(number: usize, remark: &Remark, head: &ErrorListHead) -> Element {
    let mut error = vec![
        leaf("NumPP", number),
        leaf("DateInf", head.checked.date()),
        leaf("TimeInf", head.checked.time().with_nanosecond(0).unwrap_or_default()),
        leaf("ErrCode", cut(&remark.code.0, 250)),
        leaf("ErrorName", cut(&remark.text(Lang::Ru), 250)),
    ];
    let remedy = remark.remedy(Lang::Ru);
    if !remedy.is_empty() {
        error.push(leaf("ErrDescription", cut(&remedy, 250)));
    }
    if let Some(goods) = remark.get("goods").filter(|goods| goods.parse::<u16>().is_ok()) {
        error.push(leaf("GTDGoodsNumber", goods));
    }
    let texts = [
        ("ErrElement", Some(remark.path.as_str()), 500),
        ("ErrField", remark.graph.as_deref(), 10),
        ("SuccessContent", remark.expected.as_deref(), 250),
        ("DocValue", remark.found.as_deref(), 250),
    ];
    for (name, value, limit) in texts {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            error.push(leaf(name, cut(value, limit)));
        }
    }
    error.push(leaf("ErrLevel", if remark.level == Level::Error { 1 } else { 2 }));
    node("Error", error)
}

/// Writes remarks as a list of errors, in canonical XML. Level 1 is an error, 2 a warning.
///
/// # Errors
/// Never, as the test of [`error_list_schema`] proves.
pub fn write_error_list(remarks: &[Remark], head: &ErrorListHead) -> Result<Vec<u8>, SchemaError> {
    let schema = error_list_schema()?;
    let mut tree = schema.empty_tree();
    let mut bad = vec![leaf("DocID", &head.bad_document_id)];
    bad.extend(head.bad_document_name.as_ref().map(|name| leaf("DocName", name)));
    bad.extend(head.bad_mode_id.as_ref().map(|mode| leaf("DocModeID", mode)));
    bad.extend(remarks.iter().zip(1..).map(|(remark, number)| error(number, remark, head)));
    let code = cat("Code", &head.customs_code);
    let name = head.customs_name.as_deref().map(|name| cat("OfficeName", name));
    let mut children = vec![cat("DocumentID", &head.document_id)];
    children.extend(head.ref_document_id.as_deref().map(|id| cat("RefDocumentID", id)));
    children.push(leaf("SendDate", head.checked.date()));
    children.push(node("Customs", std::iter::once(code).chain(name).collect()));
    children.push(node("BadDocument", bad));
    tree.root.content = Content::Children(children);
    Ok(xml::write(&tree, &schema))
}

/// Reads a list of errors, of any edition.
///
/// # Errors
/// XML that cannot be read, or another document.
pub fn read_error_list(bytes: &[u8]) -> Result<ErrorListRead, XmlError> {
    let mut registry = Registry::new();
    if let Ok(schema) = error_list_schema() {
        registry.insert(schema);
    }
    let (tree, _) = xml::read(bytes, &registry)?;
    Ok(from_tree(&tree))
}

fn from_tree(tree: &Tree) -> ErrorListRead {
    let text = |element: &Element, name: &str| {
        element.child(name).and_then(Element::text).map(|text| text.trim().to_owned())
    };
    let bad = tree.root.list("BadDocument");
    let remarks = bad.flat_map(|bad| bad.list("Error")).map(|error| {
        let mut args = Vec::new();
        let mut arg = |name: &'static str, value: Option<String>| {
            args.extend(value.map(|value| (name.into(), value)));
        };
        arg("text", text(error, "ErrorName"));
        let description: Vec<_> = error.list("ErrDescription").filter_map(Element::text).collect();
        arg("description", (!description.is_empty()).then(|| description.join(" ")));
        arg("goods", text(error, "GTDGoodsNumber"));
        Remark {
            code: Code(text(error, "ErrCode").unwrap_or_default().into()),
            level: match text(error, "ErrLevel").as_deref() {
                Some("2") => Level::Warning,
                _ => Level::Error,
            },
            path: text(error, "ErrElement")
                .and_then(|path| path.parse().ok())
                .unwrap_or_else(Path::root),
            graph: text(error, "ErrField"),
            found: text(error, "DocValue"),
            expected: text(error, "SuccessContent"),
            args,
        }
    });
    let first_bad = tree.root.child("BadDocument");
    ErrorListRead {
        document_id: text(&tree.root, "DocumentID").unwrap_or_default(),
        ref_document_id: text(&tree.root, "RefDocumentID"),
        bad_document_id: first_bad.and_then(|bad| text(bad, "DocID")),
        bad_mode_id: first_bad.and_then(|bad| text(bad, "DocModeID")),
        remarks: remarks.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn remarks_survive_the_list() {
        let path: Path = "GoodsInfo[x3]/GoodsTNVEDCode".parse().unwrap();
        let remarks = vec![
            Remark {
                graph: Some("11".into()),
                ..Remark::error(Code::TNVED_SHORT, path).found("8471").arg("goods", 3)
            },
            Remark::warning(Code::DOCUMENTS, Path::root()),
        ];
        let head = ErrorListHead {
            document_id: "7f0f2a52-6b0b-4c0c-9a4e-2f6b5d1c7a10".into(),
            ref_document_id: None,
            checked: NaiveDate::from_ymd_opt(2026, 11, 10).unwrap().and_hms_opt(9, 5, 7).unwrap(),
            customs_code: "10000000".into(),
            customs_name: None,
            bad_document_id: "6f0f2a52-6b0b-4c0c-9a4e-2f6b5d1c7a10".into(),
            bad_document_name: Some("Статистическая форма".into()),
            bad_mode_id: Some("1006124E".into()),
        };
        let bytes = write_error_list(&remarks, &head).unwrap();
        let schema = error_list_schema().unwrap();
        let mut registry = Registry::new();
        registry.insert(schema.clone());
        let (tree, notes) = xml::read(&bytes, &registry).unwrap();
        assert_eq!(crate::check::check(&tree, &schema), []);
        assert_eq!((notes.unknown, notes.reordered), (vec![], vec![]));
        let read = read_error_list(&bytes).unwrap();
        assert_eq!(read.bad_mode_id.as_deref(), Some("1006124E"));
        assert_eq!(read.remarks.len(), 2);
        for (read, written) in read.remarks.iter().zip(&remarks) {
            assert_eq!(
                (&read.code, read.level, &read.path),
                (&written.code, written.level, &written.path)
            );
            assert_eq!(read.text(Lang::Ru), written.text(Lang::Ru));
            assert_eq!(read.graph, written.graph);
        }
    }
}
