//! Sessions as one person may see them.

use std::time::Duration;

use domain::broker::{Refusal, SessionRow, SessionView};
use domain::{Action, GrantId, Request, Session, SessionId, SessionState};

use crate::Bound;
use crate::port::SessionQuery;
use crate::portal::{About, unavailable};

/// Ended sessions that are listed.
const LISTED: u16 = 200;

pub(crate) async fn session(bound: &Bound, id: SessionId) -> Result<SessionRow, Refusal> {
    let (session, basis) = visible(bound, id).await?;
    Ok(row_of(bound, session, &basis))
}

/// The session with what is around it.
pub(crate) async fn view(bound: &Bound, id: SessionId) -> Result<SessionView, Refusal> {
    let (session, basis) = visible(bound, id).await?;
    let grant = session.grant;
    let row = row_of(bound, session, &basis);
    if !row.own {
        return Ok(SessionView { row, terminals: Vec::new(), may_open: false, may_extend: false });
    }
    let store = &bound.portal.store;
    let under = store.sessions(&SessionQuery::Under(grant)).await.map_err(unavailable)?;
    let mut terminals: Vec<_> = under
        .into_iter()
        .map(|session| row_of(bound, session.value, &basis))
        .filter(|other| other.may_end || other.session.id == id)
        .collect();
    terminals.sort_by_key(|row| (row.session.asked_at, row.session.id));
    let grant = store.grant(grant).await.map_err(unavailable)?;
    let now = bound.portal.clock.now();
    let grant = grant.map(|grant| grant.value).filter(|grant| grant.check(now).is_ok());
    let policy = bound.policy();
    let role = policy.role(&basis.request.role);
    let allowed = role.is_some_and(|role| role.actions.contains(&Action::Shell));
    Ok(SessionView {
        row,
        terminals,
        may_open: grant.is_some() && allowed,
        may_extend: grant.is_some_and(|grant| grant.unclaimed.is_none()),
    })
}

pub(crate) async fn sessions(bound: &Bound) -> Result<Vec<SessionRow>, Refusal> {
    let store = &bound.portal.store;
    let mut rows = Vec::new();
    for query in [SessionQuery::Running, SessionQuery::Ended { limit: LISTED }] {
        for session in store.sessions(&query).await.map_err(unavailable)? {
            rows.extend(row(bound, session.value).await?);
        }
    }
    Ok(rows)
}

/// What a session rests on, as one person stands to it.
pub(crate) struct Basis {
    /// The request of the grant that it runs under.
    pub(super) request: Request,
    /// The glass was broken for that grant, or for one that it prolongs.
    broke_glass: bool,
    /// Whether this person may end what was granted then, or there.
    pub(super) may_intervene: bool,
}

/// A session and what it rests on, if this person may know of them.
pub(super) async fn visible(bound: &Bound, id: SessionId) -> Result<(Session, Basis), Refusal> {
    let known = bound.portal.store.session(id).await.map_err(unavailable)?;
    let session = known.ok_or(Refusal::NotFound)?.value;
    let basis = basis(bound, session.grant).await?.ok_or(Refusal::NotFound)?;
    if may_see(bound, &session, &basis) {
        return Ok((session, basis));
    }
    let about = About::session(&session, basis.request.id);
    bound.portal.told(&bound.person, &about, "look at a session", Err(Refusal::NotFound)).await
}

/// The session as a row, if this person may know of it.
pub(crate) async fn row(bound: &Bound, session: Session) -> Result<Option<SessionRow>, Refusal> {
    let basis = basis(bound, session.grant).await?;
    Ok(basis
        .filter(|basis| may_see(bound, &session, basis))
        .map(|basis| row_of(bound, session, &basis)))
}

fn may_see(bound: &Bound, session: &Session, basis: &Basis) -> bool {
    session.person.key == bound.person.key || basis.may_intervene
}

/// The session as a row, where it is known that the person may see it.
fn row_of(bound: &Bound, session: Session, basis: &Basis) -> SessionRow {
    let portal = &bound.portal;
    let ended = matches!(session.state, SessionState::Ended { .. });
    let own = session.person.key == bound.person.key;
    let left = session.not_after.duration_since(portal.clock.now());
    let remaining = if ended { Duration::ZERO } else { left.try_into().unwrap_or_default() };
    let may_replay = matches!(&session.state, SessionState::Ended { recording: Some(_), .. })
        && (own || basis.may_intervene);
    SessionRow {
        request: basis.request.id,
        risk: portal.risk(&session.target.place),
        broke_glass: basis.broke_glass,
        remaining,
        own,
        may_end: !ended && (own || basis.may_intervene),
        may_replay,
        session,
    }
}

/// What runs under a grant that prolongs another goes on from there: whoever looks after the first
/// one looks after it.
async fn basis(bound: &Bound, grant: GrantId) -> Result<Option<Basis>, Refusal> {
    let store = &bound.portal.store;
    let mut found: Option<Basis> = None;
    let mut next = Some(grant);
    while let Some(id) = next {
        let Some(grant) = store.grant(id).await.map_err(unavailable)? else { break };
        let request = store.request(grant.value.request).await.map_err(unavailable)?;
        let Some(request) = request.map(|request| request.value) else { break };
        let (broke_glass, may_intervene) = (grant.value.broke_glass, bound.may_intervene(&request));
        match &mut found {
            None => found = Some(Basis { request, broke_glass, may_intervene }),
            Some(basis) => {
                basis.broke_glass |= broke_glass;
                basis.may_intervene |= may_intervene;
            }
        }
        next = grant.value.extends;
    }
    Ok(found)
}
