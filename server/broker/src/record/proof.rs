//! Whether a recording is the one that was written down.

use domain::broker::{AuditFilter, Proof, Refusal};
use domain::{Fact, Sealed, SessionId};

use super::reading::unread;
use crate::Bound;
use crate::port::RecorderError;
use crate::portal::unavailable;

/// Events of a session's end that are looked at; there is one.
const ENDS: u16 = 2;

/// Reads a recording whole and compares it with the audit log.
pub(crate) async fn prove(bound: &Bound, id: SessionId) -> Result<Proof, Refusal> {
    bound.reading(id).await?;
    compared(bound, id).await
}

/// The comparison, where it is known that the person reads the recording.
pub(super) async fn compared(bound: &Bound, id: SessionId) -> Result<Proof, Refusal> {
    let logged = logged(bound, id).await?;
    match bound.portal.recorder.verify(id).await {
        Ok(found) => Ok(compare(found, logged)),
        Err(RecorderError::Unreadable(why)) => Ok(Proof::Broken { why }),
        Err(cause) => Err(unread(cause)),
    }
}

fn compare(found: Sealed, logged: Option<(u64, Sealed)>) -> Proof {
    match logged {
        None => Proof::NotLogged { found: found.digest },
        Some((event, sealed)) if sealed == found => Proof::Verified { digest: found.digest, event },
        Some((_, sealed)) => Proof::Differs { found: found.digest, logged: sealed.digest },
    }
}

/// What the audit log says of a session's recording, and in which event.
async fn logged(bound: &Bound, id: SessionId) -> Result<Option<(u64, Sealed)>, Refusal> {
    let filter = AuditFilter {
        about: Some(id.to_string()),
        kind: Some("session-ended".to_owned()),
        ..AuditFilter::default()
    };
    let events = bound.portal.store.events(&filter, ENDS).await.map_err(unavailable)?;
    Ok(events.into_iter().find_map(|logged| match logged.event.fact {
        Fact::SessionEnded { recording: Some(sealed), .. } if logged.event.session == Some(id) => {
            Some((logged.number, sealed))
        }
        _ => None,
    }))
}
