//! Signatures: the curves beside OpenSSL's engine in one run, and a document of a gigabyte.

use serde_json::{Value, json};

use super::example;
use crate::failure::Result;
use crate::workspace::Workspace;

/// Both examples measure themselves.
pub fn measure(workspace: &Workspace) -> Result<Value> {
    Ok(json!({
        "curves": example(workspace, "gost3410", "speed", &["--", "--json"])?,
        "documents": example(workspace, "signature@0.1.0", "streaming", &[])?,
    }))
}

pub fn table(measured: &Value) -> Vec<String> {
    let curves = &measured["curves"];
    let mut lines = vec![format!(
        "{:<42}{:>9}{:>8}{:>10}{:>8}",
        "Curve, µs and times OpenSSL's engine", "sign", "ratio", "verify", "ratio"
    )];
    lines.extend(rows(&curves["curves"]).iter().map(curve));
    if let Some(reason) = curves["without_engine"].as_str() {
        lines.push(format!("Without the engine: {reason}"));
    }
    let documents = &measured["documents"];
    let megabytes = documents["content_bytes"].as_u64().unwrap_or_default() / 1_000_000;
    for row in rows(&documents["streaming"]) {
        lines.push(format!(
            "{:<42}{:>9.0} MB/s signed{:>9.0} MB/s verified",
            format!("{megabytes} MB, {}", row["key"].as_str().unwrap_or_default()),
            number(&row["sign_mb_per_second"]),
            number(&row["verify_mb_per_second"]),
        ));
    }
    let peak = number(&documents["peak_kb"]) / 1e3;
    lines.push(format!("{:<42}{peak:>9.1} MB", "Memory, peak"));
    lines
}

fn curve(row: &Value) -> String {
    let ratio = |name: &str| {
        row["engine"][name].as_f64().map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"))
    };
    format!(
        "{:<42}{:>9.1}{:>8}{:>10.1}{:>8}",
        row["curve"].as_str().unwrap_or_default(),
        number(&row["sign_ns"]) / 1e3,
        ratio("sign_ratio"),
        number(&row["verify_ns"]) / 1e3,
        ratio("verify_ratio"),
    )
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_shown_where_there_is_an_engine() {
        let row = |engine: Value| json!({ "curve": "c", "sign_ns": 20_000.0, "verify_ns": 90_000.0, "engine": engine });
        let rows = [row(json!({ "sign_ratio": 2.5, "verify_ratio": 4.0 })), row(Value::Null)];
        let measured = json!({
            "curves": { "curves": rows, "without_engine": "absent" },
            "documents": { "content_bytes": 5_000_000, "peak_kb": 7000, "streaming": [
                { "key": "k", "sign_mb_per_second": 100.0, "verify_mb_per_second": 200.0 },
            ] },
        });
        let text = table(&measured).join("\n");
        assert!(text.contains("20.0    2.50      90.0    4.00"), "{text}");
        assert!(text.contains("20.0       -      90.0       -"), "{text}");
        assert!(text.contains("5 MB, k") && text.contains("7.0 MB"), "{text}");
        assert!(text.contains("Without the engine: absent"), "{text}");
    }
}
