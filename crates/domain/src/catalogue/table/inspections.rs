//! Inspections, expert examinations and offences.

use super::*;

pub(super) const SERVICES: &[Service] = &[
    service(
        "audit",
        Group::Inspections,
        both("Таможенная проверка", "Customs audit"),
        both(
            "Уведомления и требования по камеральной и выездной проверке, ответы на них, возражения на акт.",
            "Notices and demands of desk and field audits, answers to them, objections to the report.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1006907E", "1006900E", "1006928E", "1006943E", "1006901E", "1006925E", "1006902E"])
    .words("камеральная выездная постконтроль возражения акт")
    .help(&[
        both(
            "Электронный документ таможни считается полученным на следующий день после отправки (часть 3 статьи 282 закона № 289-ФЗ).",
            "An electronic document of customs counts as received on the day after it was sent (article 282, part 3 of law 289-FZ).",
        ),
        both(
            "Возражения на акт подаются в течение 15 рабочих дней со дня его получения (статья 237 закона № 289-ФЗ).",
            "Objections to the report are filed within 15 working days of receiving it (article 237 of law 289-FZ).",
        ),
    ]),
    service(
        "monitoring",
        Group::Inspections,
        both("Таможенный мониторинг", "Customs monitoring"),
        both(
            "Решения о проведении мониторинга и заключения по его результатам.",
            "Decisions to monitor and conclusions on the results.",
        ),
    )
    .offered_to(COMPANY)
    .kinds(&["1006947E", "1006948E"]),
    service(
        "expertise",
        Group::Inspections,
        both("Таможенная экспертиза", "Customs expert examination"),
        both(
            "Решения о назначении экспертизы, продлении её срока и заключения экспертов.",
            "Decisions to examine, to prolong, and the experts' conclusions.",
        ),
    )
    .offered_to(BUSINESS)
    .kinds(&["1051001E", "1051003E", "1051022E"]),
    service(
        "offences",
        Group::Inspections,
        both("Дела об административных правонарушениях и штрафы", "Offences and fines"),
        both(
            "Постановления по делам и уплата штрафов.",
            "Decisions in cases and payment of fines.",
        ),
    )
    .kinds(&["1006929E"])
    .words("АП КоАП штраф нарушение"),
];
