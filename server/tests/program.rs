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
