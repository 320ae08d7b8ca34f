//! What an earlier process left when it stopped without saying so.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::broker::{Part, Refusal};
use domain::{Fact, Sealed, Session, SessionEnd, SessionId, SessionState};

use super::{About, Portal, unavailable};
use crate::port::{RecorderError, SessionQuery};
use crate::shell::FIRST_TERMINAL_WITHIN;

impl Portal {
    /// Seals open recordings, ends sessions that were running, and cleans up after their
    /// processes; goes on with what an earlier process could not clean up. Grants that are still in
    /// time stay in force.
    pub(super) async fn recover(self: &Arc<Self>) -> Result<(), Refusal> {
        let version = self.settings.version.to_owned();
        self.note(None, Fact::PortalStarted { version }).await?;
        let sealed = self.recorder.recover().await.map_err(|cause| {
            tracing::error!(error = &cause as &dyn std::error::Error, "the journal cannot be read");
            Refusal::Unavailable { part: Part::Recorder }
        })?;
        let sealed: BTreeMap<SessionId, Sealed> = sealed.into_iter().collect();
        self.clean_up_later().await.map_err(unavailable)?;
        let running = self.store.sessions(&SessionQuery::Running).await.map_err(unavailable)?;
        for session in running {
            let Some(grant) = self.store.grant(session.value.grant).await.map_err(unavailable)?
            else {
                continue;
            };
            let id = session.value.id;
            let recording = match sealed.get(&id).cloned() {
                None => self.sealed_before(id).await,
                known => known,
            };
            if recording.is_none() && self.may_run_elsewhere(&session.value) {
                continue;
            }
            let about = About::session(&session.value, grant.value.request);
            let how = SessionEnd::PortalStopped;
            let ending = self.event(None, &about, Fact::SessionEnding { how: how.clone() });
            let audit_id = ending.id;
            self.write(ending).await?;
            let portal = Arc::clone(self);
            // The cluster may be away for long: the portal does not wait for it to start.
            self.tasks.spawn(async move {
                let left = portal.clean_up(&session.value, &grant.value, audit_id).await;
                portal.settle(session, grant.value.request, how, left, recording).await;
            });
        }
        Ok(())
    }

    /// Whether another process over the same database may be running a session: its recording is
    /// not here, and its time is not over.
    fn may_run_elsewhere(&self, session: &Session) -> bool {
        let now = self.clock.now();
        match session.state {
            SessionState::Starting => now < domain::later(session.asked_at, FIRST_TERMINAL_WITHIN),
            SessionState::Live { .. } => now < session.not_after,
            SessionState::Ended { .. } => false,
        }
    }

    /// The seal of a recording where an earlier start sealed it, and stopped before that was
    /// written down.
    async fn sealed_before(&self, session: SessionId) -> Option<Sealed> {
        match self.recorder.verify(session).await {
            Ok(sealed) => Some(sealed),
            Err(RecorderError::NotFound) => None,
            Err(cause) => {
                let error = &cause as &dyn std::error::Error;
                tracing::error!(error, session.id = %session, "its recording is not whole");
                None
            }
        }
    }
}
