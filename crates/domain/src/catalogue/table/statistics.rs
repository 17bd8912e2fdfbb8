//! Statistics of mutual trade.

use super::*;

pub(super) const SERVICES: &[Service] = &[
    service(
        "statforms",
        Group::Statistics,
        both("Статформы. С электронной подписью", "Statistical forms. With electronic signature"),
        both(
            "Статистическая форма учёта перемещения товаров в торговле с Беларусью, Казахстаном, Арменией и Киргизией: заполнить или загрузить, подписать, отправить, увидеть решение таможни.",
            "Statistical form of goods moved in trade with Belarus, Kazakhstan, Armenia and Kyrgyzstan: fill or upload, sign, send, see what customs decided.",
        ),
    )
    .offered_to(BUSINESS)
    .signed()
    .kinds(&["1006124E"])
    .built("/statforms")
    .words("статформа статистическая форма ЕАЭС взаимная торговля отчёт маркетплейс StaticForm")
    .help(HELP)
    .links(&[CUSTOMS, EEC])
    .news(&[POWERS_NEWS]),
    service(
        "statforms-self-employed",
        Group::Statistics,
        both(
            "Статистические формы для самозанятых физических лиц",
            "Statistical forms for self-employed natural persons",
        ),
        both(
            "Та же статистическая форма для плательщиков налога на профессиональный доход без статуса предпринимателя, если они покупали товары в странах ЕАЭС или отправляли их туда. Нужна электронная подпись физического лица.",
            "The same statistical form for payers of the professional income tax who are not sole traders and bought goods in EAEU countries or sent goods there. A natural person's signature is needed.",
        ),
    )
    .offered_to(&[Category::SelfEmployed])
    .signed()
    .kinds(&["1006124E"])
    .built("/statforms")
    .words("статформа НПД самозанятый налог на профессиональный доход ЕАЭС StaticForm")
    .help(HELP)
    .links(&[CUSTOMS, TAX]),
];

const HELP: &[Text] = &[
    both(
        "Форма подаётся не позднее 10-го рабочего дня месяца, следующего за месяцем отгрузки или получения товаров.",
        "The form is due by the 10th working day of the month after the month in which the goods were shipped or received.",
    ),
    both(
        "Форма подаётся только электронно и с электронной подписью; поданная на бумаге считается непредставленной.",
        "It is filed electronically and signed; a form on paper counts as not filed.",
    ),
    both(
        "Красный знак «!» в списке: нарушен срок подачи, возможен штраф по статье 19.7.13 КоАП.",
        "A red “!” in the list: filed late, a fine under article 19.7.13 of the code of administrative offences is possible.",
    ),
    both(
        "Оранжевая строка: таможня ждёт пояснений. Красная строка: форма на контроле, ошибку нужно исправить за 10 дней.",
        "An orange row: customs waits for explanations. A red row: the form is under control, the mistake must be corrected within 10 days.",
    ),
    both(
        "Нашли ошибку в зарегистрированной форме — аннулируйте её и подайте новую с номером прежней.",
        "Found a mistake in a registered form? Annul it and file a new one that names the old one's number.",
    ),
];
