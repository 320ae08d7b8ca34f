//! What an earlier process left when it stopped without saying so.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::broker::{Part, Refusal};
use domain::{Fact, Sealed, Session, SessionEnd, SessionId, SessionState};

use super::{About, Portal, unavailable};
use crate::port::{RecorderError, SessionQuery, Versioned};
use crate::shell::FIRST_TERMINAL_WITHIN;

/// How long a process takes at most to open a session, or to settle one that is over.
const SETTLED_WITHIN: Duration = Duration::from_mins(1);

impl Portal {
    /// Seals open recordings and says so, ends sessions that were running, and cleans up after their
    /// processes; goes on with what an earlier process could not clean up. Grants that are still in
    /// time stay in force.
    pub(super) async fn recover(self: &Arc<Self>) -> Result<(), Refusal> {
        let version = self.settings.version.to_owned();
        self.note(None, Fact::PortalStarted { version }).await?;
        let sealed = self.recorder.recover().await.map_err(|cause| {
            tracing::error!(error = %domain::text::causes(&cause), "the journal cannot be read");
            Refusal::Unavailable { part: Part::Recorder }
        })?;
        let sealed: BTreeMap<SessionId, Sealed> = sealed.into_iter().collect();
        self.add_seals(&sealed).await?;
        self.clean_up_later().await.map_err(unavailable)?;
        let running = self.store.sessions(&SessionQuery::Running).await.map_err(unavailable)?;
        for session in running {
            let recording = match sealed.get(&session.value.id).cloned() {
                None => self.sealed_before(session.value.id).await,
                known => known,
            };
            let elsewhere = self.may_run_elsewhere(&session.value);
            match elsewhere.filter(|_| recording.is_none()) {
                None => self.settle_left(session, recording).await?,
                Some(wait) => self.settle_later(session.value.id, wait),
            }
        }
        Ok(())
    }

    /// Adds the seals that sessions lack whose end was written down without one.
    async fn add_seals(&self, sealed: &BTreeMap<SessionId, Sealed>) -> Result<(), Refusal> {
        for session in self.store.sessions(&SessionQuery::Unsealed).await.map_err(unavailable)? {
            let session = session.value.id;
            let recording = match sealed.get(&session).cloned() {
                None => self.sealed_before(session).await,
                known => known,
            };
            if let Some(recording) = recording {
                self.add_seal(session, recording).await?;
            }
        }
        Ok(())
    }

    /// Ends a session whose process is gone, once that is announced. The cluster may be away for
    /// long: it is not waited for.
    async fn settle_left(
        self: &Arc<Self>,
        session: Versioned<Session>,
        recording: Option<Sealed>,
    ) -> Result<(), Refusal> {
        let grant = self.store.grant(session.value.grant).await.map_err(unavailable)?;
        let Some(Versioned { value: grant, .. }) = grant else { return Ok(()) };
        let about = About::session(&session.value, grant.request);
        let how = SessionEnd::PortalStopped;
        let ending = self.event(None, &about, Fact::SessionEnding { how: how.clone() });
        let audit_id = ending.id;
        self.write(ending).await?;
        let portal = Arc::clone(self);
        self.tasks.spawn(async move {
            let left = portal.clean_up(&session.value, &grant, audit_id).await;
            portal.settle(session, grant.request, how, left, recording).await;
        });
        Ok(())
    }

    /// Looks again when no process can be running the session any more.
    fn settle_later(self: &Arc<Self>, session: SessionId, wait: Duration) {
        let (portal, stopping) = (Arc::clone(self), self.stopping.clone());
        self.tasks.spawn(stopping.run_until_cancelled_owned(async move {
            tokio::time::sleep(wait).await;
            let known = portal.store.session(session).await.map_err(unavailable);
            let settled = match known {
                Ok(Some(known)) if !matches!(known.value.state, SessionState::Ended { .. }) => {
                    portal.settle_left(known, None).await
                }
                other => other.map(drop),
            };
            if settled.is_err() {
                tracing::error!(session.id = %session, "a session that is over stays open");
            }
        }));
    }

    /// For how long another process over the same database may still be running a session, and
    /// settling it afterwards; none where it cannot be.
    fn may_run_elsewhere(&self, session: &Session) -> Option<Duration> {
        if !self.settings.shares_store {
            return None;
        }
        let until = match session.state {
            SessionState::Starting => domain::later(session.asked_at, FIRST_TERMINAL_WITHIN),
            SessionState::Live { .. } => session.not_after,
            SessionState::Ended { .. } => return None,
        };
        let until = domain::later(until, SETTLED_WITHIN);
        Duration::try_from(until.duration_since(self.clock.now()))
            .ok()
            .filter(|left| !left.is_zero())
    }

    /// The seal of a recording where an earlier start sealed it, and stopped before that was
    /// written down.
    pub(super) async fn sealed_before(&self, session: SessionId) -> Option<Sealed> {
        match self.recorder.verify(session).await {
            Ok(sealed) => Some(sealed),
            Err(RecorderError::NotFound) => None,
            Err(cause) => {
                let error = domain::text::causes(&cause);
                tracing::error!(error, session.id = %session, "its recording is not whole");
                None
            }
        }
    }
}
