//! Stopping without cutting anybody off.

use std::time::Duration;

use super::Portal;
use crate::port::Deadline;

impl Portal {
    /// Lets no session start any more, tells everybody that the portal is going to be restarted,
    /// and gives those that run so much time. Returns when it is over, or all of them are.
    ///
    /// Sessions that still run then are ended by [`Portal::stop`].
    pub async fn drain(&self, time: Duration) {
        let since_boot = self.clock.since_boot().saturating_add(time);
        let at = *self.restart.get_or_init(|| Deadline { since_boot });
        self.running.announce_restart(at);
        // Every page shows the frame's warnings, and follows this topic.
        self.changes.everyone("policy");
        // Nobody to wait for is the common case.
        let _ = tokio::time::timeout(time, self.running.none()).await;
    }

    /// When the sessions end because the portal is restarted, once that is known.
    pub(crate) fn restart(&self) -> Option<Deadline> {
        self.restart.get().copied()
    }
}
