//! Lists of a company with fifty thousand forms, on SQLite in a file: `cargo xtask bench` runs it
//! and prints its JSON.

use std::{io::Write, time::Instant};

use backend::{
    ctx::Ctx,
    statform,
    storage::testing::{TestClock, backend, databases, many_forms, somebody},
};
use domain::{
    state::DocumentState,
    view::{
        session::Rights,
        statform::{Query, Sort},
    },
};
use serde_json::json;

/// Forms of the company.
const FORMS: u32 = 50_000;
/// Readings of each page; the first is not counted.
const TIMES: usize = 40;

/// What people look for, by name.
fn queries() -> Vec<(&'static str, Query)> {
    let query = Query::default;
    vec![
        ("newest", query()),
        ("newest, page 2000", Query { page: 2000, ..query() }),
        ("registered", Query { states: vec![DocumentState::Registered], ..query() }),
        ("waits for the participant", Query { attention: true, ..query() }),
        (
            "export since 2026",
            Query {
                direction: Some("ЭК".to_owned()),
                period_from: Some("2026-01".to_owned()),
                ..query()
            },
        ),
        ("by amount", Query { sort: Sort::Amount, descending: true, ..query() }),
        ("by partner", Query { sort: Sort::Partner, ..query() }),
        ("by number", Query { sort: Sort::Number, ..query() }),
        ("search: goods", Query { search: "насосы".to_owned(), ..query() }),
        ("search: partner", Query { search: "партнер 17".to_owned(), ..query() }),
        ("search: number", Query { search: "С049000".to_owned(), ..query() }),
        ("search: nothing", Query { search: "самолёт".to_owned(), ..query() }),
    ]
}

async fn measure(
    ctx: &Ctx,
    query: &Query,
) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    let mut times = Vec::new();
    let mut total = 0;
    for _ in 0..=TIMES {
        let started = Instant::now();
        total = statform::list(ctx, query.clone()).await?.total;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.remove(0);
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((share * TIMES as f64).ceil() as usize).clamp(1, TIMES) - 1];
    Ok(json!({ "total": total, "p50_ms": at(0.5), "p99_ms": at(0.99) }))
}

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let test = databases().await.remove(0);
    let clock = TestClock::at("2026-11-20T09:00:00Z".parse()?);
    let backend = backend(test.db.clone(), clock);
    let ctx = somebody(&backend, 1, Rights::default()).await;
    let started = Instant::now();
    many_forms(&ctx, FORMS).await;
    let mut lists = serde_json::Map::new();
    for (name, query) in queries() {
        lists.insert(name.to_owned(), measure(&ctx, &query).await?);
    }
    let report = json!({
        "forms": FORMS,
        "seconds": started.elapsed().as_secs_f64(),
        "lists": lists,
    });
    writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&report)?)?;
    Ok(())
}
