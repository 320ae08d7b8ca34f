//! One recording, for its player.

use domain::broker::{Condition, Look, Playable, Proof, Proving, RecordingView, Refusal};
use domain::{Sealed, SessionId, SessionState};

use super::log;
use super::proof::compared;
use super::reading::unread;
use super::review::may_review;
use super::transcript::{Shown, Sought, shown};
use crate::Bound;
use crate::port::RecorderError;
use crate::portal::unavailable;
use crate::shell::session;

/// Recordings with at most this many bytes of output are read whole whenever they are opened; that
/// takes some milliseconds.
const SHORT: u64 = 4 * 1024 * 1024;

/// Opens a recording; what cannot be played is said, not refused.
pub(crate) async fn recording(
    bound: &Bound,
    id: SessionId,
    look: &Look,
) -> Result<RecordingView, Refusal> {
    let session = session(bound, id).await?;
    let review = bound.portal.store.review(id).await.map_err(unavailable)?;
    let may_review = may_review(bound, &session, review.as_ref());
    let condition = match session.session.state.clone() {
        SessionState::Starting | SessionState::Live { .. } if bound.portal.running.is_over(id) => {
            Condition::Sealing
        }
        SessionState::Starting | SessionState::Live { .. } => Condition::Unfinished,
        SessionState::Ended { recording: None, .. } if log::opened(bound, id).await? => {
            Condition::Unsealed
        }
        SessionState::Ended { recording: None, .. } => Condition::NotBegun,
        SessionState::Ended { at, recording: Some(sealed), .. } => {
            if !session.may_replay {
                return Err(Refusal::NotFound);
            }
            bound.open_recording(&session).await?;
            match read(bound, id).await {
                Ok((length_us, shown)) => {
                    let sought = look.sought.as_deref().and_then(Sought::new);
                    Condition::Playable(Playable {
                        proof: proof(bound, id, look, &sealed).await?,
                        ended_at: at,
                        sealed,
                        length_us,
                        found: sought.map(|sought| sought.all(&shown.lines)),
                        excerpt: shown.excerpt(look.place),
                    })
                }
                Err(cause) => unplayable(bound, id, cause).await?,
            }
        }
    };
    // What was removed, or was never there, is not reviewed.
    let may_review = may_review && matches!(condition, Condition::Playable(_));
    Ok(RecordingView { session, condition, review, may_review })
}

/// How long it is, and what it shows.
async fn read(bound: &Bound, id: SessionId) -> Result<(u64, Shown), RecorderError> {
    let outline = bound.portal.recorder.outline(id).await?;
    Ok((outline.length_us, shown(bound, id).await?))
}

async fn proof(
    bound: &Bound,
    id: SessionId,
    look: &Look,
    sealed: &Sealed,
) -> Result<Option<Proof>, Refusal> {
    if look.proof == Proving::WhereShort && sealed.bytes > SHORT {
        return Ok(None);
    }
    compared(bound, id).await.map(Some)
}

/// Why a recording cannot be played.
async fn unplayable(
    bound: &Bound,
    id: SessionId,
    cause: RecorderError,
) -> Result<Condition, Refusal> {
    match cause {
        RecorderError::NotFound if log::removed(bound, id).await? => Ok(Condition::Removed),
        RecorderError::NotFound => {
            tracing::error!(session.id = %id, "a recording is missing");
            Ok(Condition::Missing)
        }
        RecorderError::Unreadable(why) => {
            tracing::error!(why, "a recording cannot be read");
            Ok(Condition::Damaged { why })
        }
        RecorderError::Locked => Ok(Condition::Locked),
        broken @ RecorderError::Broken => Err(unread(broken)),
    }
}
