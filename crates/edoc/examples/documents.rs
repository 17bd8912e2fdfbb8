//! Measures the engine on statistical forms of 1, 99 and 999 lines and prints JSON.
//!
//! `cargo run --release -p edoc --example documents`

use std::{io::Write, time::Instant};

use chrono::NaiveDate;
use domain::calendar::Calendar;
use edoc::{
    draft::Draft,
    patch::{Patch, ReplicaId},
    path::Path,
    registry::Registry,
    statform::{self, Lookup, Reference, Tnved},
    xml,
};
use rust_decimal::Decimal;

const SAMPLE: &[u8] = include_bytes!("../tests/edoc/fixtures/statform.xml");
const ROUNDS: usize = 31;

/// Reference data that knows everything, so that every rule runs to its end.
struct Everything(Calendar);

impl Reference for Everything {
    fn today(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 10).unwrap_or_default()
    }

    fn calendar(&self) -> &Calendar {
        &self.0
    }

    fn country(&self, code: &str) -> Lookup<String> {
        Lookup::Known(if code == "RU" {
            "РОССИЯ".into()
        } else {
            "КАЗАХСТАН".into()
        })
    }

    fn currency(&self, _: &str) -> Lookup<()> {
        Lookup::Known(())
    }

    fn transport(&self, _: &str) -> Lookup<String> {
        Lookup::Known(String::new())
    }

    fn tnved(&self, _: &str, _: NaiveDate) -> Lookup<Tnved> {
        Lookup::Known(Tnved::default())
    }

    fn rate(&self, _: &str, _: NaiveDate) -> Option<Decimal> {
        Some(Decimal::from(80))
    }

    fn registered(&self, _: &str) -> Lookup<()> {
        Lookup::Known(())
    }
}

/// Median of the time of some rounds, milliseconds. On a machine with other work the longer ones
/// are interrupted; `parse_check_best_ms` below is then nearer to the truth.
fn median(work: impl FnMut()) -> f64 {
    rounds(work)[ROUNDS / 2]
}

/// Times of some rounds in order, milliseconds.
fn rounds(mut work: impl FnMut()) -> Vec<f64> {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let registry = Registry::builtin()?;
    let schema = registry.get(statform::MODE_ID, None).ok_or("no statistical form")?;
    let reference = Everything(Calendar::builtin());
    let replica = ReplicaId::session(1);
    let goods: Path = "GoodsInfo".parse()?;
    let mut results = Vec::new();
    for lines in [1usize, 99, 999] {
        let (tree, _) = xml::read(SAMPLE, &registry)?;
        let mut draft = Draft::from_tree(&tree, &schema);
        let first = goods.item(*draft.items(&goods).first().ok_or("no goods")?);
        let value = draft.element(&first, &schema);
        for number in 2..=lines {
            let (item, position) = (draft.next_item(&replica), draft.position_last(&goods));
            let patch = Patch::Insert { list: goods.clone(), item, position, value: value.clone() };
            draft.edit(&replica, patch)?;
            let path = goods.item(item).join("GoodsNumeric");
            draft.edit(&replica, Patch::Set { path, value: Some(number.to_string()) })?;
        }
        let bytes = xml::write(&draft.tree(&schema), &schema);
        let (tree, _) = xml::read(&bytes, &registry)?;
        let parse = median(|| drop(std::hint::black_box(xml::read(&bytes, &registry))));
        let check = median(|| {
            drop(std::hint::black_box(statform::check_all(&tree, &schema, &reference)));
        });
        let best = rounds(|| {
            if let Ok((tree, _)) = xml::read(&bytes, &registry) {
                drop(std::hint::black_box(statform::check_all(&tree, &schema, &reference)));
            }
        })[0];
        let write = median(|| drop(std::hint::black_box(xml::write(&tree, &schema))));
        let draft_of = median(|| drop(std::hint::black_box(Draft::from_tree(&tree, &schema))));
        let last = *draft.items(&goods).last().ok_or("no goods")?;
        let path = goods.item(last).join("InvoicedCost");
        let mut count = 0;
        let keystroke = median(|| {
            count += 1;
            let patch = Patch::Set { path: path.clone(), value: Some(format!("{count}.00")) };
            let _ = std::hint::black_box(draft.edit(&replica, patch));
            drop(std::hint::black_box(statform::check_line(&draft, &last, &schema, &reference)));
            drop(std::hint::black_box(statform::check_header(&draft, &schema, &reference)));
        });
        results.push(format!(
            "{{\"goods\":{lines},\"bytes\":{},\"parse_ms\":{parse:.3},\"check_ms\":{check:.3},\
             \"parse_check_ms\":{:.3},\"parse_check_best_ms\":{best:.3},\"write_ms\":{write:.3},\"draft_ms\":{draft_of:.3},\
             \"keystroke_ms\":{keystroke:.3}}}",
            bytes.len(),
            parse + check
        ));
    }
    writeln!(std::io::stdout(), "{{\"statform\":[{}]}}", results.join(","))?;
    Ok(())
}
