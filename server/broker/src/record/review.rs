//! Somebody reviewed a recording.

use domain::broker::{Refusal, SessionRow};
use domain::{Fact, Review, SessionId, Signer};

use crate::Bound;
use crate::port::SaveError;
use crate::portal::{About, unavailable};
use crate::shell::session;

/// Keeps that this person reviewed a recording, and says so in the audit log.
pub(crate) async fn review(bound: &Bound, id: SessionId) -> Result<(), Refusal> {
    let portal = &bound.portal;
    let row = session(bound, id).await?;
    let about = About::session(&row.session, row.request);
    portal.told(&bound.person, &about, "review a recording", allowed(bound, &row)).await?;
    let review = Review { by: Signer::from(&bound.person), at: portal.clock.now() };
    let event = portal.event(Some(&bound.person), &about, Fact::RecordingReviewed);
    match portal.store.insert_review(id, &review, &[event]).await {
        Ok(()) => {
            portal.changes.wake();
            Ok(())
        }
        Err(SaveError::Conflict) => {
            Err(Refusal::Conflict { what: "the recording was reviewed already".to_owned() })
        }
        Err(SaveError::Store(cause)) => Err(unavailable(cause)),
    }
}

/// Nobody reviews their own, under whatever account.
fn allowed(bound: &Bound, row: &SessionRow) -> Result<(), Refusal> {
    let policy = bound.policy();
    if policy.aliases().are_one(&(&row.session.person).into(), &(&bound.person).into()) {
        let why = "nobody reviews the recording of their own session".to_owned();
        return Err(Refusal::Forbidden { why });
    }
    if row.may_replay { Ok(()) } else { Err(Refusal::NotFound) }
}

/// Whether this person may review a recording that nobody has reviewed yet.
pub(super) fn may_review(bound: &Bound, row: &SessionRow, review: Option<&Review>) -> bool {
    review.is_none() && allowed(bound, row).is_ok()
}
