//! Ending a grant before its time.

use domain::broker::Refusal;
use domain::{Fact, GrantEnd, GrantId, RequestId, RequestState, SessionEnd, Signer};

use super::view::seen;
use crate::Bound;
use crate::port::SaveError;
use crate::portal::{About, unavailable};

pub(crate) async fn end_grant(bound: &Bound, id: RequestId) -> Result<(), Refusal> {
    let request = seen(bound, id).await?;
    let RequestState::Approved { grant, .. } = request.state else {
        return Err(Refusal::Conflict { what: "there is no grant to end".to_owned() });
    };
    let how = if request.person.key == bound.person.key {
        GrantEnd::Surrendered
    } else {
        GrantEnd::Revoked { by: Signer::from(&bound.person) }
    };
    revoke(bound, grant, how).await
}

/// Ends a grant, and every session under it at once.
pub(crate) async fn revoke(bound: &Bound, id: GrantId, how: GrantEnd) -> Result<(), Refusal> {
    let portal = &bound.portal;
    loop {
        let known = portal.store.grant(id).await.map_err(unavailable)?;
        let mut grant = known.ok_or(Refusal::NotFound)?;
        let about = About::grant(&grant.value);
        grant.value = grant
            .value
            .end(how.clone(), portal.clock.now())
            .map_err(|refusal| Refusal::Conflict { what: refusal.to_string() })?;
        let fact = Fact::GrantEnded { how: how.words() };
        let event = portal.event(Some(&bound.person), &about, fact);
        match portal.store.save_grant(&grant, &[event]).await {
            Ok(()) => break,
            Err(SaveError::Conflict) => {}
            Err(SaveError::Store(cause)) => return Err(unavailable(cause)),
        }
    }
    portal.running.end_under(
        id,
        &match how {
            GrantEnd::Surrendered => SessionEnd::EndedByPerson,
            GrantEnd::Revoked { by } => SessionEnd::Revoked { by },
            GrantEnd::Expired => SessionEnd::TimeIsUp,
        },
    );
    portal.changes.wake();
    Ok(())
}
