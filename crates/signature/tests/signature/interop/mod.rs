//! Both directions with implementations from npm that share nothing with us or with OpenSSL. Their
//! packages are those of `end2end/package-lock.json`, which set-up installs; the scripts of
//! `peers` say what is asked of them.

mod noble;
mod node_gost_crypto;
mod pkijs;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a test gives to a peer: requests, answered in their order.
fn ask(script: &str, package: &str, requests: &[Value]) -> Vec<Result<Value, String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let end2end = root.join("../../end2end").canonicalize().unwrap();
    let manifest = end2end.join("node_modules").join(package).join("package.json");
    assert!(
        manifest.is_file(),
        "{} is not there: `cargo xtask setup`, or `npm ci` in {}",
        manifest.display(),
        end2end.display()
    );
    let script: PathBuf = root.join("tests/signature/interop/peers").join(script);
    let mut child = Command::new("node")
        .arg(&script)
        .env("CABINET_END2END", &end2end)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is not installed: apt-get install nodejs");
    let input = serde_json::to_vec(requests).unwrap();
    child.stdin.take().unwrap().write_all(&input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{} failed", script.display());
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answers.len(), requests.len());
    answers
        .into_iter()
        .map(|mut answer| match answer.get("error").and_then(Value::as_str) {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["value"].take()),
        })
        .collect()
}

/// One request that must succeed.
fn must(script: &str, package: &str, request: Value) -> Value {
    let call = request["call"].clone();
    let answer = ask(script, package, &[request]).remove(0);
    answer.unwrap_or_else(|error| panic!("{script} {call}: {error}"))
}

/// Octets of a field in hexadecimal.
fn octets(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap_or_else(|| panic!("not octets: {value}"))).unwrap()
}
