//! The archive, powers of attorney, services of private persons, support.

use super::*;

pub(super) const SERVICES: &[Service] = &[
    service(
        "archive",
        Group::Archive,
        both("Электронный архив", "Electronic archive"),
        both(
            "Загрузить контракт, разрешение или скан один раз и ссылаться на него в каждой поставке.",
            "Upload a contract, permit or scan once and refer to it in every shipment.",
        ),
    )
    .signed()
    .kinds(&["1005001E", "1005002E"])
    .words("документы сканы бинарные данные хранение"),
    service(
        "powers",
        Group::Powers,
        both("Доверенности МЧД", "Machine-readable powers of attorney"),
        both(
            "Создать, зарегистрировать в таможне, загрузить или отозвать машиночитаемую доверенность сотруднику.",
            "Create, register with customs, upload or revoke an employee's machine-readable power of attorney.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .only_for(Right::Chief)
    .words("Доверенности сотрудникам Доверенности на сотрудников МЧД полномочия")
    .links(&[TAX])
    .news(&[POWERS_NEWS]),
    service(
        "employees",
        Group::Powers,
        both("Сотрудники кабинета", "Employees of the cabinet"),
        both(
            "Пригласить сотрудника по СНИЛС, дать ему права, уволить.",
            "Invite an employee by SNILS, grant rights, dismiss.",
        ),
    )
    .offered_to(BUSINESS)
    .only_for(Right::Admin)
    .words("пригласить уволить права администратор"),
    service(
        "passenger-declaration",
        Group::Persons,
        both("Пассажирская таможенная декларация", "Passenger customs declaration"),
        both(
            "Декларация на товары для личного пользования, автомобиль или наличные деньги.",
            "Declaration of goods for personal use, a car or cash.",
        ),
    )
    .offered_to(PERSONS)
    .signed()
    .kinds(&["1006300E"])
    .words("ПТД автомобиль наличные личное пользование"),
    service(
        "postal-items",
        Group::Persons,
        both("Международные почтовые отправления", "International postal items"),
        both(
            "Посылки из-за рубежа: сведения, расчёт и уплата платежей.",
            "Parcels from abroad: data, calculation and payment of duties.",
        ),
    )
    .offered_to(PERSONS)
    .kinds(&["1006254E"])
    .words("МПО посылка НДС почта интернет-магазин")
    .links(&[GOSUSLUGI]),
    service(
        "petitions",
        Group::Support,
        both("Обращения в ФТС России", "Appeals to the Federal Customs Service"),
        both(
            "Обращение участника внешнеэкономической деятельности и ответ на него.",
            "A participant's appeal and the answer to it.",
        ),
    )
    .signed()
    .kinds(&["1050030E"])
    .words("жалоба письмо обращение"),
    service(
        "support-requests",
        Group::Support,
        both("Обращения в техподдержку", "Support requests"),
        both(
            "Спросить техническую поддержку, приложить снимок экрана, ответить на её вопрос.",
            "Ask technical support, attach a screenshot, answer its question.",
        ),
    )
    .words("техническая поддержка вопрос ошибка помощь")
    .help(&[
        both(
            "На сообщение о сбое отвечают не позднее следующего рабочего дня, на иное — в течение четырёх рабочих дней.",
            "A failure is answered by the next working day, anything else within four working days.",
        ),
        both(
            "На дополнительный вопрос поддержки ответьте в течение семи дней, иначе обращение закроется.",
            "Answer a further question of support within seven days, or the request is closed.",
        ),
    ]),
];
