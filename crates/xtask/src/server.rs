//! The `cabinet` binary: built, started, waited for, ended.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use crate::cargo::cargo;
use crate::failure::{Failure, Result};
use crate::process;
use crate::progress::{Steps, say};
use crate::workspace::Workspace;

/// How the server is compiled.
#[derive(Clone, Copy, PartialEq)]
pub enum Profile {
    /// Shares everything with the tests; what `run` and `e2e` start.
    Development,
    /// What is shipped and measured.
    Release,
}

/// Builds the server and gives its path. Cargo itself sees whether there is work.
pub fn build(workspace: &Workspace, profile: Profile, steps: &mut Steps) -> Result<PathBuf> {
    let (name, folder, usually) = match profile {
        Profile::Development => ("dev", "debug", "8 min the first time, seconds when unchanged"),
        Profile::Release => ("release", "release", "12 min the first time, seconds when unchanged"),
    };
    let step = steps.begin("Server (cabinet)", usually);
    process::run(cargo().current_dir(&workspace.root).args([
        "build",
        "--profile",
        name,
        "--locked",
        "--package",
        "server",
    ]))?;
    step.done("");
    Ok(workspace.target.join(folder).join("cabinet"))
}

/// `cabinet serve --dev --sandbox` on a site; `arguments` come last and win.
pub fn serve(binary: &Path, site: &Path, data: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(binary);
    command.args(["serve", "--dev", "--sandbox", "--site"]).arg(site).arg("--data").arg(data);
    command.args(arguments);
    command
}

/// A server that has said that it is ready.
pub struct Running {
    child: Child,
    rest: Option<BufReader<ChildStdout>>,
    /// `http://127.0.0.1:8080`
    pub url: String,
    pub sandbox: Option<String>,
}

impl Running {
    /// Starts and waits for the line `ready URL sandbox URL`.
    pub fn start(mut command: Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| {
            Failure::new(format!("Cannot start `{}`: {error}.", process::line(&command)))
        })?;
        let Some(stdout) = child.stdout.take() else {
            return Err(Failure::new("The server's output cannot be read."));
        };
        let mut rest = BufReader::new(stdout);
        let mut line = String::new();
        while rest.read_line(&mut line).is_ok_and(|read| read > 0) {
            if let Some((url, sandbox)) = parse_ready(&line) {
                return Ok(Self { child, rest: Some(rest), url, sandbox });
            }
            line.clear();
        }
        let status = process::wait(&mut child)?;
        Err(Failure::new(format!(
            "The server ended before it was ready ({status}); it says why above."
        )))
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Passes on what the server says until it ends.
    pub fn follow(mut self) -> Result<ExitStatus> {
        if let Some(rest) = self.rest.take() {
            std::thread::spawn(move || {
                rest.lines().map_while(std::result::Result::ok).for_each(say)
            });
        }
        process::wait(&mut self.child)
    }

    /// Asks it to finish and waits.
    pub fn stop(mut self) -> Result<ExitStatus> {
        process::terminate(&self.child);
        process::wait(&mut self.child)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Reads `ready http://127.0.0.1:8080 sandbox http://127.0.0.1:8081`; the sandbox may be off.
fn parse_ready(line: &str) -> Option<(String, Option<String>)> {
    let mut words = line.split_whitespace();
    if words.next() != Some("ready") {
        return None;
    }
    let url = words.next()?.to_owned();
    let sandbox = match words.next() {
        Some("sandbox") => Some(words.next()?.to_owned()),
        _ => None,
    };
    Some((url, sandbox))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ready_line_is_read() {
        assert_eq!(
            parse_ready("ready http://127.0.0.1:1 sandbox http://127.0.0.1:2\n"),
            Some(("http://127.0.0.1:1".into(), Some("http://127.0.0.1:2".into())))
        );
        assert_eq!(parse_ready("ready http://a"), Some(("http://a".into(), None)));
        assert_eq!(parse_ready("already http://a"), None);
        assert_eq!(parse_ready("ready"), None);
    }

    #[test]
    fn a_server_that_dies_at_once_is_a_failure() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo nothing; exit 7"]);
        let failure = Running::start(command).err().unwrap().to_string();
        assert!(failure.contains("exit status: 7"), "{failure}");
    }

    #[test]
    fn a_server_that_is_ready_can_be_stopped() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo ready http://127.0.0.1:9; exec sleep 600"]);
        let running = Running::start(command).unwrap();
        assert_eq!(running.url, "http://127.0.0.1:9");
        assert!(!running.stop().unwrap().success());
    }
}
