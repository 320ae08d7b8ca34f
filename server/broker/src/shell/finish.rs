//! What is done when a session is over.

use std::sync::Arc;
use std::time::Duration;

use domain::{Event, Fact, LeftBehind, RequestId, Sealed, Session, SessionEnd, SessionState};

use crate::Portal;
use crate::port::{SaveError, Versioned};
use crate::portal::About;

/// How long to wait before trying to write an end again, at first and at most.
const AGAIN_AFTER: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));

impl Portal {
    /// Writes a session's end; where something may be left of it, that is looked after from then
    /// on.
    pub(crate) async fn settle(
        self: &Arc<Self>,
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
        if self.save_in_the_end(&session, event).await {
            session.version += 1;
            self.clean_up_again(session, left);
        }
    }

    /// Saves a session that is over, and tries again until that is done or the portal stops; false
    /// where it was not done.
    pub(super) async fn save_in_the_end(&self, session: &Versioned<Session>, event: Event) -> bool {
        let mut pause = AGAIN_AFTER.0;
        loop {
            match self.store.save_session(session, std::slice::from_ref(&event)).await {
                Ok(()) => {
                    self.changes.wake();
                    return true;
                }
                Err(SaveError::Conflict) => {
                    tracing::error!(session.id = %session.value.id, "the session changed elsewhere");
                    return false;
                }
                Err(SaveError::Store(cause)) => {
                    let error = &cause as &dyn std::error::Error;
                    tracing::error!(error, session.id = %session.value.id, "an end is not written yet");
                }
            }
            if self.stopping.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                return false;
            }
            pause = (pause * 2).min(AGAIN_AFTER.1);
        }
    }
}
