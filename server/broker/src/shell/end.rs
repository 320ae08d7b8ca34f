//! Ending a session by hand.

use domain::broker::Refusal;
use domain::{GrantEnd, SessionEnd, SessionId, SessionState, Signer};

use super::rows::visible;
use crate::Bound;
use crate::access::revoke;

pub(crate) async fn end(bound: &Bound, id: SessionId) -> Result<(), Refusal> {
    let (session, basis) = visible(bound, id).await?;
    if let SessionState::Ended { how, .. } = &session.state {
        return Err(Refusal::Over { how: how.clone() });
    }
    if session.person.key == bound.person.key {
        let Some(run) = bound.portal.running.get(id) else {
            let what = "the session runs at another portal: end the access, which ends it there";
            return Err(Refusal::Conflict { what: what.to_owned() });
        };
        run.end(&SessionEnd::EndedByPerson);
        return Ok(());
    }
    if !basis.may_intervene {
        return Err(Refusal::Forbidden { why: "the session is somebody else's".to_owned() });
    }
    // A session that others end must not simply be opened again: its grant goes with it.
    revoke(bound, session.grant, GrantEnd::Revoked { by: Signer::from(&bound.person) }).await
}
