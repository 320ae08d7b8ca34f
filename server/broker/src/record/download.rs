//! A recording leaves the portal as a file.

use bytes::Bytes;
use domain::broker::{Part, Refusal};
use domain::{Fact, SessionId};
use futures::stream::BoxStream;

use crate::Bound;
use crate::port::RecorderError;
use crate::portal::About;
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
        let portal = &self.portal;
        let row = session(self, id).await?;
        if !row.may_replay {
            return Err(Refusal::NotFound);
        }
        let about = About::session(&row.session, row.request);
        portal.write(portal.event(Some(&self.person), &about, Fact::RecordingRead)).await?;
        let lines = portal.recorder.asciicast(id).await.map_err(|cause| match cause {
            RecorderError::NotFound => Refusal::NotFound,
            RecorderError::Broken | RecorderError::Unreadable(_) => {
                tracing::error!(error = &cause as &dyn std::error::Error, "no download");
                Refusal::Unavailable { part: Part::Recorder }
            }
        })?;
        let place = &row.session.target.place;
        let name = format!("{}-{}-{id}.cast", place.namespace, row.session.target.pod);
        Ok(Download { name, lines })
    }
}
