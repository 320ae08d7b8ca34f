//! A clock that moves when the test says so.

use std::sync::Mutex;
use std::time::Duration;

use broker::port::Clock;
use jiff::Timestamp;

pub struct ManualClock {
    wall: Mutex<Timestamp>,
    since_boot: Mutex<Duration>,
}

impl ManualClock {
    pub fn new() -> Self {
        let wall = "2026-11-23T08:00:00Z".parse().unwrap();
        Self { wall: Mutex::new(wall), since_boot: Mutex::new(Duration::from_secs(1_000)) }
    }

    /// Time passes on both clocks.
    pub fn advance(&self, length: Duration) {
        *self.since_boot.lock().unwrap() += length;
        self.step(i64::try_from(length.as_secs()).unwrap());
    }

    /// Somebody sets the wall clock, by this many seconds.
    pub fn step(&self, seconds: i64) {
        let mut wall = self.wall.lock().unwrap();
        *wall = wall.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.wall.lock().unwrap()
    }

    fn since_boot(&self) -> Duration {
        *self.since_boot.lock().unwrap()
    }
}
