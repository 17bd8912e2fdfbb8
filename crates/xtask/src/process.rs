//! Starting other programs: in the open, quietly, with a time limit; and ending them in order.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGINT, SIGTERM};

use crate::failure::{Failure, Result};
use crate::progress;

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

const POLL: Duration = Duration::from_millis(25);

/// Turns SIGINT and SIGTERM into a flag, so that what was started is ended in order.
pub fn catch_interrupts() -> Result<()> {
    let flag = INTERRUPTED.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(flag))
            .map_err(|error| Failure::new(format!("Cannot watch for signal {signal}: {error}.")))?;
    }
    Ok(())
}

pub fn interrupted() -> bool {
    INTERRUPTED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// The command line as a person would type it.
pub fn line(command: &Command) -> String {
    let quote = |part: &std::ffi::OsStr| {
        let part = part.to_string_lossy();
        if part.contains(' ') { format!("'{part}'") } else { part.into_owned() }
    };
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(quote)
        .collect::<Vec<_>>()
        .join(" ")
}

fn spawn(command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|error| {
        let program = command.get_program().to_string_lossy().into_owned();
        Failure::new(format!("Cannot start `{}`: {error}.", line(command)))
            .mend(format!("make sure that `{program}` is installed and on PATH"))
    })
}

/// Waits for a child; when this process is told to stop, tells the child too and gives it ten
/// seconds.
pub fn wait(child: &mut Child) -> Result<ExitStatus> {
    let mut told: Option<Instant> = None;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(error) => return Err(Failure::new(format!("Cannot wait for a process: {error}."))),
        }
        match told {
            None if interrupted() => {
                terminate(child);
                told = Some(Instant::now());
            }
            Some(at) if at.elapsed() > Duration::from_secs(10) => {
                let _ = child.kill();
            }
            _ => std::thread::sleep(POLL),
        }
    }
}

/// Sends SIGTERM.
pub fn terminate(child: &Child) {
    let _ = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status();
}

/// Runs with the terminal's streams and fails when the command does.
pub fn run(command: &mut Command) -> Result<()> {
    let status = wait(&mut spawn(command)?)?;
    check(command, status, "")
}

/// Runs with the terminal's streams and says whether it succeeded.
pub fn succeeds(command: &mut Command) -> Result<bool> {
    let status = wait(&mut spawn(command)?)?;
    stop_if_interrupted()?;
    Ok(status.success())
}

fn stop_if_interrupted() -> Result<()> {
    if interrupted() { Err(Failure::new("Interrupted.")) } else { Ok(()) }
}

fn check(command: &Command, status: ExitStatus, output: &str) -> Result<()> {
    stop_if_interrupted()?;
    if status.success() {
        return Ok(());
    }
    let tail = tail(output, 30);
    let tail = if tail.is_empty() { tail } else { format!("\n{tail}") };
    Err(Failure::new(format!("`{}` failed ({status}).{tail}", line(command))))
}

/// The last lines of a text.
fn tail(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// Runs quietly and gives back standard output; a failure carries what the command said.
pub fn capture(command: &mut Command) -> Result<String> {
    capture_within(command, Duration::from_secs(3600))
}

/// As [`capture`], ended when the time is over.
pub fn capture_within(command: &mut Command, limit: Duration) -> Result<String> {
    let mut child =
        spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let out = read_aside(child.stdout.take());
    let err = read_aside(child.stderr.take());
    let started = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if started.elapsed() > limit || interrupted() => {
                let _ = child.kill();
                let _ = child.wait();
                stop_if_interrupted()?;
                return Err(Failure::new(format!(
                    "`{}` did not end within {}.",
                    line(command),
                    progress::took(limit)
                )));
            }
            Ok(None) => std::thread::sleep(POLL),
            Err(error) => return Err(Failure::new(format!("Cannot wait for a process: {error}."))),
        }
    };
    let out = out.join().unwrap_or_default();
    let err = err.join().unwrap_or_default();
    check(command, status, &format!("{err}{out}"))?;
    Ok(out)
}

fn read_aside<R: Read + Send + 'static>(stream: Option<R>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Runs in the open and keeps a copy of everything said on both streams.
pub fn tee(command: &mut Command) -> Result<(ExitStatus, String)> {
    let mut child = spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let out = child.stdout.take().map(|stream| std::thread::spawn(move || echo(stream)));
    let err = child.stderr.take().map(|stream| std::thread::spawn(move || echo(stream)));
    let status = wait(&mut child)?;
    let text =
        [err, out].into_iter().flatten().map(|reader| reader.join().unwrap_or_default()).collect();
    stop_if_interrupted()?;
    Ok((status, text))
}

fn echo(stream: impl Read) -> String {
    let mut text = String::new();
    for line in BufReader::new(stream).split(b'\n').map_while(Result::<_, std::io::Error>::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        progress::say(&line);
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// The program's path when it is on PATH.
pub fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// PATH with these folders in front.
pub fn path_with(folders: &[&Path]) -> Result<std::ffi::OsString> {
    let current = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().map(|f| f.to_path_buf()).chain(std::env::split_paths(&current));
    std::env::join_paths(all)
        .map_err(|error| Failure::new(format!("PATH cannot be extended: {error}.")))
}

/// Whether this process is the superuser.
pub fn is_root() -> bool {
    capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_carries_what_the_command_said() {
        let failure =
            capture(Command::new("sh").args(["-c", "echo because >&2; exit 3"])).unwrap_err();
        let text = failure.to_string();
        assert!(text.contains("because") && text.contains("exit status: 3"), "{text}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let text = run(&mut Command::new("no-such-program-here")).unwrap_err().to_string();
        assert!(text.contains("no-such-program-here"), "{text}");
    }

    #[test]
    fn a_command_is_ended_when_its_time_is_over() {
        let failure = capture_within(Command::new("sleep").arg("600"), Duration::from_millis(50))
            .unwrap_err();
        assert!(failure.to_string().contains("did not end"), "{failure}");
    }

    #[test]
    fn tee_keeps_both_streams_and_the_status() {
        let (status, text) =
            tee(Command::new("sh").args(["-c", "echo one; echo two >&2; exit 1"])).unwrap();
        assert!(!status.success());
        assert!(text.contains("one\n") && text.contains("two\n"));
    }

    #[test]
    fn the_tail_is_the_last_lines() {
        assert_eq!(tail("a\nb\nc\n", 2), "b\nc");
        assert_eq!(tail("", 2), "");
    }
}
