//! What the checks in the browser know of the world: the page's classifiers, the built-in
//! calendar, and the commodity codes that the server was asked about.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use chrono::NaiveDate;
use domain::{calendar::Calendar, date::moscow_date, view::tariff::Commodity};
use edoc::statform::{Lookup, Reference, Tnved, Unit};
use leptos::{prelude::*, task::spawn_local};
use rust_decimal::Decimal;

use super::{form::Form, goods, rates::unit_price};
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
    /// Roubles for one unit of a currency on a day; `None` where the server has no rate.
    rates: BTreeMap<(String, NaiveDate), Option<Decimal>>,
    /// Rates that a check wanted and the page did not have.
    wanted: Mutex<BTreeSet<(String, NaiveDate)>>,
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
            rates: BTreeMap::new(),
            wanted: Mutex::default(),
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

    fn rate(&self, currency: &str, date: NaiveDate) -> Option<Decimal> {
        let key = (currency.to_owned(), date);
        match self.rates.get(&key) {
            Some(rate) => *rate,
            None => {
                self.wanted.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
                None
            }
        }
    }

    /// Earlier forms are known to the server only.
    fn registered(&self, _number: &str) -> Lookup<()> {
        Lookup::NotLoaded
    }
}

/// Asks the server about what the last checks wanted to know and the page did not: commodity
/// codes and rates. When the answers are here, the form is checked anew.
pub fn learn(form: Form) {
    learn_codes(form);
    learn_rates(form);
}

fn learn_rates(form: Form) {
    let wanted = form.reference.try_update_value(|reference| {
        let wanted = reference.wanted.get_mut().unwrap_or_else(PoisonError::into_inner);
        let wanted = std::mem::take(wanted);
        // Marked before the answer, so that each rate is asked for once.
        reference.rates.extend(wanted.iter().map(|key| (key.clone(), None)));
        wanted
    });
    let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else { return };
    spawn_local(async move {
        let mut found = Vec::new();
        let mut unanswered = Vec::new();
        for key in wanted {
            match api::rate(key.0.clone(), key.1).await {
                Ok(rate) => found.push((key, rate.as_ref().and_then(unit_price))),
                Err(_) => unanswered.push(key),
            }
        }
        let news = !found.is_empty();
        let is_open = form.reference.try_update_value(|reference| {
            for key in &unanswered {
                reference.rates.remove(key);
            }
            reference.rates.extend(found);
        });
        if is_open.is_some() && news {
            form.check_all();
        }
    });
}

fn learn_codes(form: Form) {
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
        let answer = api::codes(unknown.iter().cloned().collect(), date).await;
        if form.reference.try_with_value(|_| ()).is_none() {
            return;
        }
        match answer {
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
