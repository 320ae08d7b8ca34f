//! What the audit log says of a recording.

use domain::broker::{AuditFilter, Refusal};
use domain::{Fact, FactKind, Sealed, SessionId};

use crate::Bound;
use crate::portal::unavailable;

/// Events of one kind of a session that are looked at: the newest counts.
const LATEST: u16 = 2;

/// The seal with which the session ended, or that was added later, and the number of the event that
/// says so.
pub(super) async fn sealed(bound: &Bound, id: SessionId) -> Result<Option<(u64, Sealed)>, Refusal> {
    let seal = |fact| match fact {
        Fact::SessionEnded { recording, .. } => recording,
        Fact::RecordingSealed { recording } => Some(recording),
        _ => None,
    };
    match latest(bound, id, FactKind::SessionEnded, seal).await? {
        None => latest(bound, id, FactKind::RecordingSealed, seal).await,
        known => Ok(known),
    }
}

/// Whether the session's shell was open, so that something was shown and recorded.
pub(super) async fn opened(bound: &Bound, id: SessionId) -> Result<bool, Refusal> {
    let opened = latest(bound, id, FactKind::SessionLive, |fact| match fact {
        Fact::SessionLive { .. } => Some(()),
        _ => None,
    });
    Ok(opened.await?.is_some())
}

/// SHA-256 of the file that the recording was archived as.
pub(super) async fn archived(bound: &Bound, id: SessionId) -> Result<Option<String>, Refusal> {
    let archived = latest(bound, id, FactKind::RecordingArchived, |fact| match fact {
        Fact::RecordingArchived { digest, .. } => Some(digest),
        _ => None,
    });
    Ok(archived.await?.map(|(_, digest)| digest))
}

/// Whether the portal removed the recording: that is written down before it is gone.
pub(super) async fn removed(bound: &Bound, id: SessionId) -> Result<bool, Refusal> {
    let removed = latest(bound, id, FactKind::RecordingRemoved, |fact| match fact {
        Fact::RecordingRemoved { .. } => Some(()),
        _ => None,
    });
    Ok(removed.await?.is_some())
}

/// What the newest event of a kind says, with its number.
async fn latest<T>(
    bound: &Bound,
    id: SessionId,
    kind: FactKind,
    told: impl Fn(Fact) -> Option<T>,
) -> Result<Option<(u64, T)>, Refusal> {
    let filter = AuditFilter::of(kind, id);
    let events = bound.portal.store.events(&filter, LATEST).await.map_err(unavailable)?;
    let mut own = events.into_iter().filter(|logged| logged.event.session == Some(id));
    Ok(own.find_map(|logged| Some((logged.number, told(logged.event.fact)?))))
}
