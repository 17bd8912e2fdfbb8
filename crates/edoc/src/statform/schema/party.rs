//! Types of the parties: names, numbers by country, addresses, contacts.

use super::Leaves;
use crate::schema::{
    TypeRef,
    builder::{Entry, SchemaBuilder, choice, exactly, many, one, optional, pattern, text, token},
};

/// Name and taxpayer numbers, by country one kind of the latter.
pub(super) fn organisation(b: &mut SchemaBuilder, t: &Leaves) -> TypeRef {
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

pub(super) fn contact(b: &mut SchemaBuilder, t: &Leaves) -> TypeRef {
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

pub(super) fn subject(
    b: &mut SchemaBuilder,
    t: &Leaves,
    organisation: TypeRef,
    contact: TypeRef,
) -> TypeRef {
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

pub(super) fn manufacturer(b: &mut SchemaBuilder, t: &Leaves, organisation: TypeRef) -> TypeRef {
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
