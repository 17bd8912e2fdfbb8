//! The single personal account, payments, debts, guarantees.

use super::*;

pub(super) const SERVICES: &[Service] = &[
    service(
        "account-balance",
        Group::Account,
        both(
            "Информация об остатках на едином лицевом счёте",
            "Balances of the single personal account",
        ),
        both(
            "Сколько на счёте зарезервировано, сколько можно вернуть, сколько списано и сколько в пути.",
            "How much of the account is reserved, can be returned, was written off, and is on its way.",
        ),
    )
    .offered_to(BUSINESS)
    .words("ЕЛС баланс авансовые платежи деньги")
    .help(&[
        both(
            "Единый лицевой счёт открывается автоматически при первом платеже в таможню.",
            "The account opens by itself with the first payment to customs.",
        ),
        both(
            "Данные счёта обновляются каждые 15 минут; платежи через банк видны после обмена с казначейством, через оператора таможенных платежей — сразу.",
            "Balances are refreshed every 15 minutes; payments through a bank appear after the exchange with the treasury, those through a customs payment operator at once.",
        ),
    ]),
    service(
        "account",
        Group::Account,
        both("Лицевой счёт", "Personal account"),
        both(
            "Движение денег по счёту, отчёт о расходовании авансовых платежей, подтверждение уплаты.",
            "Movements of money, report on the use of advance payments, confirmation of payment.",
        ),
    )
    .offered_to(BUSINESS)
    .kinds(&["1004114E", "1002053E"])
    .words("ЕЛС отчёт о расходовании сверка акт подтверждение уплаты"),
    service(
        "account-applications",
        Group::Account,
        both("Лицевой счёт. Заявления", "Personal account. Applications"),
        both(
            "Заявление на возврат авансовых платежей и зачёт их в счёт денежного залога.",
            "Applications to return advance payments or to credit them to a cash deposit.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1002021E", "1002041E", "1002049E", "1002055E"])
    .words("возврат аванса деньги зачёт")
    .help(&[both(
        "Заявление подаёт руководитель или сотрудник по доверенности; реквизиты и счета берутся из профиля.",
        "The head, or an employee with a power of attorney, files the application; bank details come from the profile.",
    )]),
    service(
        "debts",
        Group::Account,
        both(
            "Задолженности по уплате таможенных и иных платежей",
            "Debts on customs and other payments",
        ),
        both("Долги участника по видам платежей.", "The participant's debts by kind of payment."),
    )
    .offered_to(BUSINESS)
    .words("долг пени УИН начисления"),
    service(
        "debt-documents",
        Group::Account,
        both("Задолженности. Электронные документы", "Debts. Electronic documents"),
        both(
            "Долги по таможенным платежам в разрезе документов, уведомления и решения о взыскании.",
            "Debts on customs payments by document, notices and decisions on recovery.",
        ),
    )
    .offered_to(BUSINESS)
    .kinds(&["1050020E", "1002030E"])
    .words("долг требование уведомление взыскание"),
    service(
        "deferral",
        Group::Account,
        both("Отсрочка и рассрочка уплаты", "Deferral of payment"),
        both(
            "Заявление об отсрочке или рассрочке уплаты ввозных таможенных пошлин.",
            "Application to defer import duties or to pay them by instalments.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1002035E"]),
    service(
        "recycling-fee",
        Group::Account,
        both("Утилизационный сбор", "Recycling fee"),
        both(
            "Расчёт утилизационного сбора за колёсные транспортные средства и отметки таможни.",
            "Calculation of the recycling fee for wheeled vehicles and the marks of customs.",
        ),
    )
    .signed()
    .kinds(&["1002048E", "1050039E"])
    .words("утильсбор автомобиль машина"),
    service(
        "guarantees",
        Group::Guarantees,
        both("Обеспечение исполнения обязанности по уплате", "Security for payment of duties"),
        both(
            "Банковские гарантии, договоры поручительства, денежный залог и отчёт об использовании генерального обеспечения.",
            "Bank guarantees, surety contracts, cash deposits, and the report on a general security.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1050004E", "1004147E", "1004148E", "1006251E", "1050027E"])
    .words("гарантия поручительство залог ЭБГ"),
    service(
        "customs-receipts",
        Group::Guarantees,
        both("Таможенные расписки", "Customs receipts"),
        both(
            "Сведения для таможенной расписки и остатки по ней.",
            "Data of a customs receipt and what is left on it.",
        ),
    )
    .offered_to(BUSINESS)
    .kinds(&["1050009E"]),
];
