//! What happens because time passes.

use std::sync::Arc;
use std::time::Duration;

use domain::Fact;
use domain::broker::Refusal;

use super::{About, Portal, unavailable};
use crate::port::{RequestQuery, SaveError};

/// How often grants and requests are looked at. Sessions do not wait for it: they have a deadline
/// of their own.
const EVERY: Duration = Duration::from_secs(1);

impl Portal {
    pub(super) fn watch_time(self: &Arc<Self>) {
        let portal = Arc::clone(self);
        let stopping = self.stopping.clone();
        self.tasks.spawn(stopping.run_until_cancelled_owned(async move {
            let mut tick = tokio::time::interval(EVERY);
            tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tick.tick().await;
                portal.tickets.forget_old(portal.clock.since_boot());
                let swept = portal.sweep().await;
                if swept.is_err() || !portal.recorder.works() {
                    // What cannot be written down must not go on (design, §6 no. 7).
                    portal.running.end_all(&domain::SessionEnd::NotRecorded);
                }
            }
        }));
    }

    /// Ends what is over: grants past their end, requests nobody decided. Makes the grants of those
    /// that were approved.
    ///
    /// # Errors
    /// When the store does not work, or the audit log cannot be written.
    pub async fn sweep(&self) -> Result<(), Refusal> {
        // A full disk still answers reads: whether the log can be written shows only a write.
        self.store.append(&[]).await.map_err(unavailable)?;
        let now = self.clock.now();
        for mut grant in self.store.active_grants().await.map_err(unavailable)? {
            if now < grant.value.not_after {
                continue;
            }
            let about = About::grant(&grant.value);
            let how = grant.value.lapse();
            let fact = Fact::GrantEnded { how: how.words() };
            let Ok(ended) = grant.value.end(how, now) else { continue };
            grant.value = ended;
            let event = self.event(None, &about, fact);
            settled(self.store.save_grant(&grant, &[event]).await)?;
            self.changes.wake();
        }
        for mut request in self.store.requests(&RequestQuery::Pending).await.map_err(unavailable)? {
            if request.value.granted_at().is_some_and(|at| at <= now) {
                self.make_grant(request).await?;
                continue;
            }
            let about = About::request(&request.value);
            let Ok(lapsed) = request.value.lapse(now) else { continue };
            request.value = lapsed;
            let event = self.event(None, &about, Fact::RequestLapsed);
            settled(self.store.save_request(&request, None, &[event]).await)?;
            self.changes.wake();
        }
        Ok(())
    }
}

/// A conflict means that somebody else has just ended it.
fn settled(saved: Result<(), SaveError>) -> Result<(), Refusal> {
    match saved {
        Ok(()) | Err(SaveError::Conflict) => Ok(()),
        Err(SaveError::Store(cause)) => Err(unavailable(cause)),
    }
}
