//! What the person at the terminal sees: numbered steps with the time each usually takes.

use std::fmt::Display;
use std::io::Write;
use std::time::{Duration, Instant};

/// Prints a line to standard output. A closed pipe is not an error of ours.
pub fn say(line: impl Display) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// Prints a failure to standard error.
pub fn complain(failure: impl Display) {
    let _ = writeln!(std::io::stderr(), "\nxtask: {failure}");
}

/// Counts the steps of one command: `[3/7] wasm-bindgen 0.2.130`.
pub struct Steps {
    at: usize,
    of: usize,
}

impl Steps {
    pub fn new(of: usize) -> Self {
        Self { at: 0, of }
    }

    /// Begins a step and says how long it usually takes.
    pub fn begin(&mut self, what: impl Display, usually: &str) -> Step {
        self.at += 1;
        say(format!("[{}/{}] {what} … usually {usually}", self.at, self.of));
        Step { started: Instant::now() }
    }

    /// A step with nothing left to do.
    pub fn already(&mut self, what: impl Display) {
        self.at += 1;
        say(format!("[{}/{}] {what}: there", self.at, self.of));
    }
}

/// A step under way.
pub struct Step {
    started: Instant,
}

impl Step {
    pub fn done(self, note: &str) {
        let took = took(self.started.elapsed());
        match note {
            "" => say(format!("      done in {took}")),
            note => say(format!("      {note} ({took})")),
        }
    }
}

/// `0.4 s`, `12 s`, `3 min 05 s`.
pub fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_a_clock() {
        assert_eq!(took(Duration::from_millis(420)), "0.4 s");
        assert_eq!(took(Duration::from_secs(59)), "59 s");
        assert_eq!(took(Duration::from_secs(185)), "3 min 05 s");
    }
}
