//! A closed loop of several connections: each asks again as soon as it has its answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::failure::{Failure, Result};

/// Throughput and times of one kind of request.
#[derive(Serialize)]
pub struct Throughput {
    pub connections: usize,
    pub seconds: f64,
    pub requests: u64,
    pub requests_per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
}

/// Runs one closure for each connection until the time is over; a closure makes one request at a
/// time. The first second warms up and is not counted.
pub fn run<R>(requesters: Vec<R>, time: Duration) -> Result<Throughput>
where
    R: FnMut() -> Result<()> + Send,
{
    let connections = requesters.len();
    let (counting, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let (outcomes, seconds) = std::thread::scope(|scope| {
        let threads: Vec<_> = requesters
            .into_iter()
            .map(|requester| scope.spawn(|| repeat(requester, &counting, &over)))
            .collect();
        std::thread::sleep(Duration::from_secs(1));
        counting.store(true, Ordering::Relaxed);
        let started = Instant::now();
        std::thread::sleep(time);
        over.store(true, Ordering::Relaxed);
        let seconds = started.elapsed().as_secs_f64();
        let outcomes: Vec<_> = threads
            .into_iter()
            .map(|thread| {
                thread.join().unwrap_or_else(|_| Err(Failure::new("A connection's thread failed.")))
            })
            .collect();
        (outcomes, seconds)
    });
    let mut times = Vec::new();
    for outcome in outcomes {
        times.extend(outcome?);
    }
    if times.is_empty() {
        return Err(Failure::new("No request was answered in time."));
    }
    times.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    Ok(Throughput {
        connections,
        seconds,
        requests: times.len() as u64,
        requests_per_second: times.len() as f64 / seconds,
        p50_ms: ms(quantile(&times, 0.50)),
        p99_ms: ms(quantile(&times, 0.99)),
        max_ms: ms(quantile(&times, 1.0)),
    })
}

fn repeat(
    mut request: impl FnMut() -> Result<()>,
    counting: &AtomicBool,
    over: &AtomicBool,
) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let counted = counting.load(Ordering::Relaxed);
        let started = Instant::now();
        request()?;
        if counted {
            times.push(started.elapsed());
        }
    }
    Ok(times)
}

/// The value that the given share of a sorted, non-empty list does not exceed (nearest rank).
fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_nearest_ranks() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(quantile(&times, 0.5), Duration::from_millis(50));
        assert_eq!(quantile(&times, 0.99), Duration::from_millis(99));
        assert_eq!(quantile(&times, 1.0), Duration::from_millis(100));
        assert_eq!(quantile(&times[..1], 0.99), Duration::from_millis(1));
    }

    #[test]
    fn a_failed_request_fails_the_run() {
        let outcome = run(vec![|| Err(Failure::new("refused"))], Duration::from_millis(1));
        assert!(outcome.err().unwrap().to_string().contains("refused"));
    }
}
