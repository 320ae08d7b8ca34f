//! What happens because time passes.

use std::sync::Arc;
use std::time::Duration;

use domain::broker::Refusal;
use domain::{Fact, Grant, GrantEnd, GrantId, GrantState, SessionEnd};

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
                    // What cannot be written down must not go on (docs/threats.md, invariant 7).
                    portal.running.end_all(&SessionEnd::NotRecorded);
                }
            }
        }));
    }

    /// Ends what is over: grants past their end, sessions whose grant was ended, by this process or
    /// another, and requests nobody decided. Makes the grants of those that were approved, and
    /// tells that further people decide on what has waited for long.
    ///
    /// # Errors
    /// When the store does not work, or the audit log cannot be written.
    pub async fn sweep(&self) -> Result<(), Refusal> {
        // A full disk still answers reads: whether the log can be written shows only a write.
        self.store.append(&[]).await.map_err(unavailable)?;
        self.sweep_grants().await?;
        let now = self.clock.now();
        let waiting = self.store.requests(&RequestQuery::Pending).await.map_err(unavailable)?;
        self.escalations.keep(&waiting);
        for mut request in waiting {
            if request.value.granted_at().is_some_and(|at| at <= now) {
                self.make_grant(request).await?;
                continue;
            }
            let about = About::request(&request.value);
            let Ok(lapsed) = request.value.clone().lapse(now) else {
                self.escalate(&request).await?;
                continue;
            };
            request.value = lapsed;
            let event = self.event(None, &about, Fact::RequestLapsed);
            settled(self.store.save_request(&request, None, &[event]).await)?;
            self.changes.wake();
        }
        Ok(())
    }
}

impl Portal {
    async fn sweep_grants(&self) -> Result<(), Refusal> {
        // Looked at before the grants are read: what begins meanwhile is not taken for ended.
        let mut known = self.running.grants();
        let now = self.clock.now();
        for mut grant in self.store.active_grants().await.map_err(unavailable)? {
            let over = (now >= grant.value.not_after).then(|| grant.value.lapse());
            let how = match over {
                Some(how) => Some(how),
                None => self.ended_with_its_base(&grant.value).await?,
            };
            let Some(how) = how else {
                self.running.prolong(&grant.value, &*self.clock);
                known.remove(&grant.value.id);
                continue;
            };
            let about = About::grant(&grant.value);
            let fact = Fact::GrantEnded { how: how.words() };
            let Ok(ended) = grant.value.end(how, now) else { continue };
            grant.value = ended;
            let event = self.event(None, &about, fact);
            settled(self.store.save_grant(&grant, &[event]).await)?;
            self.changes.wake();
        }
        for grant in known {
            self.end_what_runs_under(grant).await?;
        }
        Ok(())
    }

    /// How a grant ends because somebody ended the one that it prolongs; none where nobody did.
    /// Both may have been written at the same instant.
    async fn ended_with_its_base(&self, grant: &Grant) -> Result<Option<GrantEnd>, Refusal> {
        let Some(base) = grant.extends else { return Ok(None) };
        let Some(base) = self.store.grant(base).await.map_err(unavailable)? else {
            return Ok(None);
        };
        let lapsed = base.value.lapse();
        Ok(match base.value.state {
            GrantState::Ended { how, .. } if how != lapsed => Some(how),
            GrantState::Ended { .. } | GrantState::Active => None,
        })
    }

    /// Ends the sessions under a grant that has ended: whoever ended it may have done so in another
    /// process, or have gone before the sessions were told.
    async fn end_what_runs_under(&self, id: GrantId) -> Result<(), Refusal> {
        let grant = self.store.grant(id).await.map_err(unavailable)?;
        let how = match grant.map(|grant| grant.value.state) {
            Some(GrantState::Active) => return Ok(()),
            Some(GrantState::Ended { how, .. }) => how.of_sessions(),
            None => SessionEnd::TimeIsUp,
        };
        self.running.end_under(id, &how);
        self.running.forget(id);
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
