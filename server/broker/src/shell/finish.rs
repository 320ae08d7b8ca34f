//! What is done when a session is over.

use std::sync::Arc;
use std::time::Duration;

use domain::{Event, Fact, LeftBehind, RequestId, Sealed, Session, SessionEnd, SessionState};

use crate::Portal;
use crate::port::{SaveError, StoreError, Versioned};
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
        if self.save_in_the_end(&mut session, event).await {
            self.clean_up_again(session, left);
        }
    }

    /// Saves a session that is over, and tries again until that is done or the portal stops; false
    /// where it was not done. Afterwards it has the version that is kept.
    pub(super) async fn save_in_the_end(
        &self,
        session: &mut Versioned<Session>,
        event: Event,
    ) -> bool {
        let mut pause = AGAIN_AFTER.0;
        loop {
            match self.store.save_session(session, std::slice::from_ref(&event)).await {
                Ok(()) => {
                    session.version += 1;
                    self.changes.wake();
                    return true;
                }
                Err(SaveError::Conflict) => match self.store.session(session.value.id).await {
                    // A save that was taken for failed was written after all.
                    Ok(Some(known)) if known.value.state == session.value.state => {
                        session.version = known.version;
                        return true;
                    }
                    Ok(Some(known)) if is_recorded(&known.value) => return false,
                    Ok(Some(known)) => session.version = known.version,
                    Ok(None) => return false,
                    Err(cause) => not_written(session, &cause),
                },
                Err(SaveError::Store(cause)) => not_written(session, &cause),
            }
            if self.stopping.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                return false;
            }
            pause = (pause * 2).min(AGAIN_AFTER.1);
        }
    }
}

/// Whether it is known to have ended, with its recording: nothing that comes later knows more.
fn is_recorded(session: &Session) -> bool {
    matches!(&session.state, SessionState::Ended { recording: Some(_), .. })
}

fn not_written(session: &Versioned<Session>, cause: &StoreError) {
    let error = domain::text::causes(cause);
    tracing::error!(error, session.id = %session.value.id, "an end is not written yet");
}
