//! Sessions as one person may see them.

use std::time::Duration;

use domain::broker::{Refusal, SessionRow, SessionView};
use domain::{Action, Request, Session, SessionId, SessionState};

use crate::Bound;
use crate::port::SessionQuery;
use crate::portal::{About, unavailable};

/// Ended sessions that are listed.
const LISTED: u16 = 200;

pub(crate) async fn session(bound: &Bound, id: SessionId) -> Result<SessionRow, Refusal> {
    let (session, request) = visible(bound, id).await?;
    Ok(row_of(bound, session, &request))
}

/// The session with what is around it.
pub(crate) async fn view(bound: &Bound, id: SessionId) -> Result<SessionView, Refusal> {
    let (session, request) = visible(bound, id).await?;
    let grant = session.grant;
    let row = row_of(bound, session, &request);
    if !row.own {
        return Ok(SessionView { row, terminals: Vec::new(), may_open: false, may_extend: false });
    }
    let store = &bound.portal.store;
    let under = store.sessions(&SessionQuery::Under(grant)).await.map_err(unavailable)?;
    let mut terminals: Vec<_> = under
        .into_iter()
        .map(|session| row_of(bound, session.value, &request))
        .filter(|other| other.may_end || other.session.id == id)
        .collect();
    terminals.sort_by_key(|row| (row.session.asked_at, row.session.id));
    let grant = store.grant(grant).await.map_err(unavailable)?;
    let now = bound.portal.clock.now();
    let grant = grant.map(|grant| grant.value).filter(|grant| grant.check(now).is_ok());
    let policy = bound.policy();
    let role = policy.role(&request.role);
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

/// A session and its request, if this person may know of them.
pub(super) async fn visible(bound: &Bound, id: SessionId) -> Result<(Session, Request), Refusal> {
    let known = bound.portal.store.session(id).await.map_err(unavailable)?;
    let session = known.ok_or(Refusal::NotFound)?.value;
    let request = request_of(bound, &session).await?.ok_or(Refusal::NotFound)?;
    if bound.may_see(&request) {
        return Ok((session, request));
    }
    let about = About::session(&session, request.id);
    bound.portal.told(&bound.person, &about, "look at a session", Err(Refusal::NotFound)).await
}

/// The session as a row, if this person may know of it.
pub(crate) async fn row(bound: &Bound, session: Session) -> Result<Option<SessionRow>, Refusal> {
    let request = request_of(bound, &session).await?;
    Ok(request
        .filter(|request| bound.may_see(request))
        .map(|request| row_of(bound, session, &request)))
}

/// The session as a row, where it is known that the person may see it.
pub(crate) fn row_of(bound: &Bound, session: Session, request: &Request) -> SessionRow {
    let portal = &bound.portal;
    let ended = matches!(session.state, SessionState::Ended { .. });
    let own = session.person.key == bound.person.key;
    let left = session.not_after.duration_since(portal.clock.now());
    let remaining = if ended { Duration::ZERO } else { left.try_into().unwrap_or_default() };
    let may_replay = matches!(&session.state, SessionState::Ended { recording: Some(_), .. })
        && (own || bound.may_intervene(request));
    SessionRow {
        request: request.id,
        risk: portal.risk(&session.target.place),
        broke_glass: request.broke_glass(),
        remaining,
        own,
        may_end: !ended && (own || bound.may_intervene(request)),
        may_replay,
        session,
    }
}

async fn request_of(bound: &Bound, session: &Session) -> Result<Option<Request>, Refusal> {
    let store = &bound.portal.store;
    let Some(grant) = store.grant(session.grant).await.map_err(unavailable)? else {
        return Ok(None);
    };
    let request = store.request(grant.value.request).await.map_err(unavailable)?;
    Ok(request.map(|request| request.value))
}
