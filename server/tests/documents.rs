//! Commands about one document, and about formats and reference data.

#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

const FORM: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/edoc/tests/edoc/fixtures/statform.xml");

fn cabinet(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cabinet"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The album beside the checkout, or `None` with a word about it.
fn album() -> Option<PathBuf> {
    let shared = std::env::var("CABINET_SHARED_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data").to_owned());
    let album = Path::new(&shared).join("album_5_23_0/Schemas_out_5_23_0.tar.gz");
    if !album.is_file() {
        eprintln!("skipped: {} is not here", album.display());
        return None;
    }
    Some(album)
}

#[test]
fn check_tells_by_its_exit_status_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let form = std::fs::read_to_string(FORM).unwrap();
    write("sound.xml", &form);
    write("faulty.xml", &form.replace("<GoodsTNVEDCode>", "<GoodsTNVEDCode>X"));
    write("other.xml", "<a/>");
    write("broken.xml", &form[..form.len() / 2]);

    for (file, status) in
        [("sound.xml", 0), ("faulty.xml", 1), ("other.xml", 2), ("broken.xml", 2), ("none.xml", 2)]
    {
        let output = cabinet(folder.path(), &["check", file]);
        assert_eq!(output.status.code(), Some(status), "{file}: {}", said(&output));
        let json = cabinet(folder.path(), &["check", file, "--json", "--lang", "en"]);
        assert_eq!(json.status.code(), Some(status), "{file}");
        let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(report["file"], file);
        assert_eq!(report["errors"].as_u64().unwrap() > 0, status == 1, "{report}");
        assert_eq!(report["unreadable"].is_string(), status == 2, "{report}");
    }
    let report = said(&cabinet(folder.path(), &["check", "faulty.xml", "--json"]));
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let remark = &report["remarks"][0];
    assert_eq!(remark["level"], "error");
    assert!(remark["path"].as_str().unwrap().contains("GoodsTNVEDCode"), "{remark}");
    assert!(!remark["text"].as_str().unwrap().is_empty(), "{remark}");
    let broken = said(&cabinet(folder.path(), &["check", "broken.xml"]));
    assert!(broken.contains("строка ") && broken.contains("позиция "), "{broken}");
    let broken = said(&cabinet(folder.path(), &["check", "broken.xml", "--lang", "en"]));
    assert!(broken.contains("line ") && broken.contains("column "), "{broken}");
    assert!(!folder.path().join("data").exists(), "checking leaves nothing behind");
}

#[test]
fn check_tells_what_reading_would_put_right_and_by_which_edition_it_judged() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let form = std::fs::read_to_string(FORM).unwrap();
    let procedure = &form[form.find("<CustomsProcedure>").unwrap()..];
    let procedure = &procedure[..procedure.find("</CustomsProcedure>").unwrap() + 19];
    let end = form.rfind("</").unwrap();
    let moved = format!("{}{procedure}{}", &form[..end], &form[end..]);
    write("moved.xml", &moved.replacen(procedure, "", 1));
    write("text.xml", &format!("{}лишнее{}", &form[..end], &form[end..]));
    write("seller.xml", &form.replace("<Consignor>", "<Consignor><Stray/>"));
    write("newer.xml", &form.replace("StaticForm:5.23.0", "StaticForm:5.24.0"));

    for (file, code) in [("moved.xml", "structure.order"), ("text.xml", "structure.text")] {
        let output = cabinet(folder.path(), &["check", file]);
        assert_eq!(output.status.code(), Some(1), "{file}: {}", said(&output));
        assert!(said(&output).contains(code), "{file}: {}", said(&output));
    }
    let moved = said(&cabinet(folder.path(), &["check", "moved.xml"]));
    assert!(moved.starts_with("ошибка графа 4 [structure.order] CustomsProcedure"), "{moved}");
    let seller = said(&cabinet(folder.path(), &["check", "seller.xml"]));
    let line = seller.lines().find(|line| line.contains("structure.unknown")).unwrap();
    assert!(line.starts_with("ошибка графа 1 "), "{seller}");
    assert!(seller.contains("форматом документа. Удалите"), "two sentences: {seller}");
    let newer = said(&cabinet(folder.path(), &["check", "newer.xml"]));
    let first = newer.lines().next().unwrap();
    assert_eq!(first, "редакция файла 5.24.0; проверен по редакции 5.23.0");
    let own = said(&cabinet(folder.path(), &["check", FORM]));
    assert!(!own.contains("редакция файла"), "{own}");
}

#[test]
fn convert_writes_the_canonical_form_of_the_edition() {
    let folder = tempfile::tempdir().unwrap();
    let once = cabinet(folder.path(), &["convert", FORM, "--out", "once.xml"]);
    assert_eq!(once.status.code(), Some(0), "{once:?}");
    let twice = cabinet(folder.path(), &["convert", "once.xml"]);
    assert_eq!(twice.stdout, std::fs::read(folder.path().join("once.xml")).unwrap());
    let unknown = cabinet(folder.path(), &["convert", FORM, "--edition", "1.0"]);
    assert_eq!(unknown.status.code(), Some(1));
    let why = String::from_utf8(unknown.stderr).unwrap();
    assert!(why.contains("edition 1.0 of 1006124E is not known; known: 5.23.0"), "{why}");
}

#[test]
fn the_official_album_is_imported_as_a_whole_and_listed() {
    let Some(album) = album() else { return };
    let folder = tempfile::tempdir().unwrap();
    let output = cabinet(folder.path(), &["formats", "import", album.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    assert!(said(&output).contains("668 kinds of documents from 723 files"), "{}", said(&output));
    let list = said(&cabinet(folder.path(), &["formats", "list"]));
    assert!(list.lines().any(|l| l.starts_with("1006124E") && l.contains("built-in")), "{list}");
    assert!(list.ends_with("670 kinds\n"), "{list}");
}

#[test]
fn a_bad_album_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let album = folder.path().join("album");
    std::fs::create_dir(&album).unwrap();
    std::fs::write(album.join("a.xsd"), "<schema>\n<broken\n</schema>").unwrap();
    let output = cabinet(folder.path(), &["formats", "import", "album"]);
    assert_eq!(output.status.code(), Some(1));
    let why = String::from_utf8(output.stderr).unwrap();
    assert!(why.contains("a.xsd: line "), "{why}");
    assert_eq!(why.matches("line ").count(), 1, "the place is told once: {why}");
    assert!(!folder.path().join("data/formats").exists());
}

#[test]
fn reference_data_are_imported_or_refused_with_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("rates.csv", "date;currency;nominal;rate\n01.11.2026;USD;1;91,5\n");
    write("wrong.csv", "date;currency;nominal;rate\n01.11.2026;USD;1;91,5\nsome day;USD;1;91\n");
    write("other.bin", "\u{1}\u{2}");

    let output = cabinet(folder.path(), &["refdata", "import", "rates.csv"]);
    assert!(output.status.success(), "{output:?}");
    let before = said(&cabinet(folder.path(), &["refdata", "status"]));
    assert!(before.contains("rates.csv") && before.contains("встроенный пример"), "{before}");

    let output = cabinet(folder.path(), &["refdata", "import", "wrong.csv"]);
    assert_eq!(output.status.code(), Some(1));
    let why = String::from_utf8(output.stderr).unwrap();
    assert!(why.contains("wrong.csv, строка 3"), "{why}");
    assert_eq!(said(&cabinet(folder.path(), &["refdata", "status"])), before);

    let output = cabinet(folder.path(), &["refdata", "import", "other.bin"]);
    let why = String::from_utf8(output.stderr).unwrap();
    assert!(why.contains("--kind"), "{why}");
}
