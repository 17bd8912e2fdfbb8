//! The twenty graphs of the printed form.

use domain::lang::Lang;

use crate::path::Path;

/// A graph: its number, title, fields and help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Graph {
    /// `1` to `20`; `—` for fields outside the numbered graphs.
    pub number: &'static str,
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
    /// Paths of its fields without item ids; what is below them belongs to it too.
    pub paths: &'static [&'static str],
}

impl Graph {
    pub const fn title(&self, lang: Lang) -> &'static str {
        lang.pick(self.ru.0, self.en.0)
    }

    /// How the graph is filled in.
    pub const fn help(&self, lang: Lang) -> &'static str {
        lang.pick(self.ru.1, self.en.1)
    }
}

/// The graphs in their order. The order of filling in is of decree № 891; what is marked in the
/// domain notes as remembered is worded with care.
pub const GRAPHS: &[Graph] = &[
    Graph {
        number: "1",
        ru: (
            "Продавец (отправитель)",
            "Сторона договора, которая продаёт товар. При вывозе это российское лицо: укажите ИНН, ОГРН и КПП. Если товар отправляет не продавец, заполните и отправителя.",
        ),
        en: (
            "Seller (sender)",
            "The party that sells the goods. On export it is Russian: give INN, OGRN and KPP. When somebody else dispatches the goods, fill in the sender too.",
        ),
        paths: &["Consignor", "Sender"],
    },
    Graph {
        number: "2",
        ru: (
            "Покупатель (получатель)",
            "Сторона договора, которая покупает товар. При ввозе это российское лицо. Реквизиты иностранного покупателя зависят от страны: УНП — Беларусь, БИН или ИИН — Казахстан, УНН — Армения, ИНН — Киргизия.",
        ),
        en: (
            "Buyer (recipient)",
            "The party that buys the goods. On import it is Russian. The numbers of a foreign buyer depend on the country: UNP in Belarus, BIN or IIN in Kazakhstan, TIN in Armenia and Kyrgyzstan.",
        ),
        paths: &["Consignee", "Recipient"],
    },
    Graph {
        number: "3",
        ru: (
            "Лицо, ответственное за финансовое урегулирование",
            "Российское лицо, которое заключило договор или за чей счёт он исполняется. Обычно это заявитель.",
        ),
        en: (
            "Person responsible for financial settlement",
            "The Russian person who made the contract or for whose account it is carried out; usually the applicant.",
        ),
        paths: &["FinancialAdjustingResponsiblePerson"],
    },
    Graph {
        number: "4",
        ru: ("Направление перемещения", "ИМ — ввоз в Россию, ЭК — вывоз из России."),
        en: ("Direction", "ИМ for import into Russia, ЭК for export from Russia."),
        paths: &["CustomsProcedure"],
    },
    Graph {
        number: "5",
        ru: ("Торгующая страна", "Страна, где зарегистрирован иностранный контрагент по договору."),
        en: (
            "Trading country",
            "The country where the foreign partner of the contract is registered.",
        ),
        paths: &["TradeCountry"],
    },
    Graph {
        number: "6",
        ru: (
            "Страна назначения",
            "Страна, куда товар направляется для потребления или переработки. При ввозе — Россия.",
        ),
        en: (
            "Country of destination",
            "The country where the goods are to be used or processed. On import it is Russia.",
        ),
        paths: &["DestinationCountry"],
    },
    Graph {
        number: "7",
        ru: (
            "Код валюты и общая стоимость товаров",
            "Валюта договора и сумма графы 13 по всем товарам.",
        ),
        en: (
            "Currency and total cost",
            "The currency of the contract and the sum of graph 13 over all goods.",
        ),
        paths: &["CustCostCurrencyCode", "CustCostTotalAmount"],
    },
    Graph {
        number: "8",
        ru: ("Страна отправления", "Страна, откуда товар отправлен. При вывозе — Россия."),
        en: (
            "Country of dispatch",
            "The country from which the goods were sent. On export it is Russia.",
        ),
        paths: &["DispatchCountry"],
    },
    Graph {
        number: "9",
        ru: (
            "Вид транспорта на границе",
            "Вид транспорта, на котором товар пересёк границу России, по классификатору.",
        ),
        en: (
            "Mode of transport at the border",
            "The mode by which the goods crossed the Russian border, by the classifier.",
        ),
        paths: &["TransportModeCode", "TransportName"],
    },
    Graph {
        number: "10",
        ru: (
            "Документы",
            "Договор, счета, накладные: вид, номер и дата каждого. Если документ есть в электронном архиве, укажите его идентификатор.",
        ),
        en: (
            "Documents",
            "Contract, invoices, waybills: kind, number and date of each, and the id when it is in the electronic archive.",
        ),
        paths: &["Documents"],
    },
    Graph {
        number: "11",
        ru: (
            "Порядковый номер и код товара",
            "Товары нумеруются подряд с единицы. Код — десять цифр по ТН ВЭД ЕАЭС, действующий в отчётном месяце.",
        ),
        en: (
            "Number and code of the goods",
            "Goods are numbered from one. The code has ten digits and is in force in the reporting month.",
        ),
        paths: &["GoodsInfo/GoodsNumeric", "GoodsInfo/GoodsTNVEDCode"],
    },
    Graph {
        number: "12",
        ru: (
            "Описание товара",
            "Коммерческое, фирменное или иное обычное наименование, до пяти строк по 250 знаков; производитель, сведения о прослеживаемости и маркировке — когда они есть.",
        ),
        en: (
            "Description of the goods",
            "The trade name or other usual name, up to five lines of 250 characters; manufacturer, tracing and marking where there are such.",
        ),
        paths: &[
            "GoodsInfo/GoodsDescription",
            "GoodsInfo/Manufacturer",
            "GoodsInfo/AdditionalInformation",
            "GoodsInfo/GoodsTraceabilityMeasureDetails",
            "GoodsInfo/DTIdentificationMeansDetails",
        ],
    },
    Graph {
        number: "13",
        ru: (
            "Стоимость товара",
            "Цена, фактически уплаченная или подлежащая уплате, в валюте графы 7.",
        ),
        en: ("Cost of the goods", "The price paid or payable, in the currency of graph 7."),
        paths: &["GoodsInfo/InvoicedCost"],
    },
    Graph {
        number: "14",
        ru: (
            "Статистическая стоимость, долл. США",
            "Статистическая стоимость в рублях, пересчитанная по курсу Банка России.",
        ),
        en: (
            "Statistical value, USD",
            "The statistical value in roubles, converted by the rate of the Bank of Russia.",
        ),
        paths: &["GoodsInfo/StatisticalCostUSD"],
    },
    Graph {
        number: "15",
        ru: (
            "Страна происхождения",
            "Страна, где товар полностью произведён или достаточно переработан.",
        ),
        en: (
            "Country of origin",
            "The country where the goods were produced or sufficiently processed.",
        ),
        paths: &["GoodsInfo/OriginCountry"],
    },
    Graph {
        number: "16",
        ru: ("Вес нетто, кг", "Масса товара без упаковки, до шести знаков после запятой."),
        en: ("Net weight, kg", "The mass without packing, up to six digits after the point."),
        paths: &["GoodsInfo/NetWeightQuantity"],
    },
    Graph {
        number: "17",
        ru: (
            "Статистическая стоимость, руб.",
            "Стоимость товара в рублях, приведённая к цене на границе России.",
        ),
        en: (
            "Statistical value, RUB",
            "The cost in roubles, brought to the price at the Russian border.",
        ),
        paths: &["GoodsInfo/StatisticalCostRUB"],
    },
    Graph {
        number: "18",
        ru: (
            "Дополнительная единица измерения",
            "Количество в дополнительной единице, если ТН ВЭД ЕАЭС устанавливает её для кода товара.",
        ),
        en: (
            "Supplementary unit",
            "The quantity in the supplementary unit, when the nomenclature sets one for the code.",
        ),
        paths: &["GoodsInfo/SupplementaryQuantity"],
    },
    Graph {
        number: "19",
        ru: (
            "Дополнительные сведения",
            "01 — переработка в России; 02 — переработка за пределами России; 03 — продукты переработки; 04 — лизинг; 05 — переработка для внутреннего потребления; 06 — временный ввоз (вывоз), продлённый сверх года; 07 — интернет-торговля в адрес физических лиц; 08 — прослеживаемые товары.",
        ),
        en: (
            "Additional information",
            "01 processing in Russia; 02 processing outside Russia; 03 products of processing; 04 leasing; 05 processing for home use; 06 temporary import (export) prolonged beyond a year; 07 internet sales to private persons; 08 traceable goods.",
        ),
        paths: &["GoodsInfo/AdditionalInformationCode"],
    },
    Graph {
        number: "20",
        ru: (
            "Декларация на товары",
            "Номер декларации или заявления о выпуске, если товар раньше помещался под таможенную процедуру.",
        ),
        en: (
            "Customs declaration",
            "The number of the declaration when the goods were under a customs procedure before.",
        ),
        paths: &["GoodsInfo/DTInfo"],
    },
    Graph {
        number: "—",
        ru: (
            "Отчётный месяц",
            "Месяц, в котором товар отгружен или получен. Форма подаётся не позднее десятого рабочего дня следующего месяца.",
        ),
        en: (
            "Reporting month",
            "The month of shipment or receipt. The form is due by the tenth working day of the next month.",
        ),
        paths: &["ReportingDate"],
    },
    Graph {
        number: "—",
        ru: (
            "Ответственное лицо",
            "Кто представляет форму: фамилия, имя, отчество, должность, телефон или почта, дата подписания.",
        ),
        en: (
            "Responsible person",
            "Who files the form: name, position, phone or e-mail, date of signing.",
        ),
        paths: &["ProvidePerson"],
    },
    Graph {
        number: "—",
        ru: (
            "Номера",
            "Регистрационный и системный номера присваивает таможенный орган. Номер аннулируемой формы указывается, когда эта форма подаётся взамен.",
        ),
        en: (
            "Numbers",
            "Customs give the registration and system numbers. The number of another form is given when this one replaces it.",
        ),
        paths: &["RegNum", "PreviousRegNumberDoc", "NSF", "DocumentID", "RefDocumentID"],
    },
    Graph {
        number: "—",
        ru: (
            "Доверенность",
            "Если форму подписывает сотрудник по машиночитаемой доверенности: её единый регистрационный номер и ИНН доверителя.",
        ),
        en: (
            "Power of attorney",
            "When an employee signs by a machine-readable power of attorney: its number and the INN of the principal.",
        ),
        paths: &["MCD_ID", "INNSign"],
    },
];

/// The graph that a field belongs to.
pub fn graph_of(path: &Path) -> Option<&'static Graph> {
    let mut plain = String::with_capacity(path.as_str().len());
    for step in path.steps() {
        if !plain.is_empty() {
            plain.push('/');
        }
        plain.push_str(step.text);
    }
    GRAPHS.iter().find(|graph| {
        graph.paths.iter().any(|own| {
            plain.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    })
}

/// The number for remarks: only numbered graphs.
pub(super) fn graph_number(path: &Path) -> Option<&'static str> {
    graph_of(path).map(|graph| graph.number).filter(|number| *number != "—")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_a_field_and_every_field_has_a_graph() {
        let schema = crate::statform::schema().unwrap();
        for graph in GRAPHS {
            for path in graph.paths {
                assert!(schema.field(&path.parse().unwrap()).is_some(), "{path}");
            }
        }
        let root = schema.index(schema.root()).unwrap();
        for child in &root.children {
            let path: Path = child.step.parse().unwrap();
            match &*child.step {
                "GoodsInfo" => {
                    for line in &schema.index(child.ty).unwrap().children {
                        assert!(graph_of(&path.join(&line.step)).is_some(), "{}", line.step);
                    }
                }
                _ => assert!(graph_of(&path).is_some(), "{}", child.step),
            }
        }
    }

    #[test]
    fn numbers_run_from_one_to_twenty() {
        let numbers: Vec<_> = GRAPHS.iter().filter_map(|g| g.number.parse::<u32>().ok()).collect();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
        let path = "GoodsInfo[x3]/SupplementaryQuantity/GoodsQuantity".parse().unwrap();
        assert_eq!(graph_number(&path), Some("18"));
    }
}
