//! What an earlier process left when it stopped without saying so.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::broker::{Part, Refusal};
use domain::{Fact, Sealed, SessionEnd, SessionId};

use super::{About, Portal, unavailable};
use crate::port::{RecorderError, SessionQuery};

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
            let about = About::session(&session.value, grant.value.request);
            let how = SessionEnd::PortalStopped;
            let ending = self.event(None, &about, Fact::SessionEnding { how: how.clone() });
            let audit_id = ending.id;
            self.write(ending).await?;
            let recording = sealed.get(&session.value.id).cloned();
            let portal = Arc::clone(self);
            // The cluster may be away for long: the portal does not wait for it to start.
            self.tasks.spawn(async move {
                let recording = match recording {
                    None => portal.sealed_before(session.value.id).await,
                    known => known,
                };
                let left = portal.clean_up(&session.value, &grant.value, audit_id).await;
                portal.settle(session, grant.value.request, how, left, recording).await;
            });
        }
        Ok(())
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
