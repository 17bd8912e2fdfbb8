//! Declarations, prior information, arrival, departure and transit.

use super::*;

pub(super) const SERVICES: &[Service] = &[
    service(
        "declarations",
        Group::Declaring,
        both("Декларация на товары", "Goods declaration"),
        both(
            "Заполнить и подать декларацию на товары с описью документов и декларацией таможенной стоимости, следить за решениями по ней.",
            "Fill and file a goods declaration with its inventory and value declaration, and follow the decisions on it.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1006107E", "1006003E", "1006112E", "1006058E"])
    .words("ДТ ДТС импорт экспорт таможенное оформление")
    .links(&[CUSTOMS, EEC])
    .news(&[
        news(
            day(2026, 1, 1),
            both(
                "Действует новая шкала таможенных сборов (постановление Правительства от 28.11.2024 № 1637).",
                "A new scale of customs fees applies (Government decree No. 1637 of 28.11.2024).",
            ),
        ),
        news(
            day(2026, 1, 1),
            both("Ставка НДС при ввозе — 22 %.", "The import VAT rate is 22 %."),
        ),
    ]),
    service(
        "declaration-corrections",
        Group::Declaring,
        both(
            "Внесение изменений в декларацию на товары после выпуска",
            "Amendment of a goods declaration after release",
        ),
        both(
            "Обращение и корректировка декларации на товары по решению таможни или по собственной инициативе.",
            "Request and correction of a goods declaration, on customs' decision or on one's own initiative.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1006111E", "1006113E"])
    .words("КДТ КТС корректировка"),
    service(
        "declaration-recall",
        Group::Declaring,
        both("Отзыв декларации на товары", "Withdrawal of a goods declaration"),
        both(
            "Обращение об отзыве поданной декларации и ответ таможенного органа.",
            "Request to withdraw a filed declaration, and the answer of customs.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1006013E"]),
    service(
        "release-before-declaration",
        Group::Declaring,
        both("Выпуск товаров до подачи декларации", "Release before declaration"),
        both(
            "Заявление о выпуске товаров до подачи декларации на товары.",
            "Application to release goods before the goods declaration is filed.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1006238E"]),
    service(
        "express-cargo",
        Group::Declaring,
        both("Декларация на товары для экспресс-грузов", "Express cargo declaration"),
        both(
            "Декларация на товары для экспресс-грузов и её корректировка.",
            "Declaration of express cargo and its correction.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1006275E", "1006349E"])
    .words("ДТЭГ курьер"),
    service(
        "document-requests",
        Group::Declaring,
        both("Ответы на запросы документов", "Answers to requests for documents"),
        both(
            "Представить документы и сведения, которые таможня запросила при проверке декларации.",
            "Present the documents that customs asked for while checking a declaration.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1004135E", "1004136E"]),
    service(
        "movement-requests",
        Group::Movement,
        both(
            "Информация о прибытии, убытии и погрузке товаров",
            "Arrival, departure and loading of goods",
        ),
        both(
            "Запросить у таможни сведения о прибытии, убытии и погрузке товара.",
            "Ask customs about the arrival, departure and loading of goods.",
        ),
    )
    .offered_to(BUSINESS)
    .kinds(&["1006274E", "1006194E"])
    .words("вывоз подтверждение фактического вывоза"),
    service(
        "prior-information",
        Group::Movement,
        both("Предварительное информирование", "Prior information"),
        both(
            "Заранее сообщить о товарах и транспорте, который везёт их из другой страны: автомобилем, самолётом, поездом или морем.",
            "Tell customs beforehand of goods and the vehicle that brings them from abroad: by road, air, rail or sea.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1006813E", "1006814E", "1006815E", "1006816E", "1006820E"])
    .words("ПИ перевозчик авто авиа железная дорога море"),
    service(
        "transit",
        Group::Movement,
        both("Таможенный транзит", "Customs transit"),
        both(
            "Транзитная декларация и обращение о продлении срока таможенного транзита.",
            "Transit declaration and the request to prolong the time of transit.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1006107E", "1006173E"])
    .words("ТД МДП перевозка"),
];
