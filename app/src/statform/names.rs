//! How fields of the form are called where they are listed apart from the form itself: conflicts,
//! differences of versions, fields without a control of their own.

use domain::lang::Lang;
use edoc::{
    path::{Path, Step},
    statform,
};

use super::{facts::leaf_name, goods, party::Party, place, schema};
use crate::document::editing::Editing;

/// Steps that say nothing to people: the graph and the field tell enough.
fn is_silent(step: &Step<'_>) -> bool {
    step.local == place::GOODS
        || step.local == "SubjectAddressDetails"
        || step.local == "CommunicationDetails"
        || step.local == "DTNumber"
        || step.local.ends_with("OrganizationFeatures")
}

/// The name of the element that a step of a path leads to.
fn step_name(path: &Path, step: &Step<'_>, lang: Lang) -> String {
    if let Some(party) = Party::ALL.into_iter().find(|party| party.element() == step.local) {
        return party.name(lang).to_owned();
    }
    let known = leaf_name(step.local, lang);
    if known != step.local {
        return known.to_owned();
    }
    schema::form()
        .and_then(|schema| schema.field(path))
        .map(|field| field.label(lang).to_owned())
        .filter(|label| !label.is_empty())
        .unwrap_or_else(|| step.local.to_owned())
}

/// The names of the elements from below `above` down to the path, without those that say nothing.
fn names(path: &Path, above: &Path, lang: Lang) -> Vec<String> {
    let mut around = path.ancestors();
    around.reverse();
    around.push(path.clone());
    around
        .iter()
        .filter(|at| at.is_within(above) && *at != above)
        .filter_map(|at| {
            let step = at.last()?;
            (!is_silent(&step) || at == path).then(|| step_name(at, &step, lang))
        })
        .collect()
}

/// «Покупатель: Город», with the number of the line of goods when it is known: «Стоимость товара
/// (товар 2)».
pub fn label(path: &Path, line: Option<usize>, lang: Lang) -> String {
    let mut name = names(path, &Path::root(), lang).join(": ");
    if let Some(line) = line {
        name.push_str(&format!(" ({} {line})", lang.pick("товар", "goods")));
    }
    name
}

/// What stands around a field, seen from `scope`: «Покупатель» for the buyer's short name; empty
/// for a field of the scope itself.
pub fn around(path: &Path, scope: &Path, lang: Lang) -> String {
    let mut names = names(path, scope, lang);
    names.pop();
    names.join(": ")
}

/// The number of the line of goods that a path belongs to, from 1.
pub fn line_number(editing: Editing, path: &Path) -> Option<usize> {
    let item = place::line_of(path)?;
    let lines = editing.items_untracked(&goods::list());
    lines.iter().position(|line| *line == item).map(|at| at + 1)
}

/// «Графа 2. Покупатель: Город», «Графа 13. Стоимость товара (товар 2)».
pub fn field_name(editing: Editing, path: &Path, lang: Lang) -> String {
    let label = label(path, line_number(editing, path), lang);
    match statform::graph_of(path).filter(|graph| graph.number != "—") {
        Some(graph) => format!("{} {}. {label}", lang.pick("Графа", "Graph"), graph.number),
        None => label,
    }
}

#[cfg(test)]
mod tests {
    use edoc::patch::ItemId;

    use super::*;

    #[test]
    fn a_field_is_called_by_party_and_line() {
        let item = ItemId::file(0);
        let say = |path: &str, line| label(&path.parse().unwrap(), line, Lang::Ru);
        assert_eq!(
            say(&format!("Consignee/SubjectAddressDetails[{item}]/City"), None),
            "Покупатель: Город"
        );
        assert_eq!(say("Sender/RFOrganizationFeatures/INN", None), "Отправитель: ИНН");
        assert_eq!(
            say(&format!("GoodsInfo[{item}]/InvoicedCost"), Some(2)),
            "Стоимость товара (товар 2)"
        );
        assert_eq!(
            say(&format!("GoodsInfo[{item}]/OriginCountry/CountryCode"), Some(1)),
            "Страна происхождения: Код страны (товар 1)"
        );
        assert_eq!(say("Consignor/OrganizationLanguage", None), "Продавец: Язык наименования");
    }

    #[test]
    fn what_stands_around_a_field_is_seen_from_its_scope() {
        let line: Path = format!("GoodsInfo[{}]", ItemId::file(0)).parse().unwrap();
        let field = line.join("Manufacturer").join("ShortName");
        assert_eq!(around(&field, &line, Lang::Ru), "Производитель");
        let field: Path = "Consignor/ShortName".parse().unwrap();
        assert_eq!(around(&field, &Path::root(), Lang::Ru), "Продавец");
        assert_eq!(around(&"MCD_ID".parse().unwrap(), &Path::root(), Lang::Ru), "");
    }
}
