//! The storage suite of reference data, on every database there is.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Calendar;
use domain::view::tariff::Commodity;
use sea_orm::DatabaseConnection;

use super::*;
use crate::storage::testing::databases;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-22T09:00:00Z".parse().unwrap()
}

async fn load(
    db: &DatabaseConnection,
    kind: Kind,
    files: &[(&str, &str)],
) -> Result<Imported, TariffError> {
    let files: Vec<SourceFile<'_>> =
        files.iter().map(|(name, text)| SourceFile { name, bytes: text.as_bytes() }).collect();
    import(db, kind, &files, now()).await
}

async fn codes(db: &DatabaseConnection, query: &str) -> Vec<String> {
    let found = tnved_search(db, query, day(2026, 10, 31), 20).await.unwrap();
    found.into_iter().map(|commodity| commodity.code).collect()
}

async fn get(db: &DatabaseConnection, code: &str, date: NaiveDate) -> Option<Commodity> {
    tnved_get(db, code, date).await.unwrap()
}

/// Official files beside the checkout; they are not part of the repository.
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there", path.display());
    None
}

#[tokio::test]
async fn the_first_run_has_an_example_of_everything() {
    for test in databases().await {
        let db = &test.db;
        install_builtin(db).await.unwrap();
        let first = status(db).await.unwrap();
        assert_eq!(first.len(), Kind::ALL.len());
        assert!(first.iter().all(|kind| kind.rows > 0 && kind.builtin), "{first:?}");
        install_builtin(db).await.unwrap();
        assert_eq!(status(db).await.unwrap(), first, "{}", test.name);

        assert_eq!(codes(db, "ноутбук").await, ["8471300000"]);
        assert_eq!(codes(db, "yjen,er").await, ["8471300000"], "the other keyboard layout");
        assert_eq!(codes(db, "8471 30").await, ["8471300000"]);
        assert_eq!(codes(db, "стиральная машина").await, ["8450111100", "8450111900"]);
        assert_eq!(codes(db, "64 женская обувь").await, ["6403599900"]);
        assert_eq!(codes(db, "ноутбук картофель").await, Vec::<String>::new());
        assert_eq!(codes(db, "").await, Vec::<String>::new());

        let notebook = get(db, "8471300000", day(2026, 10, 31)).await.unwrap();
        let path: Vec<&str> = notebook.path.iter().map(|above| above.code.as_str()).collect();
        assert_eq!(path, ["16", "84", "8471"]);
        assert_eq!(notebook.unit.unwrap().symbol, "ШТ");
        assert_eq!(notebook.duties, ["0"]);

        let countries = countries(db).await.unwrap();
        let eaeu: Vec<&str> = countries.iter().take(5).map(|row| row.code.as_str()).collect();
        assert_eq!(eaeu, ["AM", "BY", "KZ", "KG", "RU"]);
        assert_eq!(calendar(db).await.unwrap(), Calendar::builtin());
        assert!(units(db).await.unwrap().iter().any(|unit| unit.code == "796"));
        assert!(transport_modes().iter().any(|mode| mode.code == "30"));
        assert!(document_kinds().iter().any(|kind| kind.code == "04021"));
        assert_eq!(currencies()[0].code, "RUB");
    }
}

const HEADER: &str = "020|20220811|0000|\n";
const HEADINGS: &str = "84|71|ВЫЧИСЛИТЕЛЬНЫЕ МАШИНЫ:|01.01.2022||\n";
const CODES: &str = "84|71|300000|- портативные|01.01.2022||\n\
                     84|71|410000|- стационарные|01.01.2022|30.06.2026|\n\
                     84|71|410000|- стационарные новые|01.07.2026||\n\
                     84|71|500000|- старые|01.01.2002|31.12.2006|\n";

#[tokio::test]
async fn levels_of_the_nomenclature_replace_the_example_and_then_each_other() {
    for test in databases().await {
        let db = &test.db;
        install_builtin(db).await.unwrap();
        let headings = format!("{HEADER}{HEADINGS}");
        let codes_file = format!("{HEADER}{CODES}");

        let refused = load(db, Kind::Tnved, &[("TNVED3.TXT", &headings)]).await;
        assert!(matches!(refused, Err(TariffError::Import(_))), "no codes: {refused:?}");
        assert_eq!(codes(db, "ноутбук").await, ["8471300000"], "nothing is changed");

        let files = [("TNVED3.TXT", headings.as_str()), ("TNVED4.TXT", codes_file.as_str())];
        let imported = load(db, Kind::Tnved, &files).await.unwrap();
        // What ended in 2006 is not kept.
        assert_eq!(imported.rows, 4);
        assert_eq!(
            imported.edition.as_deref(),
            Some("TNVED3.TXT: 11.08.2022, TNVED4.TXT: 11.08.2022")
        );
        assert_eq!(codes(db, "смартфоны").await, Vec::<String>::new(), "the example is gone");
        assert_eq!(codes(db, "портативная машина").await, ["8471300000"]);
        assert_eq!(codes(db, "вычислительных машин").await, ["8471300000", "8471410000"]);
        assert!(get(db, "8471500000", day(2006, 1, 1)).await.is_none());

        let name = |found: Option<Commodity>| found.map(|commodity| commodity.name);
        let old = get(db, "8471410000", day(2026, 6, 30)).await;
        assert_eq!(name(old).as_deref(), Some("стационарные"));
        let new = get(db, "8471410000", day(2026, 7, 1)).await;
        assert_eq!(name(new).as_deref(), Some("стационарные новые"));
        assert!(get(db, "8471410000", day(2021, 12, 31)).await.is_none());
        let heading = get(db, "8471", day(2026, 7, 1)).await;
        assert_eq!(name(heading).as_deref(), Some("ВЫЧИСЛИТЕЛЬНЫЕ МАШИНЫ"));

        let renamed = headings.replace("ВЫЧИСЛИТЕЛЬНЫЕ", "СЧЕТНЫЕ");
        load(db, Kind::Tnved, &[("TNVED3.TXT", &renamed)]).await.unwrap();
        assert_eq!(codes(db, "вычислительных машин").await, Vec::<String>::new());
        assert_eq!(codes(db, "счётные портативные").await, ["8471300000"]);
    }
}

#[tokio::test]
async fn a_code_that_only_the_duties_know_is_no_wrong_code() {
    for test in databases().await {
        let db = &test.db;
        install_builtin(db).await.unwrap();
        let duties = |code: &str| {
            format!(
                r#"{{"format": "eec_ett_v1", "revision": "1",
                "rates": [{{"hs_code": "{code}", "duty_rate": "5%"}}]}}"#
            )
        };
        let names = format!("{HEADER}{CODES}");
        load(db, Kind::Tnved, &[("TNVED4.TXT", &names)]).await.unwrap();
        assert!(get(db, "2203000100", day(2026, 1, 1)).await.is_none());
        load(db, Kind::DutyRates, &[("a.json", &duties("2203000100"))]).await.unwrap();
        let beer = get(db, "2203000100", day(2026, 1, 1)).await.unwrap();
        assert_eq!(beer.duties, ["5%"]);
        // A new list of names keeps it, a new list of duties without it does not.
        load(db, Kind::Tnved, &[("TNVED4.TXT", &names)]).await.unwrap();
        assert_eq!(get(db, "2203000100", day(2026, 1, 1)).await, Some(beer));
        load(db, Kind::DutyRates, &[("b.json", &duties("8471300000"))]).await.unwrap();
        assert!(get(db, "2203000100", day(2026, 1, 1)).await.is_none());
        assert_eq!(get(db, "8471300000", day(2026, 1, 1)).await.unwrap().name, "портативные");
    }
}

#[tokio::test]
async fn a_wrong_file_changes_nothing_and_names_the_line() {
    for test in databases().await {
        let db = &test.db;
        install_builtin(db).await.unwrap();
        let before = status(db).await.unwrap();
        for (kind, name, text, line) in [
            (
                Kind::ExchangeRates,
                "r.csv",
                "date;currency;nominal;rate\n01.10.2026;USD;1;80\nx;USD;1;80\n",
                Some(3),
            ),
            (Kind::Calendar, "c.csv", "date;kind\n22.02.2027;maybe\n", Some(2)),
            (Kind::Units, "okei.json", "{\"Sections\":\n[{}]}", Some(2)),
            (Kind::Countries, "c.json", "[{\"alpha2\": \"Ru\"}]", Some(1)),
            (Kind::DutyRates, "e.json", "{}", Some(1)),
            (Kind::TnvedUnits, "u.csv", "code;unit\n8471;\n", Some(2)),
            (Kind::Tnved, "TNVED4.TXT", "nonsense", Some(1)),
        ] {
            match load(db, kind, &[(name, text)]).await {
                Err(TariffError::Import(error)) => {
                    assert_eq!((error.file.as_str(), error.line), (name, line), "{error}");
                }
                other => panic!("{kind}: {other:?}"),
            }
        }
        let two = load(db, Kind::Calendar, &[("a", ""), ("b", "")]).await;
        assert!(matches!(two, Err(TariffError::Import(error)) if error.file == "b"));
        assert!(load(db, Kind::Tnved, &[]).await.is_err());
        assert_eq!(status(db).await.unwrap(), before);
    }
}

#[tokio::test]
async fn rates_are_added_and_the_latest_before_the_day_holds() {
    for test in databases().await {
        let db = &test.db;
        install_builtin(db).await.unwrap();
        assert!(rate_get(db, "CNY", day(2026, 10, 5)).await.unwrap().is_some());
        let header = "date;currency;nominal;rate\n";
        let october = format!("{header}01.10.2026;USD;1;81,5\n06.10.2026;USD;1;82\n");
        load(db, Kind::ExchangeRates, &[("october.csv", &october)]).await.unwrap();
        let correction = format!("{header}06.10.2026;USD;1;82.25\n06.10.2026;KZT;100;15\n");
        let imported = load(db, Kind::ExchangeRates, &[("fix.csv", &correction)]).await.unwrap();
        assert_eq!(imported.rows, 3);

        let rate = |date| async move {
            let rate = rate_get(db, "USD", date).await.unwrap();
            rate.map(|rate| (rate.rate, rate.date, rate.source))
        };
        let first = ("81.5".to_owned(), day(2026, 10, 1), "october.csv".to_owned());
        assert_eq!(rate(day(2026, 10, 5)).await, Some(first));
        let fixed = ("82.25".to_owned(), day(2026, 10, 6), "fix.csv".to_owned());
        assert_eq!(rate(day(2026, 12, 31)).await, Some(fixed));
        assert_eq!(rate(day(2026, 9, 30)).await, None);
        assert_eq!(
            rate_get(db, "CNY", day(2026, 10, 5)).await.unwrap(),
            None,
            "the example is gone"
        );
        let tenge = rate_get(db, "KZT", day(2026, 10, 7)).await.unwrap().unwrap();
        assert_eq!((tenge.nominal, tenge.rate.as_str()), (100, "15"));
        let rouble = rate_get(db, "RUB", day(2026, 10, 7)).await.unwrap().unwrap();
        assert_eq!((rouble.nominal, rouble.rate.as_str()), (1, "1"));
    }
}

#[tokio::test]
async fn a_year_of_the_calendar_is_replaced_whole() {
    for test in databases().await {
        let db = &test.db;
        install_builtin(db).await.unwrap();
        let decree = "date;kind\n22.02.2027;off\n20.02.2027;working\n";
        load(db, Kind::Calendar, &[("2027.csv", decree)]).await.unwrap();
        let calendar = calendar(db).await.unwrap();
        assert!(!calendar.is_working(day(2027, 2, 22)) && calendar.is_working(day(2027, 2, 20)));
        assert!(calendar.is_working(day(2027, 11, 4)), "the projection is gone");
        assert!(!calendar.is_working(day(2026, 11, 4)), "other years stay");
        install_builtin(db).await.unwrap();
        assert_eq!(super::calendar(db).await.unwrap(), calendar, "an import is never overwritten");
    }
}

#[tokio::test]
async fn official_files_are_imported() {
    let folder = "tnved/nalog";
    let names = ["TNVED1.TXT", "TNVED2.TXT", "TNVED3.TXT", "tnved.json"];
    let Some(paths) =
        names.iter().map(|name| shared(&format!("{folder}/{name}"))).collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let Some(duties) = shared("tnved/eec_ett_normative_bundle.json") else { return };
    let Some(okei) = shared("nsi/okei.json") else { return };
    let Some(world) = shared("nsi/countries_iso3166_ru.json") else { return };
    let bytes: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let files: Vec<SourceFile<'_>> =
        names.iter().zip(&bytes).map(|(name, bytes)| SourceFile { name, bytes }).collect();
    assert!(files.iter().all(|file| Kind::of_file(file.name, file.bytes) == Some(Kind::Tnved)));
    for test in databases().await {
        let db = &test.db;
        install_builtin(db).await.unwrap();
        let imported = import(db, Kind::Tnved, &files, now()).await.unwrap();
        assert!(imported.rows > 13_000, "{imported:?}");
        for (kind, path, least) in [
            (Kind::DutyRates, &duties, 13_000),
            (Kind::Units, &okei, 500),
            (Kind::Countries, &world, 240),
        ] {
            let bytes = std::fs::read(path).unwrap();
            assert_eq!(Kind::of_file("file.json", &bytes), Some(kind));
            let file = SourceFile { name: "file.json", bytes: &bytes };
            let imported = import(db, kind, &[file], now()).await.unwrap();
            assert!(imported.rows > least, "{imported:?}");
        }

        let found = codes(db, "портативные вычислительные машины").await;
        assert_eq!(found.first().map(String::as_str), Some("8471300000"), "{found:?}");
        assert!(codes(db, "смартфоны").await.contains(&"8517130000".to_owned()));
        assert!(codes(db, "шампунь").await.contains(&"3305100000".to_owned()));
        let milk = codes(db, "сгущенное молоко").await;
        assert!(!milk.is_empty() && milk.iter().all(|code| code.starts_with("04")), "{milk:?}");
        assert_eq!(codes(db, "847130").await, ["8471300000"]);
        assert_eq!(codes(db, "прочие").await.len(), 20);
        assert_eq!(codes(db, "ноутбук").await, ["8471300000"], "an everyday word");
        let cars = codes(db, "автомобили легковые").await;
        assert!(cars.iter().all(|code| code.starts_with("8703")), "not their tyres: {cars:?}");
        // A heading that is not divided is missing in the lists of names.
        let beer = get(db, "2203000100", day(2026, 10, 31)).await.unwrap();
        assert_eq!(beer.path.len(), 2);
        assert!(!beer.duties.is_empty());
        let notebook = get(db, "8471300000", day(2026, 10, 31)).await.unwrap();
        assert_eq!(notebook.path.len(), 3);
        assert_eq!(notebook.duties, ["0"]);
        let korea = countries(db).await.unwrap();
        assert!(korea.iter().any(|row| row.name == "КОРЕЯ, РЕСПУБЛИКА"));
    }
}

/// The example must not invent codes, countries or units.
#[tokio::test]
async fn the_example_agrees_with_the_official_lists() {
    let Some(tree) = shared("tnved/nalog/tnved.json") else { return };
    let Some(okei) = shared("nsi/okei.json") else { return };
    let Some(world) = shared("nsi/countries_iso3166_ru.json") else { return };
    let tree = parse::tnved_json::parse("tnved.json", &std::fs::read(tree).unwrap()).unwrap();
    let okei = parse::units::parse("okei.json", &std::fs::read(okei).unwrap()).unwrap();
    let world = parse::countries::parse("c.json", &std::fs::read(world).unwrap()).unwrap();
    let mut databases = databases().await;
    let db = &databases.remove(0).db;
    install_builtin(db).await.unwrap();
    for digit in 0..=9 {
        for found in tnved_search(db, &digit.to_string(), day(2026, 10, 31), 100).await.unwrap() {
            let level_of = |code: &str| tree.rows.iter().filter(|row| row.code == code).count();
            assert!(level_of(&found.code) == 1, "{} is not in the official list", found.code);
            assert!(found.path.iter().all(|above| level_of(&above.code) > 0), "{}", found.code);
        }
    }
    for unit in units(db).await.unwrap() {
        assert!(okei.rows.iter().any(|row| row.code == unit.code), "unit {}", unit.code);
    }
    for country in countries(db).await.unwrap() {
        // Abkhazia and South Ossetia are in the Russian classifier only.
        let ours = ["AB", "OS"].contains(&country.code.as_str());
        let theirs = world.rows.iter().find(|row| row.code == country.code);
        assert_eq!(theirs.is_none(), ours, "country {}", country.code);
        assert!(theirs.is_none_or(|row| row.numeric == country.numeric), "{}", country.code);
    }
}
