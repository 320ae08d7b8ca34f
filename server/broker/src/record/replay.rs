//! What a player shows, piece by piece.

use domain::SessionId;
use domain::broker::Refusal;

use super::reading::unread;
use crate::Bound;
use crate::port::{Outline, Stretch};

impl Bound {
    /// What a recording holds, without reading all of it.
    pub async fn outline(&self, id: SessionId) -> Result<Outline, Refusal> {
        self.reading(id).await?;
        self.portal.recorder.outline(id).await.map_err(unread)
    }

    /// The part of a recording in which an instant lies, given in microseconds from its beginning.
    pub async fn stretch(&self, id: SessionId, at_us: u64) -> Result<Stretch, Refusal> {
        self.reading(id).await?;
        self.portal.recorder.stretch(id, at_us).await.map_err(unread)
    }
}
