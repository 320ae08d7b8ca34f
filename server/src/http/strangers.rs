//! How much people who are not signed in may have written down.
//!
//! Whoever reaches the portal can begin a sign-in and fail to finish it. Both write to the database
//! that also holds the audit log, which must not be kept busy or filled by strangers (W-06).

use std::num::NonZeroU32;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// Sign-ins that may be begun in a second, and at once.
const BEGUN: (NonZeroU32, NonZeroU32) = (rate(20), rate(200));
/// Refused sign-ins that are written down in a second, and at once; the log of the process has all.
const REFUSED: (NonZeroU32, NonZeroU32) = (rate(1), rate(60));

/// What is left for strangers.
#[derive(Debug)]
pub(crate) struct Strangers {
    begun: DefaultDirectRateLimiter,
    refused: DefaultDirectRateLimiter,
}

impl Default for Strangers {
    fn default() -> Self {
        let limited = |(each_second, at_once)| {
            RateLimiter::direct(Quota::per_second(each_second).allow_burst(at_once))
        };
        Self { begun: limited(BEGUN), refused: limited(REFUSED) }
    }
}

impl Strangers {
    /// Whether another sign-in may be begun now.
    pub(crate) fn may_begin(&self) -> bool {
        self.begun.check().is_ok()
    }

    /// Whether another refused sign-in is written to the audit log now.
    pub(crate) fn is_written_down(&self) -> bool {
        self.refused.check().is_ok()
    }
}

const fn rate(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w_06_strangers_begin_and_fail_so_often_and_not_more() {
        let strangers = Strangers::default();
        let begun = (0..1_000).filter(|_| strangers.may_begin()).count();
        assert!((200..400).contains(&begun), "{begun}");
        let written = (0..1_000).filter(|_| strangers.is_written_down()).count();
        assert!((60..80).contains(&written), "{written}");
    }
}
