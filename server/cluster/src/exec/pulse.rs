//! Whether the other side still lives. It sends no pings of its own, so it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use broker::port::Clock;

/// A ping that is not followed by anything for this long means that nobody is there.
const DEAD_AFTER: Duration = Duration::from_secs(30);
/// How often it is looked whether a ping is that old.
const LOOK_EACH: Duration = Duration::from_secs(5);
/// The least patience: bytes that have arrived are read before somebody is declared dead.
const LEAST: Duration = Duration::from_millis(10);
/// Stands for "no ping is unanswered".
const NONE: u64 = u64::MAX;

/// Shared by both halves of a stream.
pub(crate) struct Pulse {
    clock: Arc<dyn Clock>,
    /// When the oldest ping without a sign of life after it was sent, milliseconds since boot.
    asked: AtomicU64,
}

impl Pulse {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, asked: AtomicU64::new(NONE) }
    }

    /// A ping is being sent.
    pub(crate) fn ask(&self) {
        let now = self.now();
        let _ = self.asked.compare_exchange(NONE, now, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Something was heard.
    pub(crate) fn heard(&self) {
        self.asked.store(NONE, Ordering::Relaxed);
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.left().is_zero()
    }

    /// How long to wait for a message before looking at the pulse again.
    pub(crate) fn patience(&self) -> Duration {
        self.left().clamp(LEAST, LOOK_EACH)
    }

    /// The time left for a sign of life.
    fn left(&self) -> Duration {
        match self.asked.load(Ordering::Relaxed) {
            NONE => DEAD_AFTER,
            asked => {
                let silent = Duration::from_millis(self.now().saturating_sub(asked));
                DEAD_AFTER.saturating_sub(silent)
            }
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.clock.since_boot().as_millis()).unwrap_or(NONE)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use jiff::Timestamp;

    use super::*;

    #[derive(Default)]
    struct Wound(Mutex<Duration>);

    impl Clock for Wound {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }

        fn since_boot(&self) -> Duration {
            *self.0.lock().unwrap()
        }
    }

    #[test]
    fn only_an_unanswered_ping_makes_silence_death() {
        let clock = Arc::new(Wound::default());
        let after = |seconds| *clock.0.lock().unwrap() = Duration::from_secs(seconds);
        let pulse = Pulse::new(Arc::clone(&clock) as _);
        after(1_000);
        assert!(!pulse.is_dead());
        pulse.ask();
        after(1_029);
        pulse.ask();
        assert!(!pulse.is_dead());
        assert_eq!(pulse.patience(), Duration::from_secs(1));
        after(1_030);
        assert!(pulse.is_dead());
        pulse.heard();
        assert!(!pulse.is_dead());
    }
}
