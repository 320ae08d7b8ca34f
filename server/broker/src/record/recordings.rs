//! The recordings that one person may read.

use domain::SessionState;
use domain::broker::{RecordingRow, Refusal};

use crate::Bound;
use crate::port::SessionQuery;
use crate::portal::unavailable;
use crate::shell::row;

/// Recordings that are listed.
const LISTED: u16 = 500;

pub(crate) async fn recordings(bound: &Bound) -> Result<Vec<RecordingRow>, Refusal> {
    let query = SessionQuery::Ended { limit: LISTED };
    let ended = bound.portal.store.sessions(&query).await.map_err(unavailable)?;
    let mut rows = Vec::new();
    for session in ended {
        let SessionState::Ended { at, recording: Some(sealed), .. } = session.value.state.clone()
        else {
            continue;
        };
        if let Some(session) = row(bound, session.value).await? {
            rows.push(RecordingRow { session, ended_at: at, sealed });
        }
    }
    Ok(rows)
}
