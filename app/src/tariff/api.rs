//! Server functions of reference data. It is the same for everybody who entered a cabinet.

use chrono::NaiveDate;
use domain::view::tariff::{self as view, Commodity};
use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::ApiError;

/// Codes that one search gives at most.
#[cfg(feature = "ssr")]
const MOST: usize = 20;
/// Codes that may be asked about at once.
#[cfg(feature = "ssr")]
const MOST_CODES: usize = 999;

/// Ten-digit codes in force on `date` by their beginning or by words.
#[server(endpoint = "tariff/search", prefix = "/api", input = Json)]
pub async fn search(query: String, date: NaiveDate) -> Result<Vec<Commodity>, ApiError> {
    let ctx = crate::context::ctx()?;
    entered(&ctx)?;
    let found = backend::tariff::tnved_search(ctx.db(), &query, date, MOST).await;
    crate::context::answer(&ctx, found)
}

/// What is known of these codes on `date`; those that are not in the directory are left out.
#[server(endpoint = "tariff/codes", prefix = "/api", input = Json)]
pub async fn codes(codes: Vec<String>, date: NaiveDate) -> Result<Vec<Commodity>, ApiError> {
    let ctx = crate::context::ctx()?;
    entered(&ctx)?;
    let mut found = Vec::new();
    for code in codes.iter().take(MOST_CODES) {
        let one = backend::tariff::tnved_get(ctx.db(), code, date).await;
        found.extend(crate::context::answer(&ctx, one)?);
    }
    Ok(found)
}

/// The rate in force on `date`.
#[server(endpoint = "tariff/rate", prefix = "/api", input = Json)]
pub async fn rate(currency: String, date: NaiveDate) -> Result<Option<view::Rate>, ApiError> {
    let ctx = crate::context::ctx()?;
    entered(&ctx)?;
    let found = backend::tariff::rate_get(ctx.db(), &currency, date).await;
    crate::context::answer(&ctx, found)
}

/// The short classifiers.
#[server(endpoint = "tariff/lists", prefix = "/api", input = Json)]
pub async fn lists() -> Result<super::Lists, ApiError> {
    use super::Entry;
    use backend::tariff;
    let ctx = crate::context::ctx()?;
    entered(&ctx)?;
    let db = ctx.db();
    let countries = crate::context::answer(&ctx, tariff::countries(db).await)?;
    let units = crate::context::answer(&ctx, tariff::units(db).await)?;
    let sources = crate::context::answer(&ctx, tariff::status(db).await)?;
    let terms = |terms: Vec<view::Term>| {
        terms.into_iter().map(|term| Entry { code: term.code, name: term.name }).collect()
    };
    Ok(super::Lists {
        countries: countries
            .into_iter()
            .map(|country| Entry { code: country.code, name: country.name })
            .collect(),
        currencies: terms(tariff::currencies()),
        transports: terms(tariff::transport_modes()),
        units: units.into_iter().map(|unit| Entry { code: unit.code, name: unit.symbol }).collect(),
        documents: terms(tariff::document_kinds()),
        nomenclature: sources.iter().any(|source| source.kind == "tnved" && source.rows > COMPLETE),
    })
}

/// More codes than the built-in sample has: then the nomenclature was imported.
#[cfg(feature = "ssr")]
const COMPLETE: u64 = 5_000;

/// Refuses those who have not entered a cabinet.
#[cfg(feature = "ssr")]
fn entered(ctx: &backend::ctx::Ctx) -> Result<(), ApiError> {
    crate::context::answer(ctx, ctx.role().map(drop))
}
