//! The server: start, memory, rendering, saving. Release build, loopback, pinned to one core
//! where `taskset` can do it.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::json;

use super::http::Client;
use super::load::{self, Throughput};
use super::visitor;
use crate::failure::{Failure, Result};
use crate::process;
use crate::server::{Running, serve};

const STARTS: usize = 5;
const CONNECTIONS: usize = 8;
const TIME: Duration = Duration::from_secs(8);

/// How long from the start of the process to the first page, and the memory it then holds.
#[derive(Serialize)]
pub struct Start {
    /// First start over an empty folder: the database is made.
    pub first_ms: f64,
    /// Median of later starts.
    pub again_ms: f64,
    /// Resident memory after the first page, without the sandbox, kB.
    pub idle_kb: u64,
}

#[derive(Serialize)]
pub struct Load {
    pub one_core: bool,
    pub catalogue: Throughput,
    pub patch: Throughput,
    /// Peak resident memory with the sandbox in the same process, kB.
    pub peak_kb: u64,
    #[serde(skip)]
    pub catalogue_html: String,
}

/// A data folder that goes away with the measurement.
struct Data(std::path::PathBuf);

impl Data {
    fn new(purpose: &str) -> Result<Self> {
        let path =
            std::env::temp_dir().join(format!("cabinet-bench-{purpose}-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| Failure::file("create", &path, &error))?;
        Ok(Self(path))
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn start(binary: &Path, site: &Path) -> Result<Start> {
    let settings = standalone(binary, site)?;
    let data = Data::new("start")?;
    let mut times = Vec::new();
    let mut idle_kb = 0;
    for _ in 0..=STARTS {
        let mut command = Command::new(binary);
        command.args(["serve", "--dev", "--port", "0", "--site"]).arg(site);
        command.arg("--data").arg(&data.0).envs(settings.iter().map(|(name, value)| (name, value)));
        let started = Instant::now();
        let running = Running::start(command)?;
        let page = Client::new(&running.url)?.get("/sign-in")?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
        if page.status != 200 {
            return Err(visitor::unexpected(&page));
        }
        idle_kb = memory(running.id(), "VmRSS")?;
        running.stop()?;
    }
    let first_ms = times.remove(0);
    times.sort_by(f64::total_cmp);
    Ok(Start { first_ms, again_ms: times[times.len() / 2], idle_kb })
}

/// Settings with which the cabinet starts alone: keys that a sandbox made, gateways to nowhere.
/// Without the outside world the log has nothing but complaints.
fn standalone(binary: &Path, site: &Path) -> Result<Vec<(String, String)>> {
    let data = Data::new("keys")?;
    let arguments: Vec<String> =
        ["--port", "0", "--sandbox-port", "0"].into_iter().map(str::to_owned).collect();
    let mut command = serve(binary, site, &data.0, &arguments);
    command.env("CABINET_LOG_FILTER", "off");
    let running = Running::start(command)?;
    let sandbox = running.sandbox.clone().unwrap_or_default();
    let verifying_key = Client::new(&sandbox)?.get("/sandbox/esia/public-key.pem")?.text();
    running.stop()?;
    let pem = |name: &str| {
        let path = data.0.join("sandbox/esia/clients").join(name);
        std::fs::read_to_string(&path).map_err(|error| Failure::file("read", &path, &error))
    };
    let nowhere = "http://127.0.0.1:9".to_owned();
    let settings = [
        ("ESIA_URL", nowhere.clone()),
        ("ESIA_CLIENT_ID", "CABINET_VED".into()),
        ("ESIA_KEY", pem("CABINET_VED.key.pem")?),
        ("ESIA_CERTIFICATE", pem("CABINET_VED.pem")?),
        ("ESIA_VERIFYING_KEY", verifying_key),
        ("CUSTOMS_URL", nowhere.clone()),
        ("CUSTOMS_SENDER_ID", "CABINET".into()),
        ("CUSTOMS_RECEIVER_ID", "NOWHERE".into()),
        ("TAX_URL", nowhere),
        ("LOG_FILTER", "off".into()),
    ];
    Ok(settings.map(|(name, value)| (format!("CABINET_{name}"), value)).to_vec())
}

pub fn under_load(binary: &Path, site: &Path) -> Result<Load> {
    let data = Data::new("load")?;
    let arguments: Vec<String> =
        ["--port", "0", "--sandbox-port", "0"].into_iter().map(str::to_owned).collect();
    let served = serve(binary, site, &data.0, &arguments);
    let one_core = process::which("taskset").is_some();
    let mut command = if one_core { pinned(&served) } else { served };
    command.env("CABINET_LOG_FILTER", "warn");
    for limit in ["ADDRESS", "SESSION", "SIGN_IN"] {
        command.env(format!("CABINET_LIMITS_{limit}_PER_MINUTE"), "0");
    }
    let running = Running::start(command)?;
    let visitor = visitor::sign_in(&running.url)?;
    let catalogue_html = page(&mut reconnected(&running.url, &visitor)?)?;
    let catalogue = catalogue(&running.url, &visitor)?;
    let patch = patch(&running.url, visitor)?;
    let peak_kb = memory(running.id(), "VmHWM")?;
    running.stop()?;
    Ok(Load { one_core, catalogue, patch, peak_kb, catalogue_html })
}

/// The same program on the first core only; the load comes from the others.
fn pinned(command: &Command) -> Command {
    let mut pinned = Command::new("taskset");
    pinned.args(["-c", "0"]).arg(command.get_program()).args(command.get_args());
    pinned
}

/// Another connection of the same session.
fn reconnected(url: &str, visitor: &Client) -> Result<Client> {
    let mut client = Client::new(url)?;
    client.cookies = visitor.cookies.clone();
    Ok(client)
}

fn page(client: &mut Client) -> Result<String> {
    let response = client.get("/services")?;
    if response.status == 200 { Ok(response.text()) } else { Err(visitor::unexpected(&response)) }
}

fn catalogue(url: &str, visitor: &Client) -> Result<Throughput> {
    let requesters = (0..CONNECTIONS)
        .map(|_| {
            let mut client = reconnected(url, visitor)?;
            Ok(move || page(&mut client).map(drop))
        })
        .collect::<Result<Vec<_>>>()?;
    load::run(requesters, TIME)
}

/// One typist in one draft: a change a request, as fast as it is acknowledged.
fn patch(url: &str, mut visitor: Client) -> Result<Throughput> {
    let created = visitor.post_form("/api/statform/create", &[])?;
    let document = document_id(&visitor::location(&created)?)?;
    let mut client = reconnected(url, &visitor)?;
    let (mut counter, mut version) = (1_000_000_u64, 0_i64);
    let requester = move || {
        counter += 1;
        let change = json!({
            "stamp": [counter, "bench"],
            "patch": { "set": { "path": "CustCostTotalAmount", "value": format!("{counter}.00") } },
        });
        let batch = json!({
            "batch": { "document": document, "since": version, "changes": [change.to_string()], "pause": false },
        });
        let reply = visitor::answer(&client.post_json("/api/document/patch", &batch)?)?;
        version = reply["version"]
            .as_i64()
            .ok_or_else(|| Failure::new(format!("The patch was not acknowledged: {reply}.")))?;
        Ok(())
    };
    load::run(vec![requester], TIME)
}

/// The new draft's id in the address of its page.
fn document_id(page: &str) -> Result<String> {
    let is_id = |part: &&str| part.len() == 36 && part.matches('-').count() == 4;
    let id = page.split(['/', '?']).find(is_id);
    id.map(str::to_owned).ok_or_else(|| Failure::new(format!("No draft was made: {page}.")))
}

/// A line of `/proc/PID/status`, in kB.
fn memory(process: u32, field: &str) -> Result<u64> {
    let path = format!("/proc/{process}/status");
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Failure::file("read", Path::new(&path), &error))?;
    text.lines()
        .find_map(|line| {
            line.strip_prefix(field)?.strip_prefix(':')?.split_whitespace().next()?.parse().ok()
        })
        .ok_or_else(|| Failure::new(format!("{path} has no {field}.")))
}

pub fn table(start: &Start, load: &Load) -> Vec<String> {
    let throughput = |name: &str, t: &Throughput| {
        format!(
            "{name:<34}{:>9.0} req/s   p50 {:>7.2} ms   p99 {:>7.2} ms   ({} connections)",
            t.requests_per_second, t.p50_ms, t.p99_ms, t.connections
        )
    };
    let cores = if load.one_core { "one core" } else { "all cores" };
    vec![
        throughput(&format!("Catalogue, rendered ({cores})"), &load.catalogue),
        throughput(&format!("Draft patch ({cores})"), &load.patch),
        format!("{:<34}{:>9.0} ms", "Start to first page, new folder", start.first_ms),
        format!("{:<34}{:>9.0} ms", "Start to first page, again", start.again_ms),
        format!("{:<34}{:>9.1} MB", "Memory, idle", start.idle_kb as f64 / 1e3),
        format!("{:<34}{:>9.1} MB", "Memory, peak (sandbox included)", load.peak_kb as f64 / 1e3),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draft_is_found_in_its_address() {
        let id = "0199a1c0-0000-7000-8000-000000000001";
        assert_eq!(document_id(&format!("/statforms/{id}?new")).unwrap(), id);
        assert!(document_id("/statforms").is_err());
    }

    #[test]
    fn memory_of_this_process_is_read() {
        assert!(memory(std::process::id(), "VmRSS").unwrap() > 100);
        assert!(memory(std::process::id(), "VmNothing").is_err());
    }
}
