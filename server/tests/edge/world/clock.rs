//! A clock that goes when it is told to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use broker::port::Clock;
use jiff::Timestamp;

/// The year 2100: the library's store in memory forgets what its own clock calls past.
const BEGIN: i64 = 4_102_444_800;

#[derive(Default)]
pub struct TestClock(AtomicU64);

impl TestClock {
    pub fn advance(&self, length: Duration) {
        let length = u64::try_from(length.as_micros()).unwrap();
        self.0.fetch_add(length, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.0.load(Ordering::SeqCst)).unwrap();
        Timestamp::from_microsecond(BEGIN * 1_000_000 + passed).unwrap()
    }

    fn since_boot(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::SeqCst))
    }
}
