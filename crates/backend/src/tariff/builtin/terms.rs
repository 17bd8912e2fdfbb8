//! Short classifiers that change once in years: currencies (ISO 4217), modes of transport
//! (decision of the Customs Union Commission № 378), kinds of documents (graph 44), units (ОКЕИ).
//! Recalled and collected by hand; what an official file brings is imported over them.

/// Code, Russian name, English name.
pub type TermRow = (&'static str, &'static str, &'static str);

pub const CURRENCIES: [TermRow; 21] = [
    ("RUB", "Российский рубль", "Russian rouble"),
    ("BYN", "Белорусский рубль", "Belarusian rouble"),
    ("KZT", "Тенге", "Tenge"),
    ("AMD", "Армянский драм", "Armenian dram"),
    ("KGS", "Сом", "Som"),
    ("USD", "Доллар США", "US dollar"),
    ("EUR", "Евро", "Euro"),
    ("CNY", "Юань", "Yuan renminbi"),
    ("AED", "Дирхам ОАЭ", "UAE dirham"),
    ("AZN", "Азербайджанский манат", "Azerbaijan manat"),
    ("CHF", "Швейцарский франк", "Swiss franc"),
    ("GBP", "Фунт стерлингов", "Pound sterling"),
    ("GEL", "Лари", "Lari"),
    ("HKD", "Гонконгский доллар", "Hong Kong dollar"),
    ("INR", "Индийская рупия", "Indian rupee"),
    ("JPY", "Иена", "Yen"),
    ("KRW", "Вона", "Won"),
    ("RSD", "Сербский динар", "Serbian dinar"),
    ("TJS", "Сомони", "Somoni"),
    ("TRY", "Турецкая лира", "Turkish lira"),
    ("UZS", "Узбекский сум", "Uzbekistan sum"),
];

pub const TRANSPORT_MODES: [TermRow; 12] = [
    ("10", "МОРСКОЙ/РЕЧНОЙ ТРАНСПОРТ", "Sea transport"),
    ("20", "ЖЕЛЕЗНОДОРОЖНЫЙ ТРАНСПОРТ", "Rail transport"),
    (
        "30",
        "АВТОДОРОЖНЫЙ ТРАНСПОРТ, ЗА ИСКЛЮЧЕНИЕМ ТРАНСПОРТНЫХ СРЕДСТВ, УКАЗАННЫХ ПОД КОДАМИ 31, 32",
        "Road transport except codes 31 and 32",
    ),
    (
        "31",
        "СОСТАВ ТРАНСПОРТНЫХ СРЕДСТВ (ТЯГАЧ С ПОЛУПРИЦЕПОМ ИЛИ ПРИЦЕПОМ)",
        "Road train: tractor with a semi-trailer or a trailer",
    ),
    (
        "32",
        "СОСТАВ ТРАНСПОРТНЫХ СРЕДСТВ (ТЯГАЧ С ПРИЦЕПОМ (-АМИ) И ПОЛУПРИЦЕПОМ (-АМИ))",
        "Road train: tractor with trailers and semi-trailers",
    ),
    ("40", "ВОЗДУШНЫЙ ТРАНСПОРТ", "Air transport"),
    ("50", "ПОЧТОВОЕ ОТПРАВЛЕНИЕ", "Postal item"),
    ("71", "ТРУБОПРОВОДНЫЙ ТРАНСПОРТ", "Pipeline"),
    ("72", "ЛИНИИ ЭЛЕКТРОПЕРЕДАЧИ", "Power line"),
    ("80", "ВНУТРЕННИЙ ВОДНЫЙ ТРАНСПОРТ", "Inland waterway transport"),
    (
        "90",
        "ТРАНСПОРТНОЕ СРЕДСТВО, ПЕРЕМЕЩАЮЩЕЕСЯ В КАЧЕСТВЕ ТОВАРА СВОИМ ХОДОМ",
        "Vehicle moving as goods under its own power",
    ),
    ("99", "ПРОЧИЕ", "Other"),
];

pub const DOCUMENT_KINDS: [TermRow; 16] = [
    ("02011", "Коносамент или транспортная накладная", "Bill of lading or consignment note"),
    ("02015", "Международная автотранспортная накладная (CMR)", "International road waybill (CMR)"),
    ("02017", "Авиационная накладная", "Air waybill"),
    ("02018", "Железнодорожная накладная", "Rail waybill"),
    ("03011", "Договор (контракт)", "Contract"),
    ("03012", "Дополнение к договору", "Supplement to a contract"),
    (
        "03031",
        "Уникальный номер контракта (валютный контроль)",
        "Contract number of currency control",
    ),
    ("04021", "Счёт-фактура (инвойс)", "Invoice"),
    ("04025", "Упаковочный лист", "Packing list"),
    ("04031", "Счёт за перевозку", "Freight invoice"),
    ("01191", "Сертификат соответствия", "Certificate of conformity"),
    ("09023", "Иной документ", "Other document"),
    ("09034", "Свидетельство таможенного представителя", "Certificate of a customs representative"),
    ("11001", "Документ, удостоверяющий личность", "Identity document"),
    ("11002", "Договор с таможенным представителем", "Contract with a customs representative"),
    ("11003", "Приказ или доверенность", "Order or power of attorney"),
];

/// ОКЕИ code, name, sign on documents: units that commodity codes use.
pub const UNITS: [TermRow; 25] = [
    ("006", "Метр", "М"),
    ("055", "Квадратный метр", "М2"),
    ("111", "Кубический сантиметр", "СМ3"),
    ("112", "Литр", "Л"),
    ("113", "Кубический метр", "М3"),
    ("114", "Тысяча кубических метров", "ТЫС М3"),
    ("162", "Метрический карат", "КАР"),
    ("163", "Грамм", "Г"),
    ("166", "Килограмм", "КГ"),
    ("168", "Тонна", "Т"),
    ("185", "Грузоподъёмность в метрических тоннах", "Т ГРУЗОПОД"),
    ("214", "Киловатт", "КВТ"),
    ("246", "Тысяча киловатт-часов", "ТЫС КВТ·Ч"),
    ("305", "Кюри", "КИ"),
    ("715", "Пара", "ПАР"),
    ("796", "Штука", "ШТ"),
    ("798", "Тысяча штук", "ТЫС ШТ"),
    ("831", "Литр чистого (100 %) спирта", "Л ЧИСТ СПИРТ"),
    ("841", "Килограмм пероксида водорода", "КГ ПЕРОКСИД ВОДОРОДА"),
    ("845", "Килограмм 90 %-го сухого вещества", "КГ 90 ПРОЦ СУХ ВЕЩ"),
    ("852", "Килограмм оксида калия", "КГ ОКСИД КАЛИЯ"),
    ("859", "Килограмм гидроксида калия", "КГ ГИДРОКСИД КАЛИЯ"),
    ("861", "Килограмм азота", "КГ АЗОТ"),
    ("865", "Килограмм пятиокиси фосфора", "КГ ПЯТИОКИСЬ ФОСФОРА"),
    ("867", "Килограмм урана", "КГ УРАН"),
];
