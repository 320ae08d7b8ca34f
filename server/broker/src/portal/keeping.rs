//! What happens to recordings without anybody asking for it.

use domain::broker::Refusal;
use domain::{Fact, SessionId, SessionState};

use super::{About, Portal, unavailable};

impl Portal {
    /// Whether the end of a session is written down, and with it the seal of its recording.
    ///
    /// # Errors
    /// When the store does not work.
    pub async fn has_ended(&self, session: SessionId) -> Result<bool, Refusal> {
        let known = self.store.session(session).await.map_err(unavailable)?;
        Ok(known.is_none_or(|known| matches!(known.value.state, SessionState::Ended { .. })))
    }

    /// Writes down what happens to the recording of a session; durable on return.
    ///
    /// # Errors
    /// When it could not be written: it must not happen then.
    pub async fn note_recording(&self, session: SessionId, fact: Fact) -> Result<(), Refusal> {
        let about = match self.store.session(session).await.map_err(unavailable)? {
            None => About { session: Some(session), ..About::default() },
            Some(found) => {
                let found = found.value;
                let grant = self.store.grant(found.grant).await.map_err(unavailable)?;
                let request = grant.map(|grant| grant.value.request);
                About {
                    request,
                    grant: Some(found.grant),
                    session: Some(session),
                    ..About::place(&found.target.place)
                }
            }
        };
        self.write(self.event(None, &about, fact)).await
    }
}
