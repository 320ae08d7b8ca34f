//! One request with everything about it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use domain::broker::{Refusal, RequestRow, RequestView, SessionRow, Standing};
use domain::policy::Role;
use domain::text::sentence;
use domain::{
    Action, Grant, GrantState, Request, RequestId, RequestRefusal, RequestState, kubernetes_group,
};

use super::approve::is_smaller;
use super::form::parts;
use super::insight::{insight, of_late};
use super::offers::pod_health;
use crate::Bound;
use crate::port::{Logged, SessionQuery};
use crate::portal::{About, unavailable};
use crate::shell::row as row_of_session;

/// Why somebody who approved a request does not approve it again.
const APPROVED: &str = "You approved this request.";

/// A request, if this person may know of it; trying to look at another's is written down.
pub(crate) async fn seen(bound: &Bound, id: RequestId) -> Result<Request, Refusal> {
    let known = bound.portal.store.request(id).await.map_err(unavailable)?;
    match known.map(|request| request.value) {
        Some(request) if bound.may_see(&request) => Ok(request),
        Some(request) => {
            let about = About::request(&request);
            let hidden = Err(Refusal::NotFound);
            bound.portal.told(&bound.person, &about, "look at a request", hidden).await
        }
        None => Err(Refusal::NotFound),
    }
}

/// The grant of a request, if it is this person's and in force.
pub(crate) async fn own_grant(bound: &Bound, id: RequestId) -> Result<(Request, Grant), Refusal> {
    let request = seen(bound, id).await?;
    if request.person.key != bound.person.key {
        return Err(Refusal::Forbidden { why: "the grant is somebody else's".to_owned() });
    }
    let RequestState::Approved { grant, .. } = request.state else {
        return Err(Refusal::Conflict { what: "the request is not approved".to_owned() });
    };
    let store = &bound.portal.store;
    let grant = store.grant(grant).await.map_err(unavailable)?.ok_or(Refusal::NotFound)?.value;
    grant
        .check(bound.portal.clock.now())
        .map_err(|refusal| Refusal::Conflict { what: refusal.to_string() })?;
    Ok((request, grant))
}

pub(crate) async fn request(bound: &Bound, id: RequestId) -> Result<RequestView, Refusal> {
    view(bound, row(bound, seen(bound, id).await?).await?).await
}

/// What a list shows of a request.
pub(super) async fn row(bound: &Bound, request: Request) -> Result<RequestRow, Refusal> {
    let portal = &bound.portal;
    let grant = match &request.state {
        RequestState::Approved { grant, .. } => {
            portal.store.grant(*grant).await.map_err(unavailable)?.map(|grant| grant.value)
        }
        _ => None,
    };
    Ok(RequestRow {
        role: bound.policy().role(&request.role).cloned(),
        risk: portal.risk(&request.place),
        standing: standing(bound, &request, grant.as_ref()),
        now: portal.clock.now(),
        grant,
        request,
    })
}

/// Everything else about it.
pub(super) async fn view(bound: &Bound, row: RequestRow) -> Result<RequestView, Refusal> {
    let portal = &bound.portal;
    let RequestRow { request, role, risk, standing, grant, now } = row;
    let story = portal.store.story(request.id).await.map_err(unavailable)?;
    let sessions = sessions(bound, grant.as_ref(), &story).await?;
    let remaining = grant.as_ref().map_or(Duration::ZERO, |grant| grant.remaining(now));
    let insight = if standing.may_decide || standing.may_review {
        Some(insight(bound, &request, &of_late(bound).await?).await)
    } else {
        None
    };
    // More time is for what is held: an approver gives it shorter, and not otherwise.
    let may_narrow = standing.may_decide && request.extends.is_none();
    Ok(RequestView {
        smaller: if may_narrow { smaller(bound, &request) } else { Vec::new() },
        parts: if may_narrow { parts(bound, &request.place, &request.scope) } else { Vec::new() },
        insight,
        digest: request.digest(),
        role,
        risk,
        pods: pod_health(bound, &request.place),
        group: kubernetes_group(&request.role, &request.place.namespace),
        standing,
        remaining,
        sessions,
        events: story.into_iter().map(|logged| logged.event).collect(),
        now,
        grant,
        request,
    })
}

/// Every session that ran under a grant, newest first: also those that go on under another one,
/// which prolongs it. The story of its request knows them.
async fn sessions(
    bound: &Bound,
    grant: Option<&Grant>,
    story: &[Logged],
) -> Result<Vec<SessionRow>, Refusal> {
    let Some(grant) = grant else { return Ok(Vec::new()) };
    let store = &bound.portal.store;
    let under = store.sessions(&SessionQuery::Under(grant.id)).await.map_err(unavailable)?;
    let mut sessions: BTreeMap<_, _> =
        under.into_iter().map(|session| (session.value.id, session.value)).collect();
    for id in story.iter().filter_map(|logged| logged.event.session) {
        if let Entry::Vacant(unknown) = sessions.entry(id)
            && let Some(session) = store.session(id).await.map_err(unavailable)?
        {
            unknown.insert(session.value);
        }
    }
    let mut rows = Vec::new();
    for session in sessions.into_values() {
        rows.extend(row_of_session(bound, session).await?);
    }
    rows.sort_by_key(|row| Reverse((row.session.asked_at, row.session.id)));
    Ok(rows)
}

/// The roles that an approver may give instead, from the least powerful.
fn smaller(bound: &Bound, request: &Request) -> Vec<Role> {
    let policy = bound.policy();
    let smaller = policy.roles().filter(|role| is_smaller(bound, &role.name, &request.role));
    let mut smaller: Vec<Role> = smaller.cloned().collect();
    smaller.sort_by_key(Role::power);
    smaller
}

fn standing(bound: &Bound, request: &Request, grant: Option<&Grant>) -> Standing {
    let now = bound.portal.clock.now();
    let policy = bound.policy();
    let (person, aliases) = (&bound.person, policy.aliases());
    let own = request.person.key == person.key;
    let decided = request.is_approved_by(person, aliases);
    let enough = request.granted_at().is_some();
    let may = request.may_be_decided_by(person, aliases, now);
    let why_not = match &may {
        // What was approved in time is granted, even where it would have lapsed meanwhile.
        Ok(_) | Err(RequestRefusal::Lapsed) if decided && enough => Some(APPROVED.to_owned()),
        Ok(_) | Err(RequestRefusal::Lapsed) if enough => {
            Some(format!("Enough people have approved it: {}.", request.approved_by()))
        }
        Ok(_) if decided => Some(APPROVED.to_owned()),
        Ok(_) => None,
        Err(refusal) => Some(sentence(&refusal.to_string())),
    };
    let running = grant.is_some_and(|grant| grant.check(now).is_ok());
    let active =
        grant.is_some_and(|grant| grant.state == GrantState::Active && now < grant.not_after);
    let role = policy.role(&request.role);
    let allows_shell = role.is_some_and(|role| role.actions.contains(&Action::Shell));
    Standing {
        own,
        may_decide: may.is_ok() && !decided && !enough,
        may_take_back: decided && (enough || request.is_open(now)),
        why_not,
        may_change: own && request.is_open(now),
        may_review: request.may_be_reviewed_by(person, aliases).is_ok(),
        may_extend: running && own && grant.is_some_and(|grant| grant.unclaimed.is_none()),
        may_end: active && (own || bound.may_intervene(request)),
        may_open_shell: running && own && allows_shell,
    }
}
