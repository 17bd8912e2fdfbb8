//! The description of `StaticForm` 5.23.0 (1006124E), written by hand.
//!
//! Facts: album of formats 5.23.0, government decree of 19.06.2020 № 891. A test compares it with
//! what the loader makes of the official XSD.

mod goods;
mod party;

use crate::schema::{
    BuiltIn, Schema, SchemaError, TypeRef,
    builder::{
        SchemaBuilder, decimal, exactly, integer, many, one, optional, pattern, plain, text, token,
    },
};

/// Code of the statistical form in the album.
pub const MODE_ID: &str = "1006124E";
/// Namespace of the built-in edition.
pub const NAMESPACE: &str = "urn:customs.ru:Information:CustomsDocuments:StaticForm:5.23.0";
const CAT: (&str, &str) = ("cat_ru", "urn:customs.ru:CommonAggregateTypes:5.22.0");
const RUS_CAT: (&str, &str) = ("RUScat_ru", "urn:customs.ru:RUSCommonAggregateTypes:5.22.0");
const CAT_ESAD: (&str, &str) =
    ("catESAD_cu", "urn:customs.ru:CUESADCommonAggregateTypesCust:5.22.0");

/// Simple types that several complex types share.
struct Leaves {
    id36: TypeRef,
    inn: TypeRef,
    number50: TypeRef,
    code2: TypeRef,
    code3: TypeRef,
    code20: TypeRef,
    country: TypeRef,
    country_name: TypeRef,
    date: TypeRef,
    text40: TypeRef,
    text50: TypeRef,
    text120: TypeRef,
    name150: TypeRef,
    text250: TypeRef,
    text500: TypeRef,
    text1000: TypeRef,
    text300: TypeRef,
    postal: TypeRef,
    code11: TypeRef,
    okato: TypeRef,
    amount: TypeRef,
    quantity: TypeRef,
    count3: TypeRef,
}

/// Builds the description.
///
/// # Errors
/// Never, as its test proves.
pub fn schema() -> Result<Schema, SchemaError> {
    let mut b = SchemaBuilder::new(
        MODE_ID,
        "StaticForm",
        NAMESPACE,
        "Статистическая форма учёта перемещения товаров",
    );
    let t = leaves(&mut b);

    b.namespace(CAT.0, CAT.1);
    let base = b.sequence(
        "BaseDocType",
        [
            one("DocumentID", t.id36, "Идентификатор документа", "Document id"),
            optional(
                "RefDocumentID",
                t.id36,
                "Идентификатор исходного документа",
                "Source document id",
            ),
            optional("INNSign", t.inn, "ИНН доверителя (владельца МЧД)", "INN of the principal"),
            optional(
                "MCD_ID",
                t.id36,
                "Номер машиночитаемой доверенности",
                "Number of the power of attorney",
            ),
        ],
    );
    let organisation = party::organisation(&mut b, &t);
    let contact = party::contact(&mut b, &t);
    let document = b.sequence(
        "DocumentBaseType",
        [
            optional("PrDocumentName", t.text250, "Наименование документа", "Name of the document"),
            optional("PrDocumentNumber", t.number50, "Номер документа", "Number of the document"),
            optional("PrDocumentDate", t.date, "Дата документа", "Date of the document"),
        ],
    );
    let unit_name = b.simple("MeasureUnitQualifierNameType", text(1, 13));
    let supplementary = b.sequence(
        "SupplementaryQuantityType",
        [
            one("GoodsQuantity", t.quantity, "Количество", "Quantity"),
            optional("MeasureUnitQualifierName", unit_name, "Единица измерения", "Unit"),
            optional(
                "MeasureUnitQualifierCode",
                t.code3,
                "Код единицы измерения",
                "Code of the unit",
            ),
        ],
    );
    let customs_code = b.simple("CustomsCodeType", pattern("[0-9]{2}|[0-9]{5}|[0-9]{8}"));
    let journal_number = b.simple("GTDIDType", token(1, 7));
    let registration = b.sequence(
        "GTDIDType",
        [
            one(
                "CustomsCode",
                customs_code,
                "Код таможенного органа",
                "Code of the customs office",
            ),
            one("RegistrationDate", t.date, "Дата регистрации", "Date of registration"),
            one(
                "GTDNumber",
                journal_number,
                "Порядковый номер по журналу",
                "Number in the register",
            ),
        ],
    );
    let person = b.sequence(
        "PersonBaseType",
        [
            one("PersonSurname", t.name150, "Фамилия", "Surname"),
            one("PersonName", t.name150, "Имя", "Given name"),
            optional("PersonMiddleName", t.name150, "Отчество", "Patronymic"),
            optional("PersonPost", t.text250, "Должность", "Position"),
        ],
    );

    b.namespace(RUS_CAT.0, RUS_CAT.1);
    let subject = party::subject(&mut b, &t, organisation, contact);
    let signing_time = b.simple("DateTimeCustType", plain(BuiltIn::DateTime));
    let signing = b.extend(
        "SigningDetailsType",
        Some(person),
        [
            optional("CommunicationDetails", contact, "Контакты", "Contacts"),
            one("SigningDate", signing_time, "Дата и время подписания", "Date and time of signing"),
        ],
    );

    b.namespace(CAT_ESAD.0, CAT_ESAD.1);
    let manufacturer = party::manufacturer(&mut b, &t, organisation);
    let marking = goods::marking(&mut b, &t);

    b.own_namespace();
    let party = b.extend(
        "OrganizationType",
        Some(subject),
        [optional(
            "AccreditationCertificate",
            t.number50,
            "Номер свидетельства об аккредитации",
            "Number of the accreditation",
        )],
    );
    let signer = b.extend(
        "ProvidePersonType",
        Some(signing),
        [optional("Organization", party, "Организация", "Organisation")],
    );
    let country = b.sequence(
        "CountryInfoType",
        [
            one("CountryName", t.country_name, "Название страны", "Name of the country"),
            one("CountryCode", t.country, "Код страны", "Code of the country"),
        ],
    );
    let kind = b.simple("CustomsDocumentCodeType", exactly(5));
    let documents = b.extend(
        "DocumentsType",
        Some(document),
        [
            optional(
                "PresentedDocumentModeCode",
                kind,
                "Код вида документа",
                "Kind of the document",
            ),
            optional("ArchID", t.id36, "Идентификатор архива", "Archive id"),
            optional(
                "ArchDocID",
                t.id36,
                "Идентификатор документа в архиве",
                "Document id in the archive",
            ),
        ],
    );
    let declaration = b.sequence(
        "DTInfoType",
        [
            optional("GoodsNumeric", t.count3, "Номер товара в декларации", "Number of the goods"),
            one("DTNumber", registration, "Номер декларации", "Number of the declaration"),
        ],
    );
    let lines = goods::goods(
        &mut b,
        &t,
        goods::Goods { manufacturer, marking, supplementary, country, declaration },
    );
    let transport_name = b.simple("TransportNameType", token(1, 100));
    let month = b.simple("MonthYearType", plain(BuiltIn::GYearMonth));
    let form = b.extend(
        "StaticFormType",
        Some(base),
        [
            optional(
                "PreviousRegNumberDoc",
                t.number50,
                "Номер аннулируемой формы",
                "Number of the form to annul",
            ),
            one("CustomsProcedure", t.code2, "Направление перемещения", "Direction"),
            one(
                "TransportModeCode",
                t.code2,
                "Вид транспорта на границе",
                "Mode of transport at the border",
            ),
            optional(
                "TransportName",
                transport_name,
                "Название вида транспорта",
                "Name of the mode of transport",
            ),
            one("ReportingDate", month, "Отчётный месяц", "Reporting month"),
            optional("NSF", t.code20, "Системный номер", "System number"),
            one("Consignor", party, "Продавец", "Seller"),
            optional("Sender", party, "Отправитель", "Sender"),
            one("Consignee", party, "Покупатель", "Buyer"),
            optional("Recipient", party, "Получатель", "Recipient"),
            one(
                "FinancialAdjustingResponsiblePerson",
                party,
                "Лицо, ответственное за финансовое урегулирование",
                "Person responsible for financial settlement",
            ),
            one("TradeCountry", country, "Торгующая страна", "Trading country"),
            optional("DispatchCountry", country, "Страна отправления", "Country of dispatch"),
            optional("DestinationCountry", country, "Страна назначения", "Country of destination"),
            one("CustCostCurrencyCode", t.code3, "Код валюты", "Currency"),
            optional(
                "CustCostTotalAmount",
                t.amount,
                "Общая стоимость товаров",
                "Total cost of the goods",
            ),
            many("Documents", documents, "Документы", "Documents", 0, None),
            many("GoodsInfo", lines, "Товары", "Goods", 1, None),
            one("ProvidePerson", signer, "Ответственное лицо", "Responsible person"),
            optional("RegNum", registration, "Регистрационный номер", "Registration number"),
        ],
    );
    let mode = b.simple("DocumentModeIDType", token(1, 30));
    b.fixed_attribute(form, "DocumentModeID", mode, MODE_ID, "Код вида документа");
    b.finish(form)
}

fn leaves(b: &mut SchemaBuilder) -> Leaves {
    Leaves {
        id36: b.simple("DocumentIDType", token(1, 36)),
        inn: b.simple("INNIDType", token(10, 12)),
        number50: b.simple("DocumentNumberType", token(1, 50)),
        code2: b.simple("Code2Type", exactly(2)),
        code3: b.simple("Code3Type", exactly(3)),
        code20: b.simple("CodeVariable20Type", token(1, 20)),
        country: b.simple("CountryA2CodeType", pattern("[A-Z]{2}|[0]{2}|[9]{2}")),
        country_name: b.simple("CountryNameType", text(1, 40)),
        date: b.simple("DateCustType", plain(BuiltIn::Date)),
        text40: b.simple("Text40Type", text(1, 40)),
        text50: b.simple("Text50Type", text(1, 50)),
        text120: b.simple("Name120Type", text(1, 120)),
        name150: b.simple("NameType", text(1, 150)),
        text250: b.simple("FreeText250Type", text(1, 250)),
        text500: b.simple("FreeText500Type", text(1, 500)),
        text1000: b.simple("AddressTextType", text(1, 1000)),
        text300: b.simple("Name300Type", text(1, 300)),
        postal: b.simple("PostalCodeType", token(1, 9)),
        code11: b.simple("CodeVariable11Type", token(1, 11)),
        okato: b.simple("OKATOCodeType", pattern("\\d{5,11}")),
        amount: b.simple("AmountType", decimal(20, 2, None)),
        quantity: b.simple("QuantityBasisType", decimal(24, 6, Some("0"))),
        count3: b.simple("Count3Type", integer(3, "0")),
    }
}
