//! What happens to recordings without anybody asking for it.

use domain::broker::Refusal;
use domain::{Fact, Sealed, Session, SessionId, SessionState};

use super::{About, Portal, unavailable};
use crate::port::SaveError;

impl Portal {
    /// Sees to it that the audit log has the seal of a session's recording, if that is whole; false
    /// while the session has not ended.
    ///
    /// # Errors
    /// When the store does not work.
    pub async fn note_seal(&self, session: SessionId) -> Result<bool, Refusal> {
        let known = self.store.session(session).await.map_err(unavailable)?;
        let Some(known) = known else { return Ok(true) };
        let SessionState::Ended { recording, .. } = known.value.state else { return Ok(false) };
        if recording.is_none()
            && let Some(sealed) = self.sealed_before(session).await
        {
            self.add_seal(session, sealed).await?;
        }
        Ok(true)
    }

    /// Writes down the seal of a recording whose session ended without one: its journal was broken,
    /// or its disk slow.
    pub(super) async fn add_seal(&self, session: SessionId, sealed: Sealed) -> Result<(), Refusal> {
        loop {
            let known = self.store.session(session).await.map_err(unavailable)?;
            let Some(mut known) = known else { return Ok(()) };
            let SessionState::Ended { recording: recording @ None, .. } = &mut known.value.state
            else {
                return Ok(());
            };
            *recording = Some(sealed.clone());
            let about = self.about_recording(&known.value).await?;
            let fact = Fact::RecordingSealed { recording: sealed.clone() };
            match self.store.save_session(&known, &[self.event(None, &about, fact)]).await {
                Ok(()) => {
                    self.changes.wake();
                    return Ok(());
                }
                // What is left in its container is written down meanwhile: read again.
                Err(SaveError::Conflict) => {}
                Err(SaveError::Store(cause)) => return Err(unavailable(cause)),
            }
        }
    }

    /// Writes down what happens to the recording of a session; durable on return.
    ///
    /// # Errors
    /// When it could not be written: it must not happen then.
    pub async fn note_recording(&self, session: SessionId, fact: Fact) -> Result<(), Refusal> {
        let about = match self.store.session(session).await.map_err(unavailable)? {
            None => About { session: Some(session), ..About::default() },
            Some(found) => self.about_recording(&found.value).await?,
        };
        self.write(self.event(None, &about, fact)).await
    }

    async fn about_recording(&self, session: &Session) -> Result<About, Refusal> {
        let grant = self.store.grant(session.grant).await.map_err(unavailable)?;
        let request = grant.map(|grant| grant.value.request);
        Ok(About {
            request,
            grant: Some(session.grant),
            session: Some(session.id),
            ..About::place(&session.target.place)
        })
    }
}
