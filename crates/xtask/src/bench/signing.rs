//! Signing and hashing in the browser: `end2end/signing.bench.ts` measures, this reads.

use std::path::Path;

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::workspace::Workspace;
use crate::{e2e, process};

/// Measures in Chromium; `path` takes the JSON.
pub fn measure(workspace: &Workspace, site: &Path, binary: &Path, path: &Path) -> Result<Value> {
    let output = workspace.target.join("bench/e2e");
    let mut command = e2e::runner(workspace, site, binary, &output)?;
    command.args(["--config", "bench.config.ts"]).env("BENCH_OUTPUT", path);
    process::run(&mut command)?;
    let json = std::fs::read(path).map_err(|error| Failure::file("read", path, &error))?;
    serde_json::from_slice(&json)
        .map_err(|error| Failure::new(format!("{} is not JSON: {error}.", path.display())))
}

/// What a person wants to know of it.
pub fn table(found: &Value) -> Vec<String> {
    let mut lines =
        vec![format!("{:<22}{:>12}{:>12}{:>12}", "Signing in WASM, ms", "median", "95 %", "open")];
    let of = |value: &Value, name: &str| value[name].as_f64().unwrap_or_default();
    for (key, taken) in found["sign"].as_object().into_iter().flatten() {
        let [median, late, open] = ["median_ms", "p95_ms", "open_ms"].map(|name| of(taken, name));
        lines.push(format!("{key:<22}{median:>12.2}{late:>12.2}{open:>12.2}"));
    }
    let hash = &found["hash"];
    lines.push(format!(
        "Hashing {} MiB as a stream: {:.0} MiB/s; memory of the module {:.0} KiB before, {:.0} KiB after",
        of(hash, "mebibytes"),
        of(hash, "mebibytes_per_second"),
        of(hash, "module_bytes_before") / 1024.0,
        of(hash, "module_bytes_after") / 1024.0,
    ));
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_table_shows_every_key_and_the_throughput() {
        let found = json!({
            "sign": { "gost256": { "median_ms": 1.25, "p95_ms": 2.0, "open_ms": 30.0 } },
            "hash": {
                "mebibytes": 1024,
                "mebibytes_per_second": 99.6,
                "module_bytes_before": 2048,
                "module_bytes_after": 2048,
            },
        });
        let lines = table(&found);
        assert!(lines[1].starts_with("gost256") && lines[1].contains("1.25"), "{lines:?}");
        assert!(lines[2].contains("1024 MiB") && lines[2].contains("100 MiB/s"), "{lines:?}");
    }
}
