//! Time that passes as fast as it is told to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use broker::port::Clock;
use jiff::Timestamp;

/// Begins at some time.
pub(super) struct FastClock {
    began: Timestamp,
    passed_us: AtomicU64,
}

impl FastClock {
    pub(super) fn from(began: Timestamp) -> Self {
        Self { began, passed_us: AtomicU64::new(0) }
    }

    pub(super) fn pass(&self, time: Duration) {
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.passed_us.fetch_add(microseconds, Ordering::Relaxed);
    }
}

impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        self.began + self.since_boot()
    }

    fn since_boot(&self) -> Duration {
        Duration::from_micros(self.passed_us.load(Ordering::Relaxed))
    }
}
