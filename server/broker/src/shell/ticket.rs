//! One-time tickets: what proves that a socket may attach (W-03).

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use domain::broker::{Refusal, Ticket};
use domain::wire::TICKET_LENGTH;
use domain::{Fact, LoginId, PersonKey, Session, SessionEnd, SessionId, SessionState};

use super::rows::visible;
use super::running::locked;
use crate::Bound;
use crate::portal::unavailable;

/// A ticket is good for this long.
const GOOD_FOR: Duration = Duration::from_secs(30);
/// More tickets than this at once are a flood; the oldest are forgotten.
const MOST: usize = 10_000;

/// What a ticket stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Admission {
    pub(crate) session: SessionId,
    pub(crate) person: PersonKey,
    pub(crate) login: LoginId,
    pub(crate) writer: bool,
}

/// The tickets that were given out and not used.
#[derive(Default)]
pub(crate) struct Tickets {
    given: Mutex<BTreeMap<[u8; TICKET_LENGTH], (Duration, Admission)>>,
}

impl Tickets {
    fn give(&self, admission: Admission, since_boot: Duration) -> [u8; TICKET_LENGTH] {
        let secret: [u8; TICKET_LENGTH] = rand::random();
        let mut given = locked(&self.given);
        if given.len() >= MOST {
            let oldest = given.iter().min_by_key(|(_, (at, _))| *at).map(|(secret, _)| *secret);
            oldest.map(|secret| given.remove(&secret));
        }
        given.insert(secret, (since_boot, admission));
        secret
    }

    /// Uses a ticket up, whether it is still good or not.
    pub(crate) fn take(
        &self,
        secret: &[u8; TICKET_LENGTH],
        since_boot: Duration,
    ) -> Option<Admission> {
        let (given_at, admission) = locked(&self.given).remove(secret)?;
        (since_boot.saturating_sub(given_at) <= GOOD_FOR).then_some(admission)
    }

    pub(crate) fn forget_old(&self, since_boot: Duration) {
        locked(&self.given).retain(|_, (at, _)| since_boot.saturating_sub(*at) <= GOOD_FOR);
    }
}

pub(crate) async fn ticket(bound: &Bound, id: SessionId) -> Result<Ticket, Refusal> {
    let (session, _) = visible(bound, id).await?;
    if let SessionState::Ended { how, .. } = &session.state {
        return Err(Refusal::Over { how: how.clone() });
    }
    if bound.portal.running.get(id).is_none() {
        return Err(not_here(bound, &session).await?);
    }
    let writer = session.person.key == bound.person.key;
    let (person, login) = (bound.person.key.clone(), bound.login);
    let admission = Admission { session: id, person, login, writer };
    let portal = &bound.portal;
    let secret = portal.tickets.give(admission, portal.clock.since_boot());
    Ok(Ticket { session: id, secret })
}

/// What is said of a session that is written as running and does not run here.
async fn not_here(bound: &Bound, session: &Session) -> Result<Refusal, Refusal> {
    if !bound.portal.settings.shares_store {
        // An earlier process had it, and its end is being settled.
        return Ok(Refusal::Over { how: SessionEnd::PortalStopped });
    }
    let ending = bound.portal.ending(session.id).await.map_err(unavailable)?;
    if let Some(Fact::SessionEnding { how }) = ending.map(|event| event.fact) {
        return Ok(Refusal::Over { how });
    }
    let what = "the session runs at another portal than the one that this page reached";
    Ok(Refusal::Conflict { what: what.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission() -> Admission {
        let person = PersonKey { issuer: "i".into(), subject: "s".into() };
        let (session, login) = (SessionId(uuid::Uuid::nil()), LoginId(uuid::Uuid::nil()));
        Admission { session, person, login, writer: true }
    }

    #[test]
    fn w_03_a_ticket_is_good_once_and_for_thirty_seconds() {
        let tickets = Tickets::default();
        let at = Duration::from_secs(100);
        let secret = tickets.give(admission(), at);
        assert_eq!(tickets.take(&secret, at + GOOD_FOR), Some(admission()));
        assert_eq!(tickets.take(&secret, at), None);
        let late = tickets.give(admission(), at);
        assert_eq!(tickets.take(&late, at + GOOD_FOR + Duration::from_millis(1)), None);
        assert_eq!(tickets.take(&[0; TICKET_LENGTH], at), None);
    }
}
