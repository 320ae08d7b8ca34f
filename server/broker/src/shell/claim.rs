//! The first use of a grant, which sets its end.

use domain::broker::Refusal;
use domain::{Fact, Grant};

use crate::Bound;
use crate::port::SaveError;
use crate::portal::{About, unavailable};

/// The grant as it stands once it is used.
pub(super) async fn claimed(bound: &Bound, grant: Grant) -> Result<Grant, Refusal> {
    if grant.unclaimed.is_none() {
        return Ok(grant);
    }
    let Bound { portal, person, .. } = bound;
    loop {
        let known = portal.store.grant(grant.id).await.map_err(unavailable)?;
        let mut known = known.ok_or(Refusal::NotFound)?;
        let first = known.value.unclaimed.is_some();
        let used = known.value.claim(portal.clock.now());
        known.value = used.map_err(|refusal| Refusal::Conflict { what: refusal.to_string() })?;
        if !first {
            return Ok(known.value);
        }
        let fact = Fact::GrantClaimed { not_after: known.value.not_after };
        let event = portal.event(Some(person), &About::grant(&known.value), fact);
        match portal.store.save_grant(&known, &[event]).await {
            Ok(()) => {
                portal.running.anchor_anew(&known.value, &*portal.clock);
                return Ok(known.value);
            }
            // Another shell was opened at the same instant, or the grant was ended.
            Err(SaveError::Conflict) => {}
            Err(SaveError::Store(cause)) => return Err(unavailable(cause)),
        }
    }
}
