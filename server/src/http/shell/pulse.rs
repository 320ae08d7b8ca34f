//! Whether a browser still lives, and how far away it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use broker::port::Clock;

/// After so many pings in a row without any sign of life it is gone: 30 s at a ping each 5 s.
const UNANSWERED: u8 = 6;
/// Stands for "no ping was answered yet".
const UNKNOWN: u64 = u64::MAX;

/// Shared by both halves of a socket.
pub(super) struct Pulse {
    clock: Arc<dyn Clock>,
    unanswered: AtomicU8,
    /// When the latest ping was sent, microseconds since boot.
    asked: AtomicU64,
    /// The shortest time that an answer took, in microseconds.
    shortest: AtomicU64,
}

impl Pulse {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let (unanswered, asked) = (AtomicU8::new(0), AtomicU64::new(UNKNOWN));
        Self { clock, unanswered, asked, shortest: AtomicU64::new(UNKNOWN) }
    }

    /// What the next ping says; none once too many were unanswered.
    pub(super) fn ask(&self) -> Option<[u8; 8]> {
        if self.unanswered.fetch_add(1, Ordering::Relaxed) >= UNANSWERED {
            return None;
        }
        let now = self.now();
        self.asked.store(now, Ordering::Relaxed);
        Some(now.to_be_bytes())
    }

    /// Something was heard.
    pub(super) fn heard(&self) {
        self.unanswered.store(0, Ordering::Relaxed);
    }

    /// A ping was answered; answers to earlier ones than the latest measure nothing.
    pub(super) fn answered(&self, answer: &[u8]) {
        let asked = self.asked.load(Ordering::Relaxed);
        if answer == asked.to_be_bytes() {
            let took = self.now().saturating_sub(asked);
            self.shortest.fetch_min(took, Ordering::Relaxed);
        }
    }

    /// The shortest time that an answer took.
    pub(super) fn round_trip(&self) -> Option<Duration> {
        let shortest = self.shortest.load(Ordering::Relaxed);
        (shortest != UNKNOWN).then(|| Duration::from_micros(shortest))
    }

    fn now(&self) -> u64 {
        u64::try_from(self.clock.since_boot().as_micros()).unwrap_or(UNKNOWN)
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

    fn pulse() -> (Pulse, impl Fn(u64)) {
        let clock = Arc::new(Wound::default());
        let pulse = Pulse::new(Arc::clone(&clock) as _);
        let pass = move |ms| *clock.0.lock().unwrap() += Duration::from_millis(ms);
        (pulse, pass)
    }

    #[test]
    fn who_answers_no_ping_is_gone() {
        let (pulse, _pass) = pulse();
        for _ in 0..UNANSWERED {
            assert!(pulse.ask().is_some());
        }
        pulse.heard();
        for _ in 0..UNANSWERED {
            assert!(pulse.ask().is_some());
        }
        assert_eq!(pulse.ask(), None);
    }

    #[test]
    fn the_shortest_answer_to_the_latest_ping_counts() {
        let (pulse, pass) = pulse();
        let first = pulse.ask().unwrap();
        pass(40);
        pulse.answered(b"something");
        assert_eq!(pulse.round_trip(), None);
        pulse.answered(&first);
        assert_eq!(pulse.round_trip(), Some(Duration::from_millis(40)));
        let second = pulse.ask().unwrap();
        pass(3);
        pulse.answered(&first);
        assert_eq!(pulse.round_trip(), Some(Duration::from_millis(40)), "that was too old");
        pulse.answered(&second);
        pulse.ask().unwrap();
        pass(500);
        assert_eq!(pulse.round_trip(), Some(Duration::from_millis(3)));
    }
}
