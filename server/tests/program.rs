//! The program as an operator meets it: its words, its refusals, its end.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test ends where it fails")]

mod support;

use std::{
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
};

fn cabinet(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cabinet"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn insecure_settings_are_named_one_by_one() {
    let output = cabinet(
        &["serve", "--sandbox"],
        &[("CABINET_ADDRESS", "0.0.0.0:0"), ("CABINET_CUSTOMS_URL", "http://eais.example")],
    )
    .output()
    .unwrap();
    let said = refused(&output);
    for setting in ["public_url:", "address: 0.0.0.0:0", "sandbox.enabled:", "customs.url: http://"]
    {
        assert!(said.contains(setting), "no {setting} in {said}");
    }
    assert_eq!(output.stdout, b"", "it never was ready");
}

#[test]
fn a_mistaken_setting_is_refused_with_a_hint() {
    let output = cabinet(&["serve", "--dev"], &[("CABINET_ADRESS", "127.0.0.1:0")]).output();
    let said = refused(&output.unwrap());
    assert!(said.contains("CABINET_ADRESS is not a setting"), "{said}");
    assert!(said.contains("did you mean CABINET_ADDRESS?"), "{said}");
}

#[test]
fn a_client_that_is_not_built_is_missed_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let output =
        cabinet(&["serve", "--dev", "--port", "0", "--site", path, "--data", path], &[]).output();
    let said = refused(&output.unwrap());
    assert!(said.contains("the client is not built"), "{said}");
}

#[test]
fn it_says_when_it_is_ready_and_ends_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    support::write_site(&site);
    let mut child = cabinet(
        &[
            "serve",
            "--dev",
            "--sandbox",
            "--port",
            "0",
            "--sandbox-port",
            "0",
            "--site",
            site.to_str().unwrap(),
            "--data",
            folder.path().join("data").to_str().unwrap(),
        ],
        &[("CABINET_LOG_FORMAT", "json")],
    )
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    let ["ready", url, "sandbox", sandbox] = words[..] else { panic!("{line:?}") };
    assert!(url.starts_with("http://127.0.0.1:") && sandbox.starts_with("http://127.0.0.1:"));

    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.lines().count() > 0);
    for line in log.lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect(line);
        assert!(record["level"].is_string() && record["timestamp"].is_string(), "{line}");
    }
    assert!(log.contains("\"stopped\""), "{log}");
}

#[test]
fn migrate_makes_a_database_and_does_nothing_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for _ in 0..2 {
        let output = cabinet(&["migrate", "--data", data.to_str().unwrap()], &[]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(String::from_utf8(output.stdout).unwrap().ends_with("is up to date\n"));
    }
    assert!(data.join("cabinet.db").is_file());
}

#[test]
fn the_operators_commands_need_no_gateway() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    for (arguments, answer) in [
        (["outbox", "list", "--data", data], "0 given up, 0 waiting\n"),
        (["jobs", "list", "--data", data], "0 given up\n"),
        (["maintenance", "list", "--data", data], "0 announced\n"),
    ] {
        let output = cabinet(&arguments, &[]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), answer, "{arguments:?}");
    }
    let unknown = "0199a1c0-0000-7000-8000-000000000001";
    for command in [["outbox", "retry"], ["jobs", "retry"], ["maintenance", "cancel"]] {
        let arguments = [&command[..], &[unknown, "--data", data]].concat();
        let output = cabinet(&arguments, &[]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(String::from_utf8(output.stdout).unwrap().starts_with("no such"), "{arguments:?}");
    }
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = cabinet(&["outbox", "list", "--data", data], &[]).stdout(writer).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn works_are_announced_in_time_listed_and_called_off() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let announce = |from: &str, until: &str| {
        let arguments = [
            "maintenance",
            "announce",
            "--data",
            data,
            "--text",
            "Обновление",
            "--from",
            from,
            "--until",
            until,
        ];
        cabinet(&arguments, &[]).output().unwrap()
    };
    let late = refused(&announce("2026-01-12T22:00", "2026-01-13T02:00"));
    assert!(late.contains("at least two working days ahead"), "{late}");
    assert!(late.contains("Moscow time"), "{late}");
    let backwards = refused(&announce("2099-01-13T22:00", "2099-01-13T02:00"));
    assert!(backwards.contains("--until must be later than --from"), "{backwards}");

    let announced = announce("2099-01-12T22:00", "2099-01-13T02:00");
    assert!(announced.status.success(), "{announced:?}");
    let line = String::from_utf8(announced.stdout).unwrap();
    assert!(line.contains("12.01.2099 22:00 — 13.01.2099 02:00  Обновление"), "{line}");
    let id = line.split(' ').next().unwrap();
    let said = |arguments: &[&str]| {
        let output = cabinet(&[arguments, &["--data", data]].concat(), &[]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(said(&["maintenance", "list"]), format!("{line}1 announced\n"));
    assert_eq!(said(&["maintenance", "cancel", id]), "called off\n");
    assert_eq!(said(&["maintenance", "list"]), "0 announced\n");
}
