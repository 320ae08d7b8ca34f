//! Ending a grant before its time.

use std::collections::BTreeSet;

use domain::broker::Refusal;
use domain::{Fact, GrantEnd, GrantId, RequestId, RequestState, Signer};

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

/// Ends a grant with those that prolong it and that it prolongs, and every session under them at
/// once.
pub(crate) async fn revoke(bound: &Bound, id: GrantId, how: GrantEnd) -> Result<(), Refusal> {
    let linked = linked(bound, id).await?;
    end(bound, id, how.clone()).await?;
    for other in linked {
        match end(bound, other, how.clone()).await {
            // It ended by itself in the meantime.
            Ok(()) | Err(Refusal::Conflict { .. }) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(())
}

/// The other grants in force that prolong this one or are prolonged by it, however far.
async fn linked(bound: &Bound, id: GrantId) -> Result<BTreeSet<GrantId>, Refusal> {
    let active = bound.portal.store.active_grants().await.map_err(unavailable)?;
    let links: Vec<_> =
        active.iter().filter_map(|grant| Some((grant.value.extends?, grant.value.id))).collect();
    let mut linked = BTreeSet::from([id]);
    let mut before = 0;
    while linked.len() > before {
        before = linked.len();
        for (base, further) in &links {
            if linked.contains(base) || linked.contains(further) {
                linked.extend([*base, *further]);
            }
        }
    }
    linked.remove(&id);
    Ok(linked)
}

async fn end(bound: &Bound, id: GrantId, how: GrantEnd) -> Result<(), Refusal> {
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
    portal.running.end_under(id, &how.of_sessions());
    portal.changes.wake();
    Ok(())
}
