//! The states of the EAEU and the main partners, with the names customs writes.

/// A country by ISO 3166-1.
#[derive(Debug, PartialEq, Eq)]
pub struct CountryRow {
    pub code: &'static str,
    pub numeric: &'static str,
    /// In capitals, in the order of the customs classifier.
    pub name: &'static str,
    pub name_en: &'static str,
}

/// The built-in row of a country.
pub fn country(code: &str) -> Option<&'static CountryRow> {
    COUNTRIES.iter().find(|country| country.code == code)
}

const fn row(
    code: &'static str,
    numeric: &'static str,
    name: &'static str,
    name_en: &'static str,
) -> CountryRow {
    CountryRow { code, numeric, name, name_en }
}

pub const COUNTRIES: [CountryRow; 64] = [
    row("AM", "051", "АРМЕНИЯ", "Armenia"),
    row("BY", "112", "БЕЛАРУСЬ", "Belarus"),
    row("KG", "417", "КИРГИЗИЯ", "Kyrgyzstan"),
    row("KZ", "398", "КАЗАХСТАН", "Kazakhstan"),
    row("RU", "643", "РОССИЯ", "Russia"),
    row("AB", "895", "АБХАЗИЯ", "Abkhazia"),
    row("AE", "784", "ОБЪЕДИНЕННЫЕ АРАБСКИЕ ЭМИРАТЫ", "United Arab Emirates"),
    row("AR", "032", "АРГЕНТИНА", "Argentina"),
    row("AT", "040", "АВСТРИЯ", "Austria"),
    row("AU", "036", "АВСТРАЛИЯ", "Australia"),
    row("AZ", "031", "АЗЕРБАЙДЖАН", "Azerbaijan"),
    row("BD", "050", "БАНГЛАДЕШ", "Bangladesh"),
    row("BE", "056", "БЕЛЬГИЯ", "Belgium"),
    row("BG", "100", "БОЛГАРИЯ", "Bulgaria"),
    row("BR", "076", "БРАЗИЛИЯ", "Brazil"),
    row("CA", "124", "КАНАДА", "Canada"),
    row("CH", "756", "ШВЕЙЦАРИЯ", "Switzerland"),
    row("CL", "152", "ЧИЛИ", "Chile"),
    row("CN", "156", "КИТАЙ", "China"),
    row("CU", "192", "КУБА", "Cuba"),
    row("CY", "196", "КИПР", "Cyprus"),
    row("CZ", "203", "ЧЕШСКАЯ РЕСПУБЛИКА", "Czechia"),
    row("DE", "276", "ГЕРМАНИЯ", "Germany"),
    row("DK", "208", "ДАНИЯ", "Denmark"),
    row("EC", "218", "ЭКВАДОР", "Ecuador"),
    row("EE", "233", "ЭСТОНИЯ", "Estonia"),
    row("EG", "818", "ЕГИПЕТ", "Egypt"),
    row("ES", "724", "ИСПАНИЯ", "Spain"),
    row("FI", "246", "ФИНЛЯНДИЯ", "Finland"),
    row("FR", "250", "ФРАНЦИЯ", "France"),
    row("GB", "826", "СОЕДИНЕННОЕ КОРОЛЕВСТВО", "United Kingdom"),
    row("GE", "268", "ГРУЗИЯ", "Georgia"),
    row("GR", "300", "ГРЕЦИЯ", "Greece"),
    row("HK", "344", "ГОНКОНГ", "Hong Kong"),
    row("HU", "348", "ВЕНГРИЯ", "Hungary"),
    row("ID", "360", "ИНДОНЕЗИЯ", "Indonesia"),
    row("IL", "376", "ИЗРАИЛЬ", "Israel"),
    row("IN", "356", "ИНДИЯ", "India"),
    row("IR", "364", "ИРАН, ИСЛАМСКАЯ РЕСПУБЛИКА", "Iran"),
    row("IT", "380", "ИТАЛИЯ", "Italy"),
    row("JP", "392", "ЯПОНИЯ", "Japan"),
    row("KR", "410", "КОРЕЯ, РЕСПУБЛИКА", "Korea, Republic of"),
    row("LT", "440", "ЛИТВА", "Lithuania"),
    row("LV", "428", "ЛАТВИЯ", "Latvia"),
    row("MD", "498", "МОЛДОВА, РЕСПУБЛИКА", "Moldova"),
    row("MN", "496", "МОНГОЛИЯ", "Mongolia"),
    row("MX", "484", "МЕКСИКА", "Mexico"),
    row("MY", "458", "МАЛАЙЗИЯ", "Malaysia"),
    row("NL", "528", "НИДЕРЛАНДЫ", "Netherlands"),
    row("OS", "896", "ЮЖНАЯ ОСЕТИЯ", "South Ossetia"),
    row("PL", "616", "ПОЛЬША", "Poland"),
    row("RS", "688", "СЕРБИЯ", "Serbia"),
    row("SA", "682", "САУДОВСКАЯ АРАВИЯ", "Saudi Arabia"),
    row("SG", "702", "СИНГАПУР", "Singapore"),
    row("TH", "764", "ТАИЛАНД", "Thailand"),
    row("TJ", "762", "ТАДЖИКИСТАН", "Tajikistan"),
    row("TM", "795", "ТУРКМЕНИСТАН", "Turkmenistan"),
    row("TR", "792", "ТУРЦИЯ", "Türkiye"),
    row("TW", "158", "ТАЙВАНЬ (КИТАЙ)", "Taiwan"),
    row("UA", "804", "УКРАИНА", "Ukraine"),
    row("US", "840", "СОЕДИНЕННЫЕ ШТАТЫ", "United States"),
    row("UZ", "860", "УЗБЕКИСТАН", "Uzbekistan"),
    row("VN", "704", "ВЬЕТНАМ", "Viet Nam"),
    row("ZA", "710", "ЮЖНАЯ АФРИКА", "South Africa"),
];
