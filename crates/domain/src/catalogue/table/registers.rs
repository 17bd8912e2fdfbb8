//! Advance rulings, registers and permits, reporting.

use super::*;

pub(super) const SERVICES: &[Service] = &[
    service(
        "classification",
        Group::Decisions,
        both("Классификация товаров", "Classification of goods"),
        both(
            "Заявление о предварительном решении о классификации товара по ТН ВЭД и о классификации товара в разобранном виде.",
            "Application for an advance ruling on classification, also of goods that come unassembled.",
        ),
    )
    .signed()
    .kinds(&["1006235E", "1006059E"])
    .words("код ТН ВЭД оборудование")
    .links(&[EEC]),
    service(
        "origin",
        Group::Decisions,
        both("Происхождение товаров", "Origin of goods"),
        both(
            "Заявление о предварительном решении о происхождении товара.",
            "Application for an advance ruling on the origin of goods.",
        ),
    )
    .signed()
    .kinds(&["1006249E"])
    .words("страна происхождения"),
    service(
        "intellectual-property",
        Group::Registers,
        both(
            "Таможенный реестр объектов интеллектуальной собственности",
            "Customs register of intellectual property",
        ),
        both(
            "Включить объект в реестр, продлить, изменить сведения или исключить.",
            "Enter an object into the register, prolong, change or remove it.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1006236E"])
    .words("ТРОИС товарный знак правообладатель"),
    service(
        "registers",
        Group::Registers,
        both("Реестры лиц в сфере таможенного дела", "Registers of customs operators"),
        both(
            "Заявления владельцев складов временного хранения, таможенных и свободных складов, магазинов беспошлинной торговли, перевозчиков.",
            "Applications of owners of temporary, customs and free warehouses, duty-free shops, and of carriers.",
        ),
    )
    .offered_to(COMPANY)
    .signed()
    .kinds(&["1001305E", "1001306E", "1001307E", "1001308E", "1001309E"])
    .words("СВХ склад таможенный представитель"),
    service(
        "authorised-operator",
        Group::Registers,
        both("Уполномоченный экономический оператор", "Authorised economic operator"),
        both(
            "Заявление о включении в реестр уполномоченных экономических операторов и свидетельство.",
            "Application to enter the register of authorised economic operators, and the certificate.",
        ),
    )
    .offered_to(COMPANY)
    .signed()
    .kinds(&["1001303E", "1001302E"])
    .words("УЭО"),
    service(
        "currency-control",
        Group::Registers,
        both("Валютный контроль", "Currency control"),
        both(
            "Контракты, принятые на учёт уполномоченными банками.",
            "Contracts that authorised banks have registered.",
        ),
    )
    .offered_to(BUSINESS)
    .kinds(&["1002031E"])
    .words("УНК контракт паспорт сделки"),
    service(
        "permits",
        Group::Registers,
        both("Разрешительные документы и квоты", "Permits and quotas"),
        both(
            "Как списываются количества по лицензиям и квотам.",
            "How quantities of licences and quotas are used up.",
        ),
    )
    .offered_to(BUSINESS)
    .kinds(&["1006265E"])
    .words("лицензия сертификат квота"),
    service(
        "excise-stamps",
        Group::Registers,
        both("Акцизные марки", "Excise stamps"),
        both(
            "Заявление о приобретении акцизных марок и отчёт об их использовании.",
            "Application for excise stamps and the report on their use.",
        ),
    )
    .offered_to(COMPANY)
    .signed()
    .kinds(&["1004118E", "1040037E"])
    .words("табак алкоголь маркировка"),
    service(
        "temporary-import",
        Group::Reporting,
        both("Временный ввоз и временный вывоз", "Temporary import and export"),
        both(
            "Продление срока, передача товаров другому лицу, отчёт о соблюдении условий.",
            "Prolongation, transfer of goods to another person, report on the conditions.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1003012E", "1003015E", "1006345E"])
    .words("допуск карнет АТА"),
    service(
        "free-zone",
        Group::Reporting,
        both("Отчётность по свободной таможенной зоне", "Free customs zone reports"),
        both(
            "Отчёты о товарах, помещённых под процедуру свободной таможенной зоны.",
            "Reports on goods placed under the free zone procedure.",
        ),
    )
    .offered_to(COMPANY)
    .signed()
    .kinds(&["1004151E", "1004152E", "1004153E", "1004154E", "1006062E"])
    .words("СТЗ ОЭЗ резидент"),
    service(
        "warehouse-reports",
        Group::Reporting,
        both("Отчётность складов временного хранения", "Temporary warehouse reports"),
        both(
            "Отчёты по формам ДО-1, ДО-2 и ДО-3, отмена поданного отчёта.",
            "Reports DO-1, DO-2 and DO-3, and cancelling a filed one.",
        ),
    )
    .offered_to(COMPANY)
    .signed()
    .kinds(&["1008001E", "1008009E", "1008020E", "1008037E"])
    .words("СВХ ДО-1 ДО-2 ДО-3"),
    service(
        "carrier-reports",
        Group::Reporting,
        both("Отчёт таможенного перевозчика", "Customs carrier's report"),
        both("Отчёт о перевозках под таможенным контролем.", "Report on carriage under customs control."),
    )
    .offered_to(COMPANY)
    .signed()
    .kinds(&["1050031E"]),
];
