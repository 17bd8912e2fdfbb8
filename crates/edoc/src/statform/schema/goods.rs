//! Types of the lines of goods.

use super::Leaves;
use crate::schema::{
    TypeRef,
    builder::{
        SchemaBuilder, decimal, exactly, integer, many, one, optional, pattern, text, token,
    },
};

/// Codes of marked goods.
pub(super) fn marking(b: &mut SchemaBuilder, t: &Leaves) -> TypeRef {
    let ai = b.simple("AIIdType", pattern("\\d{2,4}"));
    let value = b.simple("CodeVariable100Type", token(1, 100));
    let unit = b.sequence(
        "IdentificationMeansDataUnitDetailsType",
        [
            optional("AIId", ai, "Идентификатор применения", "Application identifier"),
            one(
                "IdentifacationMeansUnitCharacterValueId",
                value,
                "Значение блока",
                "Value of the block",
            ),
        ],
    );
    let item = b.sequence(
        "IdentificationMeansItemDetailsType",
        [
            optional(
                "IdentificationMeansKindCode",
                t.code3,
                "Вид средства идентификации",
                "Kind of the mark",
            ),
            many(
                "IdentificationMeansDataUnitDetails",
                unit,
                "Блок кода идентификации",
                "Block of the code",
                1,
                None,
            ),
        ],
    );
    let list = b.sequence(
        "IdentificationMeansListDetailsType",
        [many(
            "IdentificationMeansItemDetails",
            item,
            "Код идентификации",
            "Identification code",
            1,
            None,
        )],
    );
    let range = b.sequence(
        "IdentificationMeansRangeDetailsType",
        [
            one("FirstIdentificationMeansItemDetails", item, "Первый код диапазона", "First code"),
            one("LastIdentificationMeansItemDetails", item, "Последний код диапазона", "Last code"),
        ],
    );
    let letter = b.simple("LetterIndicatorType", exactly(1));
    let customs_id = b.simple("IdentifacationMeansCustomsIdType", text(1, 25));
    let details = b.sequence(
        "IdentificationMeansDetailsType",
        [
            optional("AggregationKindCode", letter, "Уровень маркировки", "Level of marking"),
            optional("IdentificationMeansListDetails", list, "Перечень кодов", "List of codes"),
            many(
                "IdentificationMeansRangeDetails",
                range,
                "Диапазон кодов",
                "Range of codes",
                0,
                None,
            ),
            optional(
                "IdentifacationMeansCustomsId",
                customs_id,
                "Агрегированный таможенный код",
                "Aggregated customs code",
            ),
        ],
    );
    let quantity = b.simple("Quantity10Type", integer(10, "0"));
    b.sequence(
        "DTIdentificationMeansDetailsType",
        [
            optional(
                "CIMMarkingCode",
                t.code2,
                "Нанесение после выпуска: ПВ",
                "Marked after release: ПВ",
            ),
            optional("CIMQuantity", quantity, "Количество кодов идентификации", "Count of codes"),
            many(
                "IdentificationMeansDetails",
                details,
                "Средства идентификации",
                "Marks",
                0,
                Some(6),
            ),
        ],
    )
}

/// Types that the lines share with other parts of the form.
pub(super) struct Goods {
    pub manufacturer: TypeRef,
    pub marking: TypeRef,
    pub supplementary: TypeRef,
    pub country: TypeRef,
    pub declaration: TypeRef,
}

pub(super) fn goods(b: &mut SchemaBuilder, t: &Leaves, g: Goods) -> TypeRef {
    let tnved =
        b.simple("CUGoodsNomenclatuerCodeType", pattern("[0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{10}"));
    let extra = b.simple("CodeVariable2Type", token(1, 2));
    let usd = b.simple("CurrencyRateType", decimal(11, 4, Some("0")));
    b.sequence(
        "GoodsInfoType",
        [
            one("GoodsNumeric", t.count3, "Порядковый номер товара", "Number of the goods"),
            one("GoodsTNVEDCode", tnved, "Код товара по ТН ВЭД ЕАЭС", "Commodity code"),
            many(
                "GoodsDescription",
                t.text250,
                "Наименование товара",
                "Name of the goods",
                1,
                Some(5),
            ),
            optional("Manufacturer", g.manufacturer, "Производитель", "Manufacturer"),
            many(
                "AdditionalInformationCode",
                extra,
                "Код дополнительных сведений",
                "Code of additional information",
                0,
                None,
            ),
            many(
                "AdditionalInformation",
                t.text250,
                "Дополнительные сведения",
                "Additional information",
                0,
                None,
            ),
            optional(
                "GoodsTraceabilityMeasureDetails",
                g.supplementary,
                "Количество для прослеживаемости",
                "Quantity for tracing",
            ),
            optional("DTIdentificationMeansDetails", g.marking, "Маркировка", "Marking"),
            optional("NetWeightQuantity", t.quantity, "Вес нетто, кг", "Net weight, kg"),
            one("InvoicedCost", t.amount, "Стоимость товара", "Cost of the goods"),
            one(
                "StatisticalCostRUB",
                t.amount,
                "Статистическая стоимость, руб.",
                "Statistical value, RUB",
            ),
            one(
                "StatisticalCostUSD",
                usd,
                "Статистическая стоимость, долл. США",
                "Statistical value, USD",
            ),
            one("OriginCountry", g.country, "Страна происхождения", "Country of origin"),
            many("DTInfo", g.declaration, "Декларация на товары", "Customs declaration", 0, None),
            optional(
                "SupplementaryQuantity",
                g.supplementary,
                "Дополнительная единица",
                "Supplementary unit",
            ),
        ],
    )
}
