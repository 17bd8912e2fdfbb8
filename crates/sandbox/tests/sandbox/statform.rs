//! A statistical form of ООО «Ромашка-Экспорт» that breaks no rule on 10 November 2026.

use uuid::Uuid;

/// XML of a form; `change` edits its text.
pub fn form(document_id: Uuid, change: impl Fn(String) -> String) -> Vec<u8> {
    change(TEMPLATE.replace("DOCUMENT-ID", &document_id.to_string())).into_bytes()
}

/// The same form with the number of a form that it replaces.
pub fn replacing(document_id: Uuid, number: &str) -> Vec<u8> {
    let previous = format!("<PreviousRegNumberDoc>{number}</PreviousRegNumberDoc>");
    form(document_id, |text| text.replace("<!-- previous -->", &previous))
}

const TEMPLATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<StaticForm xmlns="urn:customs.ru:Information:CustomsDocuments:StaticForm:5.23.0" xmlns:cat_ru="urn:customs.ru:CommonAggregateTypes:5.22.0" xmlns:RUScat_ru="urn:customs.ru:RUSCommonAggregateTypes:5.22.0" xmlns:catESAD_cu="urn:customs.ru:CUESADCommonAggregateTypesCust:5.22.0" DocumentModeID="1006124E">
  <cat_ru:DocumentID>DOCUMENT-ID</cat_ru:DocumentID>
  <CustomsProcedure>ЭК</CustomsProcedure>
  <TransportModeCode>30</TransportModeCode>
  <ReportingDate>2026-10</ReportingDate>
  <!-- previous -->
  <NSF>отсутствует</NSF>
  <Consignor>
    <cat_ru:OrganizationName>ООО "РОМАШКА-ЭКСПОРТ"</cat_ru:OrganizationName>
    <cat_ru:RFOrganizationFeatures><cat_ru:OGRN>1257799000018</cat_ru:OGRN><cat_ru:INN>7799100017</cat_ru:INN><cat_ru:KPP>779901001</cat_ru:KPP></cat_ru:RFOrganizationFeatures>
    <RUScat_ru:SubjectAddressDetails><RUScat_ru:PostalCode>101000</RUScat_ru:PostalCode><RUScat_ru:CountryCode>RU</RUScat_ru:CountryCode><RUScat_ru:CounryName>РОССИЯ</RUScat_ru:CounryName><RUScat_ru:Region>Г.МОСКВА</RUScat_ru:Region><RUScat_ru:City>МОСКВА</RUScat_ru:City><RUScat_ru:StreetHouse>УЛ.ЦВЕТОЧНАЯ</RUScat_ru:StreetHouse><RUScat_ru:House>1</RUScat_ru:House></RUScat_ru:SubjectAddressDetails>
  </Consignor>
  <Consignee>
    <cat_ru:OrganizationName>ТОО "ПОКУПАТЕЛЬ"</cat_ru:OrganizationName>
    <cat_ru:RKOrganizationFeatures><cat_ru:BIN>010140001230</cat_ru:BIN></cat_ru:RKOrganizationFeatures>
    <RUScat_ru:SubjectAddressDetails><RUScat_ru:CountryCode>KZ</RUScat_ru:CountryCode><RUScat_ru:CounryName>КАЗАХСТАН</RUScat_ru:CounryName><RUScat_ru:City>АЛМАТЫ</RUScat_ru:City></RUScat_ru:SubjectAddressDetails>
  </Consignee>
  <FinancialAdjustingResponsiblePerson>
    <cat_ru:OrganizationName>ООО "РОМАШКА-ЭКСПОРТ"</cat_ru:OrganizationName>
    <cat_ru:RFOrganizationFeatures><cat_ru:OGRN>1257799000018</cat_ru:OGRN><cat_ru:INN>7799100017</cat_ru:INN><cat_ru:KPP>779901001</cat_ru:KPP></cat_ru:RFOrganizationFeatures>
  </FinancialAdjustingResponsiblePerson>
  <TradeCountry><CountryName>КАЗАХСТАН</CountryName><CountryCode>KZ</CountryCode></TradeCountry>
  <DispatchCountry><CountryName>РОССИЯ</CountryName><CountryCode>RU</CountryCode></DispatchCountry>
  <DestinationCountry><CountryName>КАЗАХСТАН</CountryName><CountryCode>KZ</CountryCode></DestinationCountry>
  <CustCostCurrencyCode>RUB</CustCostCurrencyCode>
  <CustCostTotalAmount>150000.00</CustCostTotalAmount>
  <Documents><cat_ru:PrDocumentName>Договор</cat_ru:PrDocumentName><cat_ru:PrDocumentNumber>15/КЗ</cat_ru:PrDocumentNumber><cat_ru:PrDocumentDate>2026-01-15</cat_ru:PrDocumentDate><PresentedDocumentModeCode>03011</PresentedDocumentModeCode></Documents>
  <Documents><cat_ru:PrDocumentName>Счет-фактура (инвойс)</cat_ru:PrDocumentName><cat_ru:PrDocumentNumber>101</cat_ru:PrDocumentNumber><cat_ru:PrDocumentDate>2026-10-05</cat_ru:PrDocumentDate><PresentedDocumentModeCode>04021</PresentedDocumentModeCode></Documents>
  <GoodsInfo>
    <GoodsNumeric>1</GoodsNumeric>
    <GoodsTNVEDCode>8471300000</GoodsTNVEDCode>
    <GoodsDescription>НОУТБУК ПОРТАТИВНЫЙ</GoodsDescription>
    <NetWeightQuantity>2.5</NetWeightQuantity>
    <InvoicedCost>150000.00</InvoicedCost>
    <StatisticalCostRUB>150000.00</StatisticalCostRUB>
    <StatisticalCostUSD>1875.00</StatisticalCostUSD>
    <OriginCountry><CountryName>РОССИЯ</CountryName><CountryCode>RU</CountryCode></OriginCountry>
    <SupplementaryQuantity><cat_ru:GoodsQuantity>1</cat_ru:GoodsQuantity><cat_ru:MeasureUnitQualifierName>ШТ</cat_ru:MeasureUnitQualifierName><cat_ru:MeasureUnitQualifierCode>796</cat_ru:MeasureUnitQualifierCode></SupplementaryQuantity>
  </GoodsInfo>
  <ProvidePerson>
    <cat_ru:PersonSurname>БЕРЁЗКИНА</cat_ru:PersonSurname><cat_ru:PersonName>АННА</cat_ru:PersonName><cat_ru:PersonMiddleName>СЕРГЕЕВНА</cat_ru:PersonMiddleName><cat_ru:PersonPost>ГЕНЕРАЛЬНЫЙ ДИРЕКТОР</cat_ru:PersonPost>
    <RUScat_ru:CommunicationDetails><cat_ru:Phone>+7 495 0000001</cat_ru:Phone><cat_ru:E_mail>office@romashka.example</cat_ru:E_mail></RUScat_ru:CommunicationDetails>
    <RUScat_ru:SigningDate>2026-11-10T10:00:00</RUScat_ru:SigningDate>
  </ProvidePerson>
</StaticForm>
"#;
