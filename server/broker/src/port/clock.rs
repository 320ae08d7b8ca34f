//! Time and chance: the one lawful home of both.

use std::time::Duration;

use domain::{EventId, GrantId, LoginId, RequestId, SessionId};
use jiff::Timestamp;
use uuid::{NoContext, Uuid};

/// Tells the time and makes names.
pub trait Clock: Send + Sync {
    /// The wall clock, UTC, in whole microseconds: what is kept is what was said. It may be
    /// stepped, so nothing that must end in time waits on it.
    fn now(&self) -> Timestamp;

    /// Time since the machine started, the time it slept included (S-04, S-05).
    fn since_boot(&self) -> Duration;
}

/// The machine's own clocks.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one lawful home")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    fn since_boot(&self) -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        Duration::new(
            u64::try_from(time.tv_sec).unwrap_or_default(),
            u32::try_from(time.tv_nsec).unwrap_or_default(),
        )
    }
}

impl dyn Clock {
    /// A name that sorts by time, for what has no type of its own: a request of HTTP.
    pub fn name(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.as_second()).unwrap_or_default();
        let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanoseconds))
    }

    /// Names a new request.
    pub fn request_id(&self) -> RequestId {
        RequestId(self.name())
    }

    /// Names a new grant.
    pub fn grant_id(&self) -> GrantId {
        GrantId(self.name())
    }

    /// Names a new session.
    pub fn session_id(&self) -> SessionId {
        SessionId(self.name())
    }

    /// Names a new sign-in.
    pub fn login_id(&self) -> LoginId {
        LoginId(self.name())
    }

    /// Names a new event.
    pub fn event_id(&self) -> EventId {
        EventId(self.name())
    }
}
