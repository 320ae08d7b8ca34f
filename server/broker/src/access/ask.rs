//! Asking for access, for more of it, and for something else instead.

use std::time::Duration;

use domain::broker::{Ask, Refusal};
use domain::policy::{Circumstances, Decision, Ruling, Urgency};
use domain::{
    Change, Event, Extension, Fact, Request, RequestId, RequestState, Scope, Stamp, duration,
};
use jiff::Timestamp;

use super::decide::{Step, decide, refused};
use super::form::{Read, Typed};
use super::granting::{began, marked};
use super::offers::Asking;
use super::view::{own_grant, seen};
use crate::Bound;
use crate::port::SaveError;
use crate::portal::{About, unavailable};

/// How often a request is decided again because another portal over the same database was faster.
const ATTEMPTS: usize = 50;
/// Less than this cannot be asked for.
const SHORTEST: Duration = Duration::from_mins(1);

pub(crate) async fn send_request(bound: &Bound, ask: Ask) -> Result<RequestId, Refusal> {
    let what = format!("ask for {} in {}", ask.role, ask.place);
    let about = About::place(&ask.place);
    let result = send(bound, ask).await;
    bound.portal.told(&bound.person, &about, &what, result).await
}

async fn send(bound: &Bound, mut ask: Ask) -> Result<RequestId, Refusal> {
    let portal = &bound.portal;
    let extends = extension(bound, &ask).await?.map(|(extends, held)| {
        ask.scope = held.to_string();
        extends
    });
    // Two that are sent at once would both be decided on what stood there before either.
    let _turn = portal.asking.lock().await;
    for _ in 0..ATTEMPTS {
        let decided_on = portal.store.newest_access().await.map_err(unavailable)?;
        let request = decided(bound, &ask, extends.clone()).await?;
        // None where another portal was faster.
        if let Some(id) = keep(bound, request, decided_on).await? {
            return Ok(id);
        }
    }
    Err(Refusal::Conflict { what: "too many people ask at this moment; try again".to_owned() })
}

/// The request as it stands once policy was asked; nothing is written yet.
async fn decided(bound: &Bound, ask: &Ask, extends: Option<Extension>) -> Result<Request, Refusal> {
    let Bound { portal, person, .. } = bound;
    let asking = Asking::now(portal, person).await?;
    let Ruled { ruling, circumstances, typed } = ruled(bound, &asking, ask, extends.as_ref())?;
    within_limits(bound, &asking, extends.is_some()).await?;
    let now = portal.clock.now();
    Ok(Request {
        id: portal.clock.request_id(),
        person: person.clone(),
        place: ask.place.clone(),
        scope: typed.scope,
        role: ask.role.clone(),
        length: typed.length,
        reason: typed.reason,
        ticket: typed.ticket,
        starts_at: typed.starts_at.filter(|_| extends.is_none()),
        extends,
        sent_at: now,
        lapses_at: domain::later(now, ruling.terms.lapse_after),
        ruling,
        circumstances,
        approvals: Vec::new(),
        reminded_at: None,
        state: RequestState::Pending,
        review: None,
    })
}

/// Keeps a request, and its grant where nobody has to be asked; none where what it was decided on
/// has changed.
async fn keep(
    bound: &Bound,
    request: Request,
    decided_on: u64,
) -> Result<Option<RequestId>, Refusal> {
    let portal = &bound.portal;
    let mut events = vec![sent(bound, &request)];
    let (request, grant) = if let Decision::Ask(_) = request.ruling.decision {
        (request, None)
    } else {
        let granted = request.grant(portal.clock.grant_id(), portal.clock.now());
        let (request, grant) = granted.map_err(refused)?;
        let grant = marked(portal, grant).await?;
        events.push(began(portal, &grant));
        (request, Some(grant))
    };
    match portal.store.insert_request(&request, grant.as_ref(), decided_on, &events).await {
        Ok(()) => {}
        Err(SaveError::Conflict) => return Ok(None),
        Err(SaveError::Store(cause)) => return Err(unavailable(cause)),
    }
    if let Some(grant) = &grant {
        portal.running.prolong(grant, &*portal.clock);
    }
    portal.changes.wake();
    Ok(Some(request.id))
}

/// What policy says of what was typed, and what was typed if that is within it.
struct Ruled {
    ruling: Ruling,
    circumstances: Circumstances,
    typed: Typed,
}

/// Asks policy about what was typed; `extends` is what it prolongs, where it does.
fn ruled(
    bound: &Bound,
    asking: &Asking,
    ask: &Ask,
    extends: Option<&Extension>,
) -> Result<Ruled, Refusal> {
    let namespace = bound.portal.namespace(&ask.place);
    let labels = namespace.as_ref().map(|known| known.labels.clone()).unwrap_or_default();
    let read = Read::of(ask, &asking.policy, asking.instant());
    let asked = Some(read.asked());
    let mut question = asking.question(&ask.place, &labels, &ask.role, ask.urgency, asked);
    if extends.is_none() {
        question.asker.at = read.begins(question.asker.at);
    }
    let mut ruling = asking.policy.decide(&question);
    if let Decision::Deny(denial) = &ruling.decision {
        let (why, stamp) = (denial.words(), Stamp::from(&ruling));
        return Err(Refusal::Denied { why, rule: ruling.rule, stamp });
    }
    if namespace.is_none() {
        return Err(Refusal::NotFound);
    }
    if let Some(base) = extends {
        ruling.longest = more(&ruling, base.until, asking.instant())?;
    }
    let typed = read.check(&ruling)?;
    Ok(Ruled { ruling, circumstances: asking.circumstances(labels), typed })
}

/// How much more time there can be: never more ahead of a grant than the longest one.
///
/// # Errors
/// When there is that much already.
pub(super) fn more(ruling: &Ruling, until: Timestamp, now: Timestamp) -> Result<Duration, Refusal> {
    let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    let more = ruling.longest.saturating_sub(left);
    if more < SHORTEST {
        let longest = duration::words(ruling.longest);
        let what = format!("no more than {longest} can be ahead, and so much is; ask again later");
        return Err(Refusal::Conflict { what });
    }
    Ok(more)
}

/// The grant that is to be prolonged: of the same place and role, this person's, in force. What
/// prolongs it is for as much of the namespace as it is.
async fn extension(bound: &Bound, ask: &Ask) -> Result<Option<(Extension, Scope)>, Refusal> {
    let Some(id) = ask.extends else { return Ok(None) };
    let (_, grant) = own_grant(bound, id).await?;
    if grant.place != ask.place || grant.role != ask.role || ask.urgency != Urgency::Usual {
        let why = "more time is for the place and the role that are held".to_owned();
        return Err(Refusal::Forbidden { why });
    }
    if grant.unclaimed.is_some() {
        let what = "the grant waits for its first use: there is time left".to_owned();
        return Err(Refusal::Conflict { what });
    }
    Ok(Some((Extension { grant: grant.id, until: grant.not_after }, grant.scope)))
}

/// How much one person may have at once. What is prolonged is held already.
async fn within_limits(bound: &Bound, asking: &Asking, prolongs: bool) -> Result<(), Refusal> {
    let Bound { portal, person, .. } = bound;
    let limits = asking.policy.limits();
    let query = crate::port::RequestQuery::Pending;
    let pending = portal.store.requests(&query).await.map_err(unavailable)?;
    let aliases = asking.policy.aliases();
    let own = |request: &Request| aliases.are_one(&(&request.person).into(), &person.into());
    let open = pending.iter().filter(|pending| own(&pending.value)).count();
    let held = asking.most_held().filter(|_| !prolongs);
    let what = if open >= usize::from(limits.open_requests) {
        format!("you have {open} requests waiting; withdraw one first")
    } else if let Some(held) = held {
        format!("you hold {held} grants; end one first")
    } else {
        return Ok(());
    };
    Err(Refusal::Conflict { what })
}

/// Changes a request that waits.
pub(crate) async fn change_request(
    bound: &Bound,
    id: RequestId,
    mut ask: Ask,
) -> Result<(), Refusal> {
    let Bound { portal, person, .. } = bound;
    let before = seen(bound, id).await?;
    if before.extends.is_some() {
        ask.scope = before.scope.to_string();
    }
    let extends = before.extends;
    let asking = Asking::now(portal, person).await?;
    let Ruled { ruling, circumstances, typed } = ruled(bound, &asking, &ask, extends.as_ref())?;
    if !matches!(ruling.decision, Decision::Ask(_)) {
        let what = "that would be granted at once: withdraw this one, and ask for it".to_owned();
        return Err(Refusal::Conflict { what });
    }
    let Typed { scope, length, reason, ticket, starts_at } = typed;
    let change = Change { scope, length, reason, ticket, starts_at, ruling, circumstances };
    decide(bound, id, "change a request", |request| {
        if request.place != ask.place || request.role != ask.role {
            let why = "another place or role is another request".to_owned();
            return Err(Refusal::Forbidden { why });
        }
        let about = About::request(&request);
        let fact = Fact::RequestChanged {
            seconds: change.length.as_secs(),
            scope: change.scope.clone(),
            reason: change.reason.clone(),
            ticket: change.ticket.clone(),
            decision: Some(change.ruling.decision.word().to_owned()),
            rule: change.ruling.rule.clone(),
            stamp: Some(Stamp::from(&change.ruling)),
            void: u32::try_from(request.approvals.len()).unwrap_or(u32::MAX),
        };
        let changed = request.change(person, change.clone(), portal.clock.now());
        let event = portal.event(Some(person), &about, fact);
        Ok(Step { request: changed.map_err(refused)?, events: vec![event] })
    })
    .await
}

fn sent(bound: &Bound, request: &Request) -> Event {
    let fact = Fact::RequestSent {
        role: request.role.clone(),
        seconds: request.length.as_secs(),
        scope: request.scope.clone(),
        reason: request.reason.clone(),
        ticket: request.ticket.clone(),
        decision: request.ruling.decision.word().to_owned(),
        rule: request.ruling.rule.as_ref().map(ToString::to_string).unwrap_or_default(),
        policy: request.ruling.policy.to_string(),
        commit: request.ruling.commit.as_ref().map(|commit| commit.0.to_string()),
    };
    bound.portal.event(Some(&bound.person), &About::request(request), fact)
}
