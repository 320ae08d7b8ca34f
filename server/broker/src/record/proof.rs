//! Whether a recording is the one that was written down.

use domain::SessionId;
use domain::broker::{Proof, Refusal};

use super::log;
use super::reading::unread;
use crate::Bound;
use crate::port::RecorderError;

/// Reads a recording whole and compares it with the audit log.
pub(crate) async fn prove(bound: &Bound, id: SessionId) -> Result<Proof, Refusal> {
    bound.reading(id).await?;
    compared(bound, id).await
}

/// The comparison, where it is known that the person reads the recording.
///
/// The frames must be those that were sealed. The file of an archive must also be the one that was
/// written down: what the player shows of it, index, screens and transcript, is none of the frames.
pub(super) async fn compared(bound: &Bound, id: SessionId) -> Result<Proof, Refusal> {
    // The log comes after the file, because it has the digest of an archive before that is in its
    // place.
    let (found, file) = match bound.portal.recorder.prove(id).await {
        Ok(proven) => proven,
        Err(RecorderError::Unreadable(why)) => return Ok(Proof::Broken { why }),
        Err(cause) => return Err(unread(cause)),
    };
    let Some((event, sealed)) = log::sealed(bound, id).await? else {
        return Ok(Proof::NotLogged { found: frames(&found.digest) });
    };
    if sealed != found {
        let (found, logged) = (frames(&found.digest), frames(&sealed.digest));
        return Ok(Proof::Differs { found, logged });
    }
    let Some(file) = file else { return Ok(Proof::Verified { digest: found.digest, event }) };
    Ok(match log::archived(bound, id).await? {
        Some(logged) if logged == file => Proof::Verified { digest: found.digest, event },
        Some(logged) => Proof::Differs { found: whole(&file), logged: whole(&logged) },
        None => Proof::NotLogged { found: whole(&file) },
    })
}

/// The digest of a recording's frames, with its kind.
fn frames(digest: &str) -> String {
    format!("blake3 {digest}")
}

/// The digest of a recording's file, with its kind.
fn whole(digest: &str) -> String {
    format!("SHA-256 {digest}")
}
