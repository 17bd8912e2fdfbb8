//! Whether the loops of the worker still come round.

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    sync::atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;

/// Leases that a loop may miss before it counts as stuck.
const MISSED_LEASES: i32 = 3;

/// A loop of the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Sends the outbox to customs.
    Delivery,
    /// Works off the `job` table; customs' answers are read there.
    Jobs,
    /// Sends requests to telephones and asks what became of them.
    Mobile,
}

impl Part {
    pub const ALL: [Self; 3] = [Self::Delivery, Self::Jobs, Self::Mobile];

    /// How an operator knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Jobs => "jobs",
            Self::Mobile => "mobile",
        }
    }

    /// The longest that one round of it takes.
    fn lease(self) -> TimeDelta {
        match self {
            Self::Delivery => crate::document::DELIVERY_LEASE,
            Self::Jobs => super::LEASE,
            Self::Mobile => crate::signature::mobile::LEASE,
        }
    }
}

/// When each loop last came round.
#[derive(Debug)]
pub struct Pulse([AtomicI64; Part::ALL.len()]);

impl Pulse {
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(Part::ALL.map(|_| AtomicI64::new(now.timestamp_millis())))
    }

    pub fn beat(&self, part: Part, now: DateTime<Utc>) {
        self.at(part).store(now.timestamp_millis(), Ordering::Relaxed);
    }

    /// Loops that did not come round for [`MISSED_LEASES`] of their leases.
    pub fn stuck(&self, now: DateTime<Utc>) -> Vec<&'static str> {
        let is_stuck = |part: &Part| {
            let silent = now.timestamp_millis() - self.at(*part).load(Ordering::Relaxed);
            silent > (part.lease() * MISSED_LEASES).num_milliseconds()
        };
        Part::ALL.into_iter().filter(is_stuck).map(Part::name).collect()
    }

    fn at(&self, part: Part) -> &AtomicI64 {
        match part {
            Part::Delivery => &self.0[0],
            Part::Jobs => &self.0[1],
            Part::Mobile => &self.0[2],
        }
    }
}

/// Runs something that may panic; the words of the panic are the error.
pub(super) async fn guarded<T>(work: impl Future<Output = T>) -> Result<T, String> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|panic| words(panic.as_ref()))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panic: {}", text.unwrap_or("without words"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_that_misses_three_leases_is_named() {
        let start = DateTime::from_timestamp_millis(1_795_305_600_000).unwrap();
        let pulse = Pulse::new(start);
        let later = start + Part::Delivery.lease() * 3;
        assert_eq!(pulse.stuck(later), Vec::<&str>::new());
        assert_eq!(pulse.stuck(later + TimeDelta::milliseconds(1)), ["delivery"]);
        pulse.beat(Part::Delivery, later);
        assert_eq!(pulse.stuck(later + TimeDelta::milliseconds(1)), Vec::<&str>::new());
        let much_later = later + Part::Jobs.lease() * 3;
        assert_eq!(pulse.stuck(much_later), ["delivery", "jobs", "mobile"]);
    }

    #[tokio::test]
    async fn a_panic_becomes_an_error() {
        assert_eq!(guarded(async { 7 }).await, Ok(7));
        let fell: Result<(), _> = guarded(async { panic!("the {}", "cause") }).await;
        assert_eq!(fell, Err("panic: the cause".to_owned()));
    }
}
