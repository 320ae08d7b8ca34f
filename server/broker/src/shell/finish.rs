//! What is done when a session is over.

use std::time::Duration;

use domain::{
    Action, EventId, Fact, Grant, LeftBehind, RequestId, Sealed, Session, SessionEnd, SessionState,
    kubernetes_group, later,
};

use crate::Portal;
use crate::port::{Order, SaveError, Versioned};
use crate::portal::About;
use crate::signed::{Claims, Purpose};

/// How long an order to clean up is believed.
const CLEAN_UP_WITHIN: Duration = Duration::from_mins(2);
/// How long to wait before trying to write an end again, at first and at most.
const AGAIN_AFTER: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));

impl Portal {
    /// Ends the session's processes in the container and looks what is left.
    pub(crate) async fn clean_up(
        &self,
        session: &Session,
        grant: &Grant,
        audit_id: EventId,
    ) -> LeftBehind {
        let Ok(cluster) = self.cluster(&session.target.place) else { return LeftBehind::Unknown };
        let now = self.clock.now();
        let claims = Claims {
            grant: grant.id,
            session: session.id,
            username: session.person.username.clone(),
            group: kubernetes_group(&grant.role, &grant.place),
            target: session.target.clone(),
            action: Action::Shell,
            purpose: Purpose::CleanUp,
            not_before: now,
            not_after: later(now, CLEAN_UP_WITHIN),
        };
        let order = Order { grant: self.signer.sign(&claims), audit_id };
        cluster.end_processes(&order).await
    }

    /// Writes a session's end, and tries again until it is written or the portal stops.
    pub(crate) async fn settle(
        &self,
        mut session: Versioned<Session>,
        request: RequestId,
        how: SessionEnd,
        left: LeftBehind,
        recording: Option<Sealed>,
    ) {
        let about = About::session(&session.value, request);
        let fact = Fact::SessionEnded { how: how.clone(), left, recording: recording.clone() };
        let event = self.event(None, &about, fact);
        session.value.state = SessionState::Ended { at: self.clock.now(), how, left, recording };
        let mut pause = AGAIN_AFTER.0;
        loop {
            match self.store.save_session(&session, std::slice::from_ref(&event)).await {
                Ok(()) => break self.changes.wake(),
                Err(SaveError::Conflict) => {
                    tracing::error!(session.id = %session.value.id, "the session changed elsewhere");
                    break;
                }
                Err(SaveError::Store(cause)) => {
                    let error = &cause as &dyn std::error::Error;
                    tracing::error!(error, session.id = %session.value.id, "an end is not written yet");
                }
            }
            if self.stopping.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                break;
            }
            pause = (pause * 2).min(AGAIN_AFTER.1);
        }
    }
}
