//! The description of `StaticForm` 5.23.0 (1006124E), written by hand.
//!
//! Facts: album of formats 5.23.0, government decree of 19.06.2020 № 891. A test compares it with
//! what the loader makes of the official XSD.

use crate::schema::{
    BuiltIn, Schema, SchemaError, TypeRef,
    builder::{
        Entry, SchemaBuilder, choice, decimal, exactly, integer, many, one, optional, pattern,
        plain, text, token,
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
    let organisation = organisation(&mut b, &t);
    let contact = contact(&mut b, &t);
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
    let subject = subject(&mut b, &t, organisation, contact);
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
    let manufacturer = manufacturer(&mut b, &t, organisation);
    let marking = marking(&mut b, &t);

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
    let goods =
        goods(&mut b, &t, Goods { manufacturer, marking, supplementary, country, declaration });
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
            many("GoodsInfo", goods, "Товары", "Goods", 1, None),
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

/// Name and taxpayer numbers, by country one kind of the latter.
fn organisation(b: &mut SchemaBuilder, t: &Leaves) -> TypeRef {
    let ogrn = b.simple("OGRNIDType", pattern("(\\d{15})|(\\d{13})"));
    let digits =
        |b: &mut SchemaBuilder, name: &str, n: u32| b.simple(name, pattern(&format!("\\d{{{n}}}")));
    let (nine, twelve) = (digits(b, "KPPCodeType", 9), digits(b, "BINType", 12));
    let russia = b.sequence(
        "RFOrganizationFeaturesType",
        [
            optional("OGRN", ogrn, "ОГРН / ОГРНИП", "OGRN / OGRNIP"),
            optional("INN", t.inn, "ИНН", "INN (taxpayer number)"),
            optional("KPP", nine, "КПП", "KPP"),
        ],
    );
    let rnn = b.simple("RNNIDType", exactly(12));
    let reserve = b.simple("ITNReservType", token(1, 36));
    let itn = b.sequence(
        "ITNKZType",
        [
            one("CategoryCode", t.code2, "Категория лица", "Category of the person"),
            one("KATOCode", t.code2, "Код КАТО", "KATO code"),
            optional("RNN", rnn, "РНН", "RNN"),
            optional("ITNReserv", reserve, "Резерв для ИТН", "Reserved"),
        ],
    );
    let kazakhstan = b.sequence(
        "RKOrganizationFeaturesType",
        [
            optional("BIN", twelve, "БИН", "BIN (business number)"),
            optional("IIN", twelve, "ИИН", "IIN (individual number)"),
            optional(
                "ITN",
                itn,
                "Идентификационный таможенный номер",
                "Customs identification number",
            ),
        ],
    );
    let code14 = b.simple("CodeVariable14Type", token(1, 14));
    let belarus = b.sequence(
        "RBOrganizationFeaturesType",
        [
            optional("UNP", nine, "УНП", "UNP (taxpayer number)"),
            optional(
                "RBIdentificationNumber",
                code14,
                "Идентификационный номер физического лица",
                "Personal number",
            ),
        ],
    );
    let (eight, ten) = (digits(b, "UNNType", 8), digits(b, "SocialServiceNumberType", 10));
    let certificate = b.simple("SocialServiceCertificateType", exactly(10));
    let armenia = b.sequence(
        "RAOrganizationFeaturesType",
        [
            optional("UNN", eight, "УНН", "TIN (taxpayer number)"),
            optional(
                "SocialServiceNumber",
                ten,
                "Номерной знак общественных услуг",
                "Public service number",
            ),
            optional(
                "SocialServiceCertificate",
                certificate,
                "Номер справки об отсутствии знака общественных услуг",
                "Certificate of having no public service number",
            ),
        ],
    );
    let fourteen = digits(b, "KGINNIDType", 14);
    let kyrgyzstan = b.sequence(
        "KGOrganizationFeaturesType",
        [
            optional("KGINN", fourteen, "ИНН / ПИН Киргизии", "Kyrgyz taxpayer number"),
            optional("KGOKPO", eight, "ОКПО Киргизии", "Kyrgyz OKPO"),
        ],
    );
    let language = b.simple("LanguageCodeType", pattern("[A-Z]{2}"));
    b.sequence(
        "OrganizationBaseType",
        [
            optional("OrganizationName", t.name150, "Наименование или ФИО", "Name"),
            optional("ShortName", t.text120, "Краткое наименование", "Short name"),
            optional("OrganizationLanguage", language, "Язык наименования", "Language of the name"),
            choice(
                false,
                [
                    one("RFOrganizationFeatures", russia, "Реквизиты России", "Russian numbers"),
                    one(
                        "RKOrganizationFeatures",
                        kazakhstan,
                        "Реквизиты Казахстана",
                        "Kazakh numbers",
                    ),
                    one(
                        "RBOrganizationFeatures",
                        belarus,
                        "Реквизиты Беларуси",
                        "Belarusian numbers",
                    ),
                    one("RAOrganizationFeatures", armenia, "Реквизиты Армении", "Armenian numbers"),
                    one(
                        "KGOrganizationFeatures",
                        kyrgyzstan,
                        "Реквизиты Киргизии",
                        "Kyrgyz numbers",
                    ),
                ],
            ),
        ],
    )
}

fn contact(b: &mut SchemaBuilder, t: &Leaves) -> TypeRef {
    let phone = b.simple("PhoneNumberType", text(1, 24));
    b.sequence(
        "ContactType",
        [
            many("Phone", phone, "Телефон", "Phone", 0, None),
            optional("Fax", phone, "Факс", "Fax"),
            optional("Telex", phone, "Телекс", "Telex"),
            many("E_mail", t.text50, "Электронная почта", "E-mail", 0, None),
        ],
    )
}

fn unified_code(b: &mut SchemaBuilder, t: &Leaves) -> TypeRef {
    b.sequence(
        "UnifiedCode20Type",
        [
            one("UnifiedCode", t.code20, "Код по справочнику", "Code"),
            optional("CodeListId", t.code20, "Справочник", "Code list"),
        ],
    )
}

fn customs_number(b: &mut SchemaBuilder, t: &Leaves, code: TypeRef) -> TypeRef {
    b.sequence(
        "UITN40Type",
        [
            one("UITNCode", code, "Номер", "Number"),
            optional("CountryCode", t.country, "Страна, где присвоен", "Country of issue"),
        ],
    )
}

/// Fields between the numbers and the address of a party.
fn subject_base(
    b: &mut SchemaBuilder,
    t: &Leaves,
    organisation: TypeRef,
    form_name: Entry,
    uitn_code: TypeRef,
) -> TypeRef {
    let form_code = unified_code(b, t);
    let uitn = customs_number(b, t, uitn_code);
    b.extend(
        "SubjectBaseDetailsType",
        Some(organisation),
        [
            optional("CountryA2Code", t.country, "Код страны", "Code of the country"),
            optional(
                "BusinessEntityTypeCode",
                form_code,
                "Код организационно-правовой формы",
                "Legal form, code",
            ),
            form_name,
            optional(
                "UITN",
                uitn,
                "Уникальный идентификационный таможенный номер",
                "Unique customs number",
            ),
        ],
    )
}

/// Address fields; the widths differ between the two address types of the form.
struct Address {
    country_name: TypeRef,
    place: TypeRef,
    house: TypeRef,
    room: TypeRef,
    text: Entry,
    territory: TypeRef,
}

fn address(b: &mut SchemaBuilder, t: &Leaves, name: &str, a: Address) -> TypeRef {
    b.sequence(
        name,
        [
            optional(
                "AddressKindCode",
                t.code20,
                "Вид адреса: 1 — регистрации, 2 — фактический, 3 — почтовый",
                "Kind of address: 1 registered, 2 actual, 3 postal",
            ),
            optional("PostalCode", t.postal, "Почтовый индекс", "Postal code"),
            optional("CountryCode", t.country, "Код страны", "Code of the country"),
            // The misspelling is part of the format.
            optional("CounryName", a.country_name, "Название страны", "Name of the country"),
            optional("Region", a.place, "Регион", "Region"),
            optional("District", a.place, "Район", "District"),
            optional("Town", a.place, "Город", "Town"),
            optional("City", a.place, "Населённый пункт", "Settlement"),
            optional("StreetHouse", a.place, "Улица", "Street"),
            optional("House", a.house, "Дом, корпус, строение", "House"),
            optional("Room", a.room, "Офис или квартира", "Office or flat"),
            a.text,
            optional("OKTMO", t.code11, "ОКТМО", "OKTMO"),
            optional("OKATO", t.okato, "ОКАТО", "OKATO"),
            optional("KLADR", t.code20, "КЛАДР", "KLADR"),
            optional(
                "AOGUID",
                t.id36,
                "Идентификатор адреса по ФИАС (глобальный)",
                "FIAS global id",
            ),
            optional("AOID", t.id36, "Идентификатор адреса по ФИАС", "FIAS id"),
            optional("TerritoryCode", a.territory, "Код территории", "Code of the territory"),
            optional("PostOfficeBoxId", t.code20, "Абонентский ящик", "Post office box"),
        ],
    )
}

fn subject(b: &mut SchemaBuilder, t: &Leaves, organisation: TypeRef, contact: TypeRef) -> TypeRef {
    let form_name = optional(
        "BusinessEntityTypeName",
        t.text300,
        "Организационно-правовая форма",
        "Legal form",
    );
    let uitn_code = b.simple("UITNCode40Type", token(1, 40));
    let base = subject_base(b, t, organisation, form_name, uitn_code);
    let territory = b.simple("TerritoryCodeType", token(1, 17));
    let address = address(
        b,
        t,
        "RUAddressType",
        Address {
            country_name: t.text120,
            place: t.text120,
            house: t.text120,
            room: t.text120,
            text: optional("AddressText", t.text1000, "Адрес одной строкой", "Address as text"),
            territory,
        },
    );
    let card = identity_card(b, t);
    let branch = b.extend(
        "OrganizationType",
        Some(base),
        [
            optional("SubjectAddressDetails", address, "Адрес", "Address"),
            optional("CommunicationDetails", contact, "Контакты", "Contacts"),
        ],
    );
    let person_id = b.simple("PersonIdType", text(1, 20));
    b.extend(
        "SubjectBranchDetailsType",
        Some(base),
        [
            optional("PersonId", person_id, "Идентификатор физического лица", "Id of the person"),
            optional(
                "IdentityCard",
                card,
                "Документ, удостоверяющий личность",
                "Identity document",
            ),
            many("SubjectAddressDetails", address, "Адрес", "Address", 0, None),
            optional("CommunicationDetails", contact, "Контакты", "Contacts"),
            optional("SubjectBranch", branch, "Обособленное подразделение", "Branch"),
        ],
    )
}

fn identity_card(b: &mut SchemaBuilder, t: &Leaves) -> TypeRef {
    let kind = b.simple("RUIdentityCardCodeType", pattern("(\\d{2})|([A-Z]{2}\\d{5})"));
    let series = b.simple("IdentityCardSeriesType", token(1, 11));
    let number = b.simple("IdentityCardNumberType", token(1, 25));
    let issuer = b.simple("CodeVariable7Type", token(1, 7));
    b.sequence(
        "RUIdentityCardType",
        [
            optional("IdentityCardCode", kind, "Код вида документа", "Kind of the document"),
            optional(
                "IdentityCardName",
                t.text40,
                "Краткое название документа",
                "Short name of the document",
            ),
            optional(
                "FullIdentityCardName",
                t.text250,
                "Полное название документа",
                "Full name of the document",
            ),
            optional("IdentityCardSeries", series, "Серия", "Series"),
            optional("IdentityCardNumber", number, "Номер", "Number"),
            optional("IdentityCardDate", t.date, "Дата выдачи", "Date of issue"),
            optional("DocValidityDate", t.date, "Действует до", "Valid until"),
            optional("OrganizationName", t.name150, "Кем выдан", "Issued by"),
            optional("IssuerCode", issuer, "Код подразделения", "Code of the issuing office"),
            optional("AuthorityId", t.code20, "Орган, выдавший документ", "Issuing authority"),
            optional("CountryCode", t.country, "Код страны", "Code of the country"),
        ],
    )
}

fn manufacturer(b: &mut SchemaBuilder, t: &Leaves, organisation: TypeRef) -> TypeRef {
    let form_name = many(
        "BusinessEntityTypeName",
        t.name150,
        "Организационно-правовая форма",
        "Legal form",
        0,
        Some(2),
    );
    let base = subject_base(b, t, organisation, form_name, t.text40);
    let territory = b.simple("TerritoryCodeType", pattern("\\d{8,17}"));
    let address = address(
        b,
        t,
        "ManufacturerAddressType",
        Address {
            country_name: t.country_name,
            place: t.name150,
            house: t.text50,
            room: t.code20,
            text: many("AddressText", t.text500, "Адрес одной строкой", "Address as text", 0, None),
            territory,
        },
    );
    b.extend(
        "ManufacturerType",
        Some(base),
        [
            optional("PersonId", t.code20, "Идентификатор физического лица", "Id of the person"),
            optional("Address", address, "Адрес", "Address"),
        ],
    )
}

/// Codes of marked goods.
fn marking(b: &mut SchemaBuilder, t: &Leaves) -> TypeRef {
    let ai = b.simple("AIIdType", pattern("\\d{2,4}"));
    let value = b.simple("CodeVariable100Type", token(1, 100));
    let unit = b.sequence(
        "IdentificationMeansDataUnitDetailsType",
        [
            optional("AIId", ai, "Идентификатор применения", "Application identifier"),
            one(
                "IdentifacationMeansUnitCharacterValueId",
                value,
                "Значение блока",
                "Value of the block",
            ),
        ],
    );
    let item = b.sequence(
        "IdentificationMeansItemDetailsType",
        [
            optional(
                "IdentificationMeansKindCode",
                t.code3,
                "Вид средства идентификации",
                "Kind of the mark",
            ),
            many(
                "IdentificationMeansDataUnitDetails",
                unit,
                "Блок кода идентификации",
                "Block of the code",
                1,
                None,
            ),
        ],
    );
    let list = b.sequence(
        "IdentificationMeansListDetailsType",
        [many(
            "IdentificationMeansItemDetails",
            item,
            "Код идентификации",
            "Identification code",
            1,
            None,
        )],
    );
    let range = b.sequence(
        "IdentificationMeansRangeDetailsType",
        [
            one("FirstIdentificationMeansItemDetails", item, "Первый код диапазона", "First code"),
            one("LastIdentificationMeansItemDetails", item, "Последний код диапазона", "Last code"),
        ],
    );
    let letter = b.simple("LetterIndicatorType", exactly(1));
    let customs_id = b.simple("IdentifacationMeansCustomsIdType", text(1, 25));
    let details = b.sequence(
        "IdentificationMeansDetailsType",
        [
            optional("AggregationKindCode", letter, "Уровень маркировки", "Level of marking"),
            optional("IdentificationMeansListDetails", list, "Перечень кодов", "List of codes"),
            many(
                "IdentificationMeansRangeDetails",
                range,
                "Диапазон кодов",
                "Range of codes",
                0,
                None,
            ),
            optional(
                "IdentifacationMeansCustomsId",
                customs_id,
                "Агрегированный таможенный код",
                "Aggregated customs code",
            ),
        ],
    );
    let quantity = b.simple("Quantity10Type", integer(10, "0"));
    b.sequence(
        "DTIdentificationMeansDetailsType",
        [
            optional(
                "CIMMarkingCode",
                t.code2,
                "Нанесение после выпуска: ПВ",
                "Marked after release: ПВ",
            ),
            optional("CIMQuantity", quantity, "Количество кодов идентификации", "Count of codes"),
            many(
                "IdentificationMeansDetails",
                details,
                "Средства идентификации",
                "Marks",
                0,
                Some(6),
            ),
        ],
    )
}

struct Goods {
    manufacturer: TypeRef,
    marking: TypeRef,
    supplementary: TypeRef,
    country: TypeRef,
    declaration: TypeRef,
}

fn goods(b: &mut SchemaBuilder, t: &Leaves, g: Goods) -> TypeRef {
    let tnved =
        b.simple("CUGoodsNomenclatuerCodeType", pattern("[0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{10}"));
    let extra = b.simple("CodeVariable2Type", token(1, 2));
    let usd = b.simple("CurrencyRateType", decimal(11, 4, Some("0")));
    b.sequence(
        "GoodsInfoType",
        [
            one("GoodsNumeric", t.count3, "Порядковый номер товара", "Number of the goods"),
            one("GoodsTNVEDCode", tnved, "Код товара по ТН ВЭД ЕАЭС", "Commodity code"),
            many(
                "GoodsDescription",
                t.text250,
                "Наименование товара",
                "Name of the goods",
                1,
                Some(5),
            ),
            optional("Manufacturer", g.manufacturer, "Производитель", "Manufacturer"),
            many(
                "AdditionalInformationCode",
                extra,
                "Код дополнительных сведений",
                "Code of additional information",
                0,
                None,
            ),
            many(
                "AdditionalInformation",
                t.text250,
                "Дополнительные сведения",
                "Additional information",
                0,
                None,
            ),
            optional(
                "GoodsTraceabilityMeasureDetails",
                g.supplementary,
                "Количество для прослеживаемости",
                "Quantity for tracing",
            ),
            optional("DTIdentificationMeansDetails", g.marking, "Маркировка", "Marking"),
            optional("NetWeightQuantity", t.quantity, "Вес нетто, кг", "Net weight, kg"),
            one("InvoicedCost", t.amount, "Стоимость товара", "Cost of the goods"),
            one(
                "StatisticalCostRUB",
                t.amount,
                "Статистическая стоимость, руб.",
                "Statistical value, RUB",
            ),
            one(
                "StatisticalCostUSD",
                usd,
                "Статистическая стоимость, долл. США",
                "Statistical value, USD",
            ),
            one("OriginCountry", g.country, "Страна происхождения", "Country of origin"),
            many("DTInfo", g.declaration, "Декларация на товары", "Customs declaration", 0, None),
            optional(
                "SupplementaryQuantity",
                g.supplementary,
                "Дополнительная единица",
                "Supplementary unit",
            ),
        ],
    )
}
