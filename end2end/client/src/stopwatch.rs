//! The one place where time is measured.

use std::time::{Duration, Instant};

/// Counts from when it was started.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts counting.
    #[expect(clippy::disallowed_methods, reason = "this measures, and nothing depends on it")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub fn read(self) -> Duration {
        self.0.elapsed()
    }
}
