//! A recording leaves the portal as a file.

use bytes::Bytes;
use domain::SessionId;
use domain::broker::Refusal;
use futures::stream::BoxStream;

use super::reading::unread;
use crate::Bound;
use crate::port::RecorderError;
use crate::shell::session;

/// An asciicast v3 on its way.
pub struct Download {
    /// A name for the file, of letters, digits, dots and dashes.
    pub name: String,
    /// The file, line by line.
    pub lines: BoxStream<'static, Result<Bytes, RecorderError>>,
}

impl Bound {
    /// The recording of a session; that it was read is written down first.
    pub async fn download(&self, id: SessionId) -> Result<Download, Refusal> {
        let row = session(self, id).await?;
        if !row.may_replay {
            return Err(Refusal::NotFound);
        }
        self.open_recording(&row).await?;
        let lines = self.portal.recorder.asciicast(id).await.map_err(unread)?;
        let place = &row.session.target.place;
        let name = format!("{}-{}-{id}.cast", place.namespace, row.session.target.pod);
        Ok(Download { name, lines })
    }
}
