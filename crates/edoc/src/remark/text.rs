//! Wording of remarks. `{name}` stands for an argument, `{found}` and `{expected}` for those.

use super::Remark;
use domain::{deadline::YearMonth, lang::Lang};

struct Wording {
    code: &'static str,
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
}

const fn w(
    code: &'static str,
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
) -> Wording {
    Wording { code, ru, en }
}

const WORDINGS: &[Wording] = &[
    w(
        "structure.required",
        ("Не заполнено обязательное поле «{label}»", "Заполните поле"),
        ("The required field “{label}” is not filled in", "Fill in the field"),
    ),
    w(
        "structure.few",
        ("«{label}»: указано {count}, нужно не меньше {expected}", "Добавьте недостающие сведения"),
        ("“{label}”: {count} given, at least {expected} needed", "Add what is missing"),
    ),
    w(
        "structure.many",
        ("«{label}»: указано {count}, допускается не больше {expected}", "Удалите лишнее"),
        ("“{label}”: {count} given, at most {expected} allowed", "Remove what is too much"),
    ),
    w(
        "structure.one_of",
        ("Нужно заполнить одно из: {label}", "Выберите один вариант и заполните его"),
        ("One of these is needed: {label}", "Choose one and fill it in"),
    ),
    w(
        "structure.only_one",
        (
            "Заполнено сразу несколько вариантов, допускается один: {label}",
            "Оставьте один вариант, остальные очистите",
        ),
        (
            "Several alternatives are filled in where one is allowed: {label}",
            "Keep one and clear the others",
        ),
    ),
    w(
        "structure.unknown",
        (
            "Элемент не предусмотрен форматом документа",
            "Удалите элемент: в отправленном документе его быть не может",
        ),
        (
            "The format of the document does not have this element",
            "Remove it: a sent document cannot hold it",
        ),
    ),
    w(
        "structure.order",
        (
            "«{label}» стоит не на своём месте",
            "Расположите элементы в том порядке, который задан форматом документа",
        ),
        (
            "“{label}” stands out of its place",
            "Put the elements in the order that the format of the document sets",
        ),
    ),
    w(
        "structure.text",
        (
            "Текст «{found}» стоит там, где могут быть только вложенные поля",
            "Удалите текст; значения записываются во вложенных полях",
        ),
        (
            "The text “{found}” stands where only fields may be",
            "Remove the text; values are written in the fields",
        ),
    ),
    w(
        "value.empty",
        ("Поле «{label}» пустое", "Введите значение или удалите поле"),
        ("The field “{label}” is empty", "Enter a value or remove the field"),
    ),
    w(
        "value.type",
        ("«{label}»: значение «{found}» — не {type}", "Введите {type}"),
        ("“{label}”: “{found}” is not {type}", "Enter {type}"),
    ),
    w(
        "value.length",
        ("«{label}»: {count} знаков вместо {expected}", "Введите ровно {expected} знаков"),
        (
            "“{label}”: {count} characters instead of {expected}",
            "Enter exactly {expected} characters",
        ),
    ),
    w(
        "value.short",
        ("«{label}»: {count} знаков, нужно не меньше {expected}", "Дополните значение"),
        ("“{label}”: {count} characters, at least {expected} needed", "Complete the value"),
    ),
    w(
        "value.long",
        (
            "«{label}»: {count} знаков, допускается не больше {expected}",
            "Сократите до {expected} знаков",
        ),
        (
            "“{label}”: {count} characters, at most {expected} allowed",
            "Shorten it to {expected} characters",
        ),
    ),
    w(
        "value.pattern",
        ("«{label}»: значение «{found}» записано не по формату", "Введите в виде: {hint}"),
        ("“{label}”: “{found}” does not have the right form", "Enter it as: {hint_en}"),
    ),
    w(
        "value.enumeration",
        ("«{label}»: значения «{found}» нет в перечне", "Выберите одно из: {expected}"),
        ("“{label}”: “{found}” is not in the list", "Choose one of: {expected}"),
    ),
    w(
        "value.digits",
        (
            "«{label}»: в числе {found} больше {expected} цифр",
            "Допускается не больше {expected} цифр вместе с дробной частью",
        ),
        (
            "“{label}”: {found} has more than {expected} digits",
            "At most {expected} digits, those after the point included",
        ),
    ),
    w(
        "value.fraction",
        (
            "«{label}»: в числе {found} слишком много знаков после запятой",
            "Округлите: не больше {expected} знаков после запятой",
        ),
        (
            "“{label}”: {found} has too many digits after the point",
            "Round it: at most {expected} digits after the point",
        ),
    ),
    w(
        "value.range",
        ("«{label}»: значение {found} вне допустимых пределов", "Введите число {expected}"),
        ("“{label}”: {found} is out of bounds", "Enter a number {expected}"),
    ),
    w(
        "value.fixed",
        ("Значение «{found}» не совпадает с установленным форматом", "Укажите {expected}"),
        ("“{found}” is not the value that the format sets", "Enter {expected}"),
    ),
    w(
        "statform.period_future",
        (
            "Отчётный месяц {found} ещё не наступил",
            "Укажите месяц, в котором товары отгружены или получены, не позднее {expected}",
        ),
        (
            "The reporting month {found} has not begun",
            "Give the month when the goods were shipped or received, {expected} at the latest",
        ),
    ),
    w(
        "statform.period_late",
        (
            "Срок подачи за {found} истёк {expected}",
            "Форму можно подать и сейчас; за опоздание предусмотрена ответственность (ст. 19.7.13 КоАП РФ)",
        ),
        (
            "The time for filing for {found} ended on {expected}",
            "The form can still be filed; being late may be fined (art. 19.7.13 of the Code of Administrative Offences)",
        ),
    ),
    w(
        "statform.direction",
        ("Направление перемещения «{found}» не предусмотрено", "Укажите ИМ (ввоз) или ЭК (вывоз)"),
        ("The direction “{found}” does not exist", "Enter ИМ (import) or ЭК (export)"),
    ),
    w(
        "statform.transport",
        (
            "Кода вида транспорта «{found}» нет в классификаторе",
            "Выберите вид транспорта из списка",
        ),
        (
            "The transport code “{found}” is not in the classifier",
            "Choose the mode of transport from the list",
        ),
    ),
    w(
        "statform.identifier",
        ("{cause}: «{found}»", "{right}"),
        ("{cause_en}: “{found}”", "{right_en}"),
    ),
    w(
        "statform.identifier_missing",
        ("{party}: не указан ни один номер налогоплательщика", "Укажите {expected}"),
        ("{party_en}: no taxpayer number is given", "Give {expected_en}"),
    ),
    w(
        "statform.party_russian",
        (
            "{party}: при направлении {direction} это должно быть российское лицо",
            "Укажите ИНН и ОГРН российского лица либо исправьте направление",
        ),
        (
            "{party_en}: with direction {direction} this has to be a Russian person",
            "Give the Russian INN and OGRN, or correct the direction",
        ),
    ),
    w(
        "statform.party_foreign",
        (
            "{party}: при направлении {direction} это иностранное лицо, указаны российские реквизиты",
            "Проверьте, не перепутаны ли стороны или направление",
        ),
        (
            "{party_en}: with direction {direction} this is a foreign person, but Russian numbers are given",
            "Check whether the parties or the direction are mixed up",
        ),
    ),
    w(
        "statform.party_name",
        ("{party}: не указано наименование", "Укажите наименование организации или ФИО"),
        ("{party_en}: the name is missing", "Give the name of the organisation or person"),
    ),
    w(
        "statform.party_country",
        (
            "{party}: страна адреса {found}, а номера налогоплательщика — {expected}",
            "Проверьте страну в адресе и вид реквизитов",
        ),
        (
            "{party_en}: the address is in {found}, the taxpayer numbers are of {expected}",
            "Check the country of the address and the kind of numbers",
        ),
    ),
    w(
        "statform.country",
        ("Кода страны «{found}» нет в классификаторе стран мира", "Выберите страну из списка"),
        ("The country code “{found}” is not in the classifier", "Choose the country from the list"),
    ),
    w(
        "statform.country_name",
        (
            "Название «{found}» не соответствует коду страны: {expected}",
            "Выберите страну из списка, название подставится само",
        ),
        (
            "The name “{found}” does not belong to the code: {expected}",
            "Choose the country from the list, its name follows",
        ),
    ),
    w(
        "statform.trade_country",
        (
            "Торгующая страна {found} — не государство ЕАЭС и не страна контрагента",
            "Укажите страну, где зарегистрирован контрагент по договору: BY, KZ, AM, KG либо страна третьего лица",
        ),
        (
            "The trading country {found} is neither a state of the EAEU nor the partner's country",
            "Give the country where the contract partner is registered: BY, KZ, AM, KG or that of the third party",
        ),
    ),
    w(
        "statform.route",
        ("При направлении {direction} здесь не может быть {found}", "Ожидается: {expected}"),
        ("With direction {direction} this cannot be {found}", "Expected: {expected}"),
    ),
    w(
        "statform.currency",
        ("Кода валюты «{found}» нет в классификаторе", "Выберите валюту из списка"),
        (
            "The currency code “{found}” is not in the classifier",
            "Choose the currency from the list",
        ),
    ),
    w(
        "statform.total",
        (
            "Общая стоимость {found} не равна сумме стоимости товаров {expected}",
            "Исправьте графу 7 или стоимость товаров в графе 13",
        ),
        (
            "The total cost {found} is not the sum of the goods {expected}",
            "Correct graph 7 or the costs in graph 13",
        ),
    ),
    w(
        "statform.total_missing",
        ("Не указана общая стоимость товаров", "Укажите {expected} — сумму графы 13"),
        ("The total cost is missing", "Enter {expected}, the sum of graph 13"),
    ),
    w(
        "statform.lines",
        (
            "В форме {found} товаров, допускается не больше {expected}",
            "Разделите сведения на несколько форм",
        ),
        (
            "The form has {found} goods, at most {expected} are allowed",
            "Split it into several forms",
        ),
    ),
    w(
        "statform.numbering",
        (
            "Порядковый номер товара {found}, ожидался {expected}",
            "Перенумеруйте товары подряд с единицы",
        ),
        (
            "The number of the goods is {found}, {expected} was expected",
            "Number the goods from one without gaps",
        ),
    ),
    w(
        "statform.tnved_short",
        ("Код ТН ВЭД ЕАЭС «{found}» указан не полностью", "Укажите десять цифр"),
        ("The commodity code “{found}” is not complete", "Give ten digits"),
    ),
    w(
        "statform.tnved",
        (
            "Код ТН ВЭД ЕАЭС «{found}» не действует на {expected}",
            "Найдите действующий код по наименованию товара",
        ),
        (
            "The commodity code “{found}” is not in force on {expected}",
            "Find the code in force by the name of the goods",
        ),
    ),
    w(
        "statform.unit_missing",
        (
            "Для кода {tnved} нужно количество в дополнительной единице: {expected}",
            "Заполните графу 18",
        ),
        ("Code {tnved} needs a quantity in the supplementary unit: {expected}", "Fill in graph 18"),
    ),
    w(
        "statform.unit",
        ("Единица измерения {found} не та, что установлена для кода {tnved}", "Укажите {expected}"),
        ("The unit {found} is not the one set for code {tnved}", "Use {expected}"),
    ),
    w(
        "statform.unit_superfluous",
        ("Для кода {tnved} дополнительная единица не установлена", "Очистите графу 18"),
        ("Code {tnved} has no supplementary unit", "Clear graph 18"),
    ),
    w(
        "statform.quantity",
        ("Количество в дополнительной единице равно нулю", "Укажите количество больше нуля"),
        ("The quantity in the supplementary unit is zero", "Give a quantity above zero"),
    ),
    w(
        "statform.net_weight",
        (
            "Не указан вес нетто товара",
            "Укажите вес в килограммах; он не указывается только для товаров без веса, например электроэнергии",
        ),
        (
            "The net weight is missing",
            "Give the weight in kilograms; only goods without weight, such as electricity, go without it",
        ),
    ),
    w(
        "statform.cost",
        ("Стоимость товара не больше нуля", "Укажите стоимость больше нуля"),
        ("The cost of the goods is not above zero", "Give a cost above zero"),
    ),
    w(
        "statform.cost_rub",
        (
            "Статистическая стоимость {found} руб. расходится с пересчётом по курсу: {expected} руб.",
            "Проверьте стоимость; отличие допустимо, если в неё включены расходы на доставку до границы",
        ),
        (
            "The statistical value of {found} RUB differs from the value by the rate: {expected} RUB",
            "Check the value; a difference is right when it holds the cost of carriage to the border",
        ),
    ),
    w(
        "statform.cost_usd",
        (
            "Статистическая стоимость {found} долл. США расходится с пересчётом из рублей: {expected}",
            "Пересчитайте: рублёвая стоимость, делённая на курс {rate}",
        ),
        (
            "The statistical value of {found} USD differs from the value in roubles: {expected}",
            "Calculate again: roubles divided by the rate of {rate}",
        ),
    ),
    w(
        "statform.rate",
        (
            "Нет курса {found} на {expected}: пересчёт стоимости не проверен",
            "Загрузите курсы валют или проверьте пересчёт сами",
        ),
        (
            "There is no rate of {found} for {expected}: the values were not checked",
            "Load exchange rates or check the calculation yourself",
        ),
    ),
    w(
        "statform.extra_code",
        ("Код дополнительных сведений «{found}» не предусмотрен", "Укажите код от 01 до 08"),
        (
            "The code of additional information “{found}” does not exist",
            "Give a code from 01 to 08",
        ),
    ),
    w(
        "statform.extra_twice",
        ("Код дополнительных сведений {found} указан дважды", "Оставьте один"),
        ("The code of additional information {found} is given twice", "Keep one"),
    ),
    w(
        "statform.internet_trade",
        ("Код 07 (интернет-торговля в адрес физических лиц): {need}", "{todo}"),
        ("Code 07 (internet sales to private persons): {need_en}", "{todo_en}"),
    ),
    w(
        "statform.traceable",
        (
            "Код 08 (прослеживаемые товары) указан без количества для прослеживаемости",
            "Заполните количество в единице, применяемой для прослеживаемости",
        ),
        (
            "Code 08 (traceable goods) stands without a quantity for tracing",
            "Fill in the quantity in the unit used for tracing",
        ),
    ),
    w(
        "statform.documents",
        ("Не указан ни один документ", "Добавьте в графу 10 договор и документы о поставке"),
        ("No document is given", "Add the contract and the shipping documents to graph 10"),
    ),
    w(
        "statform.document_incomplete",
        ("У документа не указано: {need}", "Дополните сведения о документе"),
        ("The document lacks: {need_en}", "Complete the document"),
    ),
    w(
        "statform.document_date",
        ("Дата документа {found} — в будущем", "Проверьте дату"),
        ("The date of the document {found} is in the future", "Check the date"),
    ),
    w(
        "statform.previous",
        (
            "Аннулируемая форма {found} не найдена среди ваших зарегистрированных",
            "Проверьте номер в списке статформ",
        ),
        (
            "The form {found} to annul is not among your registered ones",
            "Check the number in the list of forms",
        ),
    ),
    w(
        "statform.previous_shape",
        (
            "Номер аннулируемой формы «{found}» записан не по образцу",
            "Введите номер как в списке: 10000000/010126/С000001",
        ),
        (
            "The number “{found}” of the form to annul has another shape",
            "Enter it as in the list: 10000000/010126/С000001",
        ),
    ),
    w(
        "statform.power",
        (
            "Сведения о машиночитаемой доверенности неполны",
            "Укажите вместе номер доверенности и ИНН доверителя",
        ),
        (
            "The power of attorney is incomplete",
            "Give its number together with the INN of the principal",
        ),
    ),
    w(
        "statform.contact",
        (
            "Не указан телефон или адрес электронной почты ответственного лица",
            "Укажите, как с ним связаться",
        ),
        ("Neither phone nor e-mail of the responsible person is given", "Say how to reach them"),
    ),
    w(
        "statform.not_loaded",
        (
            "Справочник не загружен ({found}): проверка не выполнена",
            "Проверьте значение сами или загрузите справочник",
        ),
        (
            "Reference data is not loaded ({found}): not checked",
            "Check the value yourself or load the data",
        ),
    ),
];

const TYPES: &[(&str, &str, &str)] = &[
    ("boolean", "признак «да» или «нет»: true или false", "yes or no: true or false"),
    ("decimal", "число с точкой, например 1234.50", "a number with a point, e.g. 1234.50"),
    ("integer", "целое число", "a whole number"),
    ("date", "дата вида 2026-10-05", "a date such as 2026-10-05"),
    (
        "dateTime",
        "дата и время вида 2026-10-05T10:00:00",
        "a date and time such as 2026-10-05T10:00:00",
    ),
    ("time", "время вида 10:00:00", "a time such as 10:00:00"),
    ("year", "год из четырёх цифр", "a year of four digits"),
    ("yearMonth", "месяц вида 2026-10", "a month such as 2026-10"),
    ("calendar", "день или месяц вида --10-05", "a day or month such as --10-05"),
    ("duration", "промежуток времени вида P10D", "a duration such as P10D"),
    ("binary", "данные в кодировке Base64", "Base64 data"),
    ("text", "текст", "text"),
];

fn wording(code: &str) -> Option<&'static Wording> {
    WORDINGS.iter().find(|wording| wording.code == code)
}

pub(super) fn cause(remark: &Remark, lang: Lang) -> String {
    match wording(&remark.code.0) {
        Some(wording) => fill(lang.pick(wording.ru.0, wording.en.0), remark, lang),
        // A code of customs comes with its own text.
        None => remark.get("text").unwrap_or(&remark.code.0).to_owned(),
    }
}

pub(super) fn remedy(remark: &Remark, lang: Lang) -> String {
    match wording(&remark.code.0) {
        Some(wording) => fill(lang.pick(wording.ru.1, wording.en.1), remark, lang),
        None => match (remark.get("description"), &remark.expected) {
            (Some(description), _) => description.to_owned(),
            (None, Some(expected)) => {
                format!("{}: {expected}", lang.pick("Верное значение", "The right value"))
            }
            (None, None) => String::new(),
        },
    }
}

fn fill(template: &str, remark: &Remark, lang: Lang) -> String {
    let mut out = String::with_capacity(template.len() + 40);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else { break };
        out.push_str(&argument(name, remark, lang));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn argument(name: &str, remark: &Remark, lang: Lang) -> String {
    let cut = |text: &str| match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    // Rules speak of months, which are kept as documents write them: `2026-10`.
    let month = |text: &str| match text.parse::<YearMonth>() {
        Ok(month) if remark.code.0.starts_with("statform.") => Some(month.text(lang)),
        _ => None,
    };
    match name {
        "found" => {
            let found = remark.found.as_deref().unwrap_or_default();
            month(found).unwrap_or_else(|| cut(found))
        }
        "expected" => {
            let expected = remark.expected.as_deref().unwrap_or_default();
            month(expected).unwrap_or_else(|| expected.to_owned())
        }
        "type" => {
            let known = TYPES.iter().find(|known| Some(known.0) == remark.get("type"));
            known.map_or("", |known| lang.pick(known.1, known.2)).to_owned()
        }
        "label" => match (lang, remark.get("label_en"), remark.get("label")) {
            (Lang::En, Some(label), _) | (_, _, Some(label)) => cut(label),
            _ => remark.path.last().map_or_else(String::new, |step| step.local.to_owned()),
        },
        "hint" | "hint_en" => {
            remark.get(name).or(remark.expected.as_deref()).unwrap_or_default().to_owned()
        }
        _ => remark
            .get(name)
            .or_else(|| remark.get(name.strip_suffix("_en")?))
            .or_else(|| remark.expected.as_deref().filter(|_| name.starts_with("expected")))
            .unwrap_or_default()
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        path::Path,
        remark::{ALL_CODES, Code},
    };

    #[test]
    fn every_code_has_words_and_every_word_a_code() {
        for code in ALL_CODES {
            assert!(wording(code).is_some(), "{code} has no wording");
        }
        for wording in WORDINGS {
            assert!(ALL_CODES.contains(&wording.code), "{} is not a code", wording.code);
        }
    }

    #[test]
    fn arguments_are_filled_in() {
        let remark = Remark::error(Code::LONG, Path::root())
            .expected(5)
            .arg("count", 7)
            .label("Имя", "Name");
        assert_eq!(remark.text(Lang::Ru), "«Имя»: 7 знаков, допускается не больше 5");
        assert_eq!(remark.remedy(Lang::En), "Shorten it to 5 characters");
    }

    #[test]
    fn cause_and_remedy_are_two_sentences() {
        let remark = Remark::error(Code::REQUIRED, Path::root()).label("Имя", "Name");
        assert_eq!(
            remark.sentence(Lang::Ru),
            "Не заполнено обязательное поле «Имя». Заполните поле"
        );
        let closed = Remark::error(Code::IDENTIFIER, Path::root())
            .found("1")
            .arg("cause", "Неверные контрольные цифры.")
            .arg("right", "Проверьте номер.");
        assert!(!closed.sentence(Lang::Ru).contains(".."), "{}", closed.sentence(Lang::Ru));
        let late = Remark::warning(Code::PERIOD_LATE, Path::root()).found("2026-10");
        assert!(late.text(Lang::Ru).contains("октябрь 2026"), "{}", late.text(Lang::Ru));
        assert!(late.text(Lang::En).contains("October 2026"), "{}", late.text(Lang::En));
        let theirs = Remark::error(Code("SF-1".into()), Path::root()).arg("text", "Не то!");
        assert_eq!(theirs.sentence(Lang::Ru), "Не то!");
    }
}
