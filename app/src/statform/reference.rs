//! What the checks in the browser know of the world: the page's classifiers, the built-in
//! calendar, and the commodity codes that the server was asked about.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{calendar::Calendar, date::moscow_date, view::tariff::Commodity};
use edoc::statform::{Lookup, Reference, Tnved, Unit};
use leptos::{prelude::*, task::spawn_local};
use rust_decimal::Decimal;

use super::{form::Form, goods};
use crate::{
    document::device,
    tariff::{Entry, Lists, api},
};

/// The page's reference data.
#[derive(Debug)]
pub struct PageReference {
    calendar: Calendar,
    countries: Option<BTreeMap<String, String>>,
    currencies: Option<BTreeSet<String>>,
    transports: Option<BTreeMap<String, String>>,
    /// Whether a code that the server does not know is wrong.
    nomenclature: bool,
    /// What the server answered about codes; `None` for those it does not have.
    codes: BTreeMap<String, Option<Commodity>>,
}

impl Default for PageReference {
    fn default() -> Self {
        Self {
            calendar: Calendar::builtin(),
            countries: None,
            currencies: None,
            transports: None,
            nomenclature: false,
            codes: BTreeMap::new(),
        }
    }
}

impl PageReference {
    /// Takes the classifiers when they have arrived.
    pub fn take_lists(&mut self, lists: &Lists) {
        let by_code = |entries: &[Entry]| {
            entries.iter().map(|entry| (entry.code.clone(), entry.name.clone())).collect()
        };
        self.countries = Some(by_code(&lists.countries));
        self.currencies = Some(lists.currencies.iter().map(|entry| entry.code.clone()).collect());
        self.transports = Some(by_code(&lists.transports));
        self.nomenclature = lists.nomenclature;
    }

    /// Takes a code that was looked up.
    pub fn learn(&mut self, commodity: &Commodity) {
        self.codes.insert(commodity.code.clone(), Some(commodity.clone()));
    }

    /// The name of a code with its unit, for a hint; nothing for a code not known here.
    pub fn describe(&self, code: &str) -> Option<String> {
        let commodity = self.codes.get(code)?.as_ref()?;
        Some(match &commodity.unit {
            Some(unit) => format!("{} ({})", commodity.name, unit.symbol),
            None => commodity.name.clone(),
        })
    }
}

fn lookup(entries: Option<&BTreeMap<String, String>>, code: &str) -> Lookup<String> {
    match entries {
        Some(entries) => entries.get(code).cloned().map_or(Lookup::Unknown, Lookup::Known),
        None => Lookup::NotLoaded,
    }
}

impl Reference for PageReference {
    fn today(&self) -> NaiveDate {
        moscow_date(device::now())
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    fn country(&self, code: &str) -> Lookup<String> {
        lookup(self.countries.as_ref(), code)
    }

    fn currency(&self, code: &str) -> Lookup<()> {
        match &self.currencies {
            Some(known) if known.contains(code) => Lookup::Known(()),
            // The page's list has the usual currencies only; the server knows the rest.
            _ => Lookup::NotLoaded,
        }
    }

    fn transport(&self, code: &str) -> Lookup<String> {
        lookup(self.transports.as_ref(), code)
    }

    fn tnved(&self, code: &str, _date: NaiveDate) -> Lookup<Tnved> {
        match self.codes.get(code) {
            Some(Some(commodity)) => Lookup::Known(Tnved {
                unit: commodity
                    .unit
                    .as_ref()
                    .map(|unit| Unit { code: unit.code.clone(), name: unit.symbol.clone() }),
            }),
            Some(None) if self.nomenclature => Lookup::Unknown,
            _ => Lookup::NotLoaded,
        }
    }

    /// Rates are compared on the server, which has the whole table.
    fn rate(&self, _currency: &str, _date: NaiveDate) -> Option<Decimal> {
        None
    }

    /// Earlier forms are known to the server only.
    fn registered(&self, _number: &str) -> Lookup<()> {
        Lookup::NotLoaded
    }
}

/// Asks the server about the form's commodity codes that the page has not met yet; the lines
/// that have them are then checked anew.
pub fn learn(form: Form) {
    let unknown: BTreeSet<String> = form.editing.with_draft(|draft| {
        let list = goods::list();
        draft
            .items(&list)
            .into_iter()
            .filter_map(|item| draft.text(&list.item(item).join("GoodsTNVEDCode")))
            .filter(|code| code.len() == 10 && code.bytes().all(|b| b.is_ascii_digit()))
            .filter(|code| form.reference.with_value(|known| !known.codes.contains_key(*code)))
            .map(str::to_owned)
            .collect()
    });
    if unknown.is_empty() {
        return;
    }
    // Marked before the answer, so that each code is asked about once.
    form.reference.update_value(|reference| {
        reference.codes.extend(unknown.iter().map(|code| (code.clone(), None)));
    });
    let date = form.date().get_untracked();
    spawn_local(async move {
        match api::codes(unknown.iter().cloned().collect(), date).await {
            Ok(found) => {
                form.reference.update_value(|reference| {
                    for commodity in &found {
                        reference.learn(commodity);
                    }
                });
                form.check_all();
            }
            Err(_) => form.reference.update_value(|reference| {
                reference.codes.retain(|code, known| known.is_some() || !unknown.contains(code));
            }),
        }
    });
}
