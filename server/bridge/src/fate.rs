//! How, and whether, a session ends.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::Duration;

use broker::port::{Clock, Deadline};
use domain::SessionEnd;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The end of one session: the first reason counts.
pub(crate) struct Fate {
    clock: Arc<dyn Clock>,
    deadline: watch::Sender<Deadline>,
    how: OnceLock<SessionEnd>,
    over: CancellationToken,
    halt: CancellationToken,
}

impl Fate {
    /// A session that must be over at the deadline.
    pub(crate) fn new(clock: Arc<dyn Clock>, deadline: Deadline) -> Self {
        let (over, halt) = (CancellationToken::new(), CancellationToken::new());
        let deadline = watch::Sender::new(deadline);
        Self { clock, deadline, how: OnceLock::new(), over, halt }
    }

    /// Moves the deadline further away; a nearer one changes nothing.
    pub(crate) fn prolong(&self, deadline: Deadline) {
        self.deadline.send_if_modified(|now| {
            let further = deadline > *now;
            *now = deadline.max(*now);
            further
        });
    }

    /// Follows the deadline.
    pub(crate) fn deadline(&self) -> watch::Receiver<Deadline> {
        self.deadline.subscribe()
    }

    /// Ends the session at once: no byte passes any more, in any direction.
    pub(crate) fn end(&self, how: SessionEnd) {
        self.settle(how);
        self.halt.cancel();
    }

    /// Notes that the session ended by itself: what is durable may still be shown.
    pub(crate) fn settle(&self, how: SessionEnd) {
        let _ = self.how.set(how);
        self.over.cancel();
    }

    /// How the session ended, once it has.
    pub(crate) fn how(&self) -> Option<&SessionEnd> {
        self.how.get()
    }

    /// Whether no byte may pass; asked before each one. It trusts no timer, only the clock.
    pub(crate) fn is_halted(&self) -> bool {
        if self.left().is_zero() {
            self.end(SessionEnd::TimeIsUp);
        }
        self.halt.is_cancelled()
    }

    /// Until the deadline.
    pub(crate) fn left(&self) -> Duration {
        self.deadline.borrow().since_boot.saturating_sub(self.clock.since_boot())
    }

    /// Until the deadline, in milliseconds.
    pub(crate) fn left_ms(&self) -> u64 {
        self.until_ms(self.deadline.borrow().since_boot)
    }

    /// Until an instant, given as time since boot, in milliseconds.
    pub(crate) fn until_ms(&self, since_boot: Duration) -> u64 {
        let left = since_boot.saturating_sub(self.clock.since_boot());
        u64::try_from(left.as_millis()).unwrap_or(u64::MAX)
    }

    /// Waits until it is known how the session ends.
    pub(crate) async fn over(&self) {
        self.over.cancelled().await;
    }

    /// Waits until no byte may pass any more. It looks at the clock whenever it is polled: polled
    /// before anything that moves bytes, it lets nothing move that was begun in time and is not
    /// finished in time.
    pub(crate) async fn halted(&self) {
        let mut halt = pin!(self.halt.cancelled());
        poll_fn(
            |context| {
                if self.is_halted() { Poll::Ready(()) } else { halt.as_mut().poll(context) }
            },
        )
        .await;
    }
}
