//! Which fields have a control of their own on the form, and what there is besides: fields that
//! came with a file, fields that a remark names, and those that may be added by hand.

use std::{collections::BTreeSet, sync::OnceLock};

use domain::lang::Lang;
use edoc::{
    draft::Draft,
    form::{FormNode, form},
    path::Path,
    remark::Remark,
    schema::Schema,
    tree::Element,
};

use super::{
    party::{Party, Registry},
    place::{self, DOCUMENTS, GOODS},
};

/// Fields of the header with a control of their own.
const HEADER: [&str; 13] = [
    "PreviousRegNumberDoc",
    "CustomsProcedure",
    "ReportingDate",
    "TradeCountry/CountryCode",
    "TradeCountry/CountryName",
    "DestinationCountry/CountryCode",
    "DestinationCountry/CountryName",
    "DispatchCountry/CountryCode",
    "DispatchCountry/CountryName",
    "CustCostCurrencyCode",
    "CustCostTotalAmount",
    "TransportModeCode",
    "TransportName",
];
const PERSON: [&str; 6] = [
    "PersonSurname",
    "PersonName",
    "PersonMiddleName",
    "PersonPost",
    "CommunicationDetails/Phone",
    "CommunicationDetails/E_mail",
];
pub const ADDRESS: [&str; 11] = [
    "CountryCode",
    "CounryName",
    "PostalCode",
    "Region",
    "District",
    "City",
    "StreetHouse",
    "House",
    "Room",
    "OKTMO",
    "OKATO",
];
const DOCUMENT: [&str; 4] =
    ["PresentedDocumentModeCode", "PrDocumentName", "PrDocumentNumber", "PrDocumentDate"];
const LINE: [&str; 20] = [
    "GoodsTNVEDCode",
    "GoodsDescription",
    "Manufacturer/OrganizationName",
    "GoodsTraceabilityMeasureDetails/GoodsQuantity",
    "GoodsTraceabilityMeasureDetails/MeasureUnitQualifierCode",
    "GoodsTraceabilityMeasureDetails/MeasureUnitQualifierName",
    "NetWeightQuantity",
    "InvoicedCost",
    "StatisticalCostRUB",
    "StatisticalCostUSD",
    "OriginCountry/CountryCode",
    "OriginCountry/CountryName",
    "SupplementaryQuantity/GoodsQuantity",
    "SupplementaryQuantity/MeasureUnitQualifierCode",
    "SupplementaryQuantity/MeasureUnitQualifierName",
    "AdditionalInformationCode",
    "DTInfo/DTNumber/CustomsCode",
    "DTInfo/DTNumber/RegistrationDate",
    "DTInfo/DTNumber/GTDNumber",
    "DTInfo/GoodsNumeric",
];
/// Fields that the cabinet or customs fill in; they are shown only when a remark names them.
const KEPT: [&str; 6] = [
    "@DocumentModeID",
    "DocumentID",
    "NSF",
    "RegNum",
    "ProvidePerson/SigningDate",
    "GoodsInfo/GoodsNumeric",
];
/// Lists of which the form shows the first item only.
const FIRST: [&str; 3] = ["SubjectAddressDetails", "Phone", "E_mail"];

/// A path without the items in it: `GoodsInfo/DTInfo/GoodsNumeric`.
fn plain(path: &Path) -> String {
    path.steps().map(|step| step.text).collect::<Vec<_>>().join("/")
}

fn controls() -> &'static BTreeSet<String> {
    static CONTROLS: OnceLock<BTreeSet<String>> = OnceLock::new();
    CONTROLS.get_or_init(|| {
        let below = |parent: &str, fields: &[&str]| {
            fields.iter().map(|field| format!("{parent}/{field}")).collect::<Vec<_>>()
        };
        let mut all: BTreeSet<String> = HEADER.iter().map(|field| (*field).to_owned()).collect();
        all.extend(below("ProvidePerson", &PERSON));
        all.extend(below(DOCUMENTS, &DOCUMENT));
        all.extend(below(GOODS, &LINE));
        for party in Party::ALL {
            let element = party.element();
            all.insert(format!("{element}/OrganizationName"));
            all.extend(below(&format!("{element}/SubjectAddressDetails"), &ADDRESS));
            for registry in Registry::ALL {
                let fields: Vec<&str> =
                    registry.identifiers().iter().map(|(field, ..)| *field).collect();
                all.extend(below(&format!("{element}/{}", registry.element()), &fields));
            }
        }
        all
    })
}

/// Some control stands for a field below the path.
fn holds_controls(plain: &str) -> bool {
    let from = format!("{plain}/");
    controls().range(from.clone()..).next().is_some_and(|control| control.starts_with(&from))
}

/// The path is, or lies in, an item of a list of which the form shows another one.
fn further_item(draft: &Draft, path: &Path) -> Option<Path> {
    if !path.steps().any(|step| FIRST.contains(&step.local)) {
        return None;
    }
    let mut around = path.ancestors();
    around.reverse();
    around.push(path.clone());
    around.into_iter().find(|at| {
        at.last().is_some_and(|step| FIRST.contains(&step.local))
            && at.split_item().is_some_and(|(list, item)| draft.items(&list).first() != Some(&item))
    })
}

/// Identifiers of a party that belong to another country than those the form shows.
fn other_registry(draft: &Draft, path: &Path) -> Option<Path> {
    let mut steps = path.steps();
    let party = steps.next().filter(|step| Party::ALL.iter().any(|p| p.element() == step.local))?;
    let features = steps.next()?;
    let registry = Registry::ALL.into_iter().find(|known| known.element() == features.local)?;
    let party = Path::root().join(party.text);
    let shown = Registry::held(draft, &party)?;
    (shown != registry).then(|| party.join(features.text))
}

/// Whether a field has a control of its own.
pub fn has_control(draft: &Draft, path: &Path) -> bool {
    controls().contains(&plain(path))
        && further_item(draft, path).is_none()
        && other_registry(draft, path).is_none()
}

/// The outermost element around a field, or the field itself, in which nothing has a control of
/// its own; `None` for what the form shows.
fn root_of(draft: &Draft, path: &Path) -> Option<Path> {
    if let Some(root) = further_item(draft, path).or_else(|| other_registry(draft, path)) {
        return Some(root);
    }
    if controls().contains(&plain(path)) {
        return None;
    }
    let mut around = path.ancestors();
    around.reverse();
    around.push(path.clone());
    around.into_iter().find(|at| {
        let plain = plain(at);
        !at.is_root() && !controls().contains(&plain) && !holds_controls(&plain)
    })
}

/// What a scope, the header or a line of goods, holds besides its controls: present elements and
/// those that remarks name, sorted by path.
pub fn others<'a>(
    draft: &Draft,
    schema: &Schema,
    scope: &Path,
    remarks: impl Iterator<Item = &'a Remark>,
) -> BTreeSet<Path> {
    let mut found = BTreeSet::new();
    if scope.is_root() {
        for path in top_elements(draft, schema) {
            if let Some(element) = draft.element(&path, schema) {
                collect(draft, schema, &element, path, &mut found);
            }
        }
    } else if let Some(element) = draft.element(scope, schema) {
        collect_children(draft, schema, &element, scope, &mut found);
    }
    let named = remarks.map(|remark| &remark.path).filter(|path| path.is_within(scope));
    found.extend(named.filter_map(|path| root_of(draft, path)));
    found
}

/// Elements right below the root but for the lines of goods, which are scopes of their own.
fn top_elements(draft: &Draft, schema: &Schema) -> Vec<Path> {
    let Some(index) = schema.index(schema.root()) else { return Vec::new() };
    index
        .children
        .iter()
        .filter(|child| &*child.step != GOODS)
        .flat_map(|child| {
            let path = Path::root().join(&child.step);
            match child.repeats {
                true => draft.items(&path).into_iter().map(|item| path.item(item)).collect(),
                false => vec![path],
            }
        })
        .collect()
}

fn collect_children(
    draft: &Draft,
    schema: &Schema,
    element: &Element,
    path: &Path,
    into: &mut BTreeSet<Path>,
) {
    let Some(place) = schema.place(path) else { return };
    for child in element.children() {
        let below = path.child(&place.step_of(&child.name), child.item);
        collect(draft, schema, child, below, into);
    }
}

fn collect(
    draft: &Draft,
    schema: &Schema,
    element: &Element,
    path: Path,
    into: &mut BTreeSet<Path>,
) {
    let plain = plain(&path);
    if KEPT.contains(&plain.as_str()) || has_control(draft, &path) {
        return;
    }
    match root_of(draft, &path) {
        Some(root) => {
            into.insert(root);
        }
        None => collect_children(draft, schema, element, &path, into),
    }
}

/// An element that may be added to a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The element; the list when it repeats.
    pub path: Path,
    pub repeats: bool,
    /// «Покупатель: краткое наименование».
    pub label: String,
}

/// What may be added to a scope besides its controls, in the order of the schema.
pub fn additions(draft: &Draft, schema: &Schema, scope: &Path, lang: Lang) -> Vec<Addition> {
    let mut found = Adding { draft, lang, found: Vec::new() };
    if let Some(node) = form(schema, scope, lang) {
        found.below(&node, scope, "");
    }
    found.found
}

struct Adding<'a> {
    draft: &'a Draft,
    lang: Lang,
    found: Vec<Addition>,
}

impl Adding<'_> {
    fn below(&mut self, node: &FormNode, path: &Path, around: &str) {
        for child in &node.children {
            if child.step.is_empty() {
                // A choice, or fields that go together: their elements stand here.
                self.below(child, path, around);
                continue;
            }
            let at = path.join(&child.step);
            let plain = plain(&at);
            if plain == GOODS || KEPT.contains(&plain.as_str()) {
                continue;
            }
            let label = match around {
                "" => child.label.clone(),
                around => format!("{around}: {}", child.label),
            };
            match (holds_controls(&plain), child.repeats) {
                (true, true) => self.items(child, &at, &label),
                (true, false) => self.below(child, &at, &label),
                (false, repeats) if !controls().contains(&plain) => {
                    self.found.push(Addition { path: at, repeats, label });
                }
                (false, true) if FIRST.contains(&child.step.as_str()) => {
                    self.found.push(Addition { path: at, repeats: true, label });
                }
                (false, _) => {}
            }
        }
    }

    /// Items whose first, or each, has controls for some of its fields.
    fn items(&mut self, node: &FormNode, list: &Path, label: &str) {
        let only_first = FIRST.contains(&node.step.as_str());
        let items = self.draft.items(list);
        let shown = if only_first { items.len().min(1) } else { items.len() };
        for (item, number) in items.iter().take(shown).zip(1..) {
            let label = if only_first { label.to_owned() } else { format!("{label} {number}") };
            self.below(node, &list.item(*item), &label);
        }
        if only_first && !items.is_empty() {
            let label = format!("{label} ({})", self.lang.pick("ещё один", "another"));
            self.found.push(Addition { path: list.clone(), repeats: true, label });
        }
    }
}

/// Whether a field is shown among the other fields of its scope.
pub fn is_other(draft: &Draft, path: &Path) -> bool {
    root_of(draft, path).is_some()
}

/// Id on the page of the control for a path: that of its own control, or of the generic one.
pub fn control_id(draft: &Draft, path: &Path) -> String {
    match is_other(draft, path) {
        true => crate::document::generic::control_id(path),
        false => place::control_id(path),
    }
}

#[cfg(test)]
mod tests {
    use edoc::patch::{ItemId, Patch, Position, ReplicaId};

    use super::*;
    use crate::statform::schema;

    fn path(text: &str) -> Path {
        text.parse().unwrap()
    }

    fn draft(fields: &[(&str, &str)], items: &[(&str, u64)]) -> Draft {
        let replica = ReplicaId::session(1);
        let mut draft = Draft::new(schema::form().unwrap());
        for (list, item) in items {
            let (list, item) = (path(list), ItemId::file(*item));
            let position = draft.position_last(&list);
            draft.edit(&replica, Patch::Insert { list, item, position, value: None }).unwrap();
        }
        for (field, value) in fields {
            let value = Some((*value).to_owned());
            draft.edit(&replica, Patch::Set { path: path(field), value }).unwrap();
        }
        draft
    }

    fn texts(found: BTreeSet<Path>) -> Vec<String> {
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_control_is_a_field() {
        let schema = schema::form().unwrap();
        for control in controls() {
            assert!(schema.field(&path(control)).is_some(), "{control}");
        }
        for kept in KEPT {
            assert!(schema.field(&path(kept)).is_some(), "{kept}");
        }
    }

    #[test]
    fn what_came_with_a_file_is_found() {
        let [a, b] = [0, 1].map(ItemId::file);
        let fields = [
            ("DocumentID".to_owned(), "x"),
            ("MCD_ID".to_owned(), "x"),
            ("Consignor/OrganizationName".to_owned(), "x"),
            ("Consignor/ShortName".to_owned(), "x"),
            ("Consignor/IdentityCard/IdentityCardNumber".to_owned(), "x"),
            (format!("Consignor/SubjectAddressDetails[{a}]/City"), "x"),
            (format!("Consignor/SubjectAddressDetails[{a}]/Town"), "x"),
            (format!("Consignor/SubjectAddressDetails[{b}]/City"), "x"),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(f, v)| (f.as_str(), *v)).collect();
        let list = "Consignor/SubjectAddressDetails";
        let draft = draft(&fields, &[(list, 0), (list, 1)]);
        let found = others(&draft, schema::form().unwrap(), &Path::root(), std::iter::empty());
        assert_eq!(
            texts(found),
            [
                "Consignor/IdentityCard".to_owned(),
                "Consignor/ShortName".to_owned(),
                format!("{list}[{a}]/Town"),
                format!("{list}[{b}]"),
                "MCD_ID".to_owned(),
            ]
        );
        assert!(has_control(&draft, &path(&format!("{list}[{a}]/City"))));
        assert!(!has_control(&draft, &path(&format!("{list}[{b}]/City"))));
    }

    #[test]
    fn a_remark_brings_a_field_that_is_not_there() {
        use edoc::remark::{Code, Remark};
        let draft = draft(&[("MCD_ID", "x")], &[]);
        let remarks = [
            Remark::error(Code::POWER, path("INNSign")),
            Remark::error(Code::POWER, path("Consignor/OrganizationName")),
            Remark::error(Code::POWER, path("DocumentID")),
        ];
        let found = others(&draft, schema::form().unwrap(), &Path::root(), remarks.iter());
        assert_eq!(texts(found), ["DocumentID", "INNSign", "MCD_ID"]);
    }

    #[test]
    fn two_countries_identifiers_do_not_hide_each_other() {
        let fields = [
            ("Consignee/RFOrganizationFeatures/INN", "7707083893"),
            ("Consignee/RKOrganizationFeatures/BIN", "010140001230"),
        ];
        let draft = draft(&fields, &[]);
        let found = others(&draft, schema::form().unwrap(), &Path::root(), std::iter::empty());
        assert_eq!(texts(found), ["Consignee/RKOrganizationFeatures"]);
    }

    #[test]
    fn a_line_has_what_its_controls_do_not_show() {
        let a = ItemId::file(0);
        let line = format!("GoodsInfo[{a}]");
        let fields = [
            (format!("{line}/GoodsNumeric"), "1"),
            (format!("{line}/InvoicedCost"), "1"),
            (format!("{line}/Manufacturer/OrganizationName"), "x"),
            (format!("{line}/Manufacturer/ShortName"), "x"),
            (format!("{line}/DTIdentificationMeansDetails/CIMQuantity"), "1"),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(f, v)| (f.as_str(), *v)).collect();
        let mut draft = draft(&[], &[("GoodsInfo", 0)]);
        let replica = ReplicaId::session(2);
        for (field, value) in fields {
            let value = Some(value.to_owned());
            draft.edit(&replica, Patch::Set { path: path(field), value }).unwrap();
        }
        let list = path(&format!("{line}/GoodsDescription"));
        let item = ItemId::file(5);
        let insert = Patch::Insert { list, item, position: Position::nth(0), value: None };
        draft.edit(&replica, insert).unwrap();
        let found = others(&draft, schema::form().unwrap(), &path(&line), std::iter::empty());
        assert_eq!(
            texts(found),
            [
                format!("{line}/DTIdentificationMeansDetails"),
                format!("{line}/Manufacturer/ShortName")
            ]
        );
    }

    #[test]
    fn what_may_be_added_has_a_name_and_no_control() {
        let schema = schema::form().unwrap();
        let found = additions(&draft(&[], &[]), schema, &Path::root(), Lang::Ru);
        let label =
            |wanted: &str| found.iter().find(|a| a.path == path(wanted)).map(|a| a.label.as_str());
        assert_eq!(label("Consignor/ShortName"), Some("Продавец: Краткое наименование"));
        assert!(label("MCD_ID").is_some());
        assert_eq!(label("CustomsProcedure"), None);
        assert_eq!(label("DocumentID"), None);
        assert!(found.iter().all(|a| !a.label.is_empty()));
    }
}
