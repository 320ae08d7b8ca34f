//! What happens to recordings without anybody asking for it.

use domain::broker::Refusal;
use domain::{Fact, SessionId};

use super::{About, Portal, unavailable};

impl Portal {
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
