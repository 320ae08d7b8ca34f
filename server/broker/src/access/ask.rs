//! Asking for access.

use domain::broker::{Ask, AskForm, FieldProblem, Refusal};
use domain::policy::Decision;
use domain::text::{self, BadText};
use domain::{Approved, Event, Fact, Grant, Place, Request, RequestId, RequestState, duration};

use super::offers::{offers, pod_health, ruling};
use crate::Bound;
use crate::portal::{About, unavailable};

/// Requests that one person may have waiting at once: more is a mistake, or a flood.
const MOST_OPEN: usize = 20;

pub(crate) fn ask_form(bound: &Bound, place: &Place) -> Result<AskForm, Refusal> {
    let namespace = bound.portal.namespace(place).ok_or(Refusal::NotFound)?;
    Ok(AskForm {
        place: place.clone(),
        risk: namespace.risk,
        owner: namespace.owner,
        pods: pod_health(bound, place),
        offers: offers(bound, place),
        reason_at_least: bound.policy().reason().at_least,
    })
}

pub(crate) async fn send_request(bound: &Bound, ask: Ask) -> Result<RequestId, Refusal> {
    let what = format!("ask for {} in {}", ask.role, ask.place);
    let about = About::place(&ask.place);
    let result = send(bound, ask).await;
    bound.portal.told(&bound.person, &about, &what, result).await
}

async fn send(bound: &Bound, ask: Ask) -> Result<RequestId, Refusal> {
    let Bound { portal, person, .. } = bound;
    let ruling = ruling(bound, &ask.place, &ask.role);
    if let Decision::Deny(denial) = &ruling.decision {
        return Err(Refusal::Forbidden { why: denial.words() });
    }
    if portal.namespace(&ask.place).is_none() {
        return Err(Refusal::NotFound);
    }
    let (length, reason) = checked(&ask, ruling.longest, bound.policy().reason().at_least)?;
    if open_requests(bound).await? >= MOST_OPEN {
        let why = format!("you have {MOST_OPEN} requests waiting; withdraw one first");
        return Err(Refusal::Conflict { what: why });
    }
    let now = portal.clock.now();
    let request = Request {
        id: portal.clock.request_id(),
        person: person.clone(),
        place: ask.place,
        role: ask.role,
        length,
        reason,
        ruling,
        sent_at: now,
        lapses_at: domain::later(now, bound.policy().lapse_after()),
        approvals: Vec::new(),
        state: RequestState::Pending,
    };
    let sent = sent(bound, &request);
    let id = request.id;
    if matches!(request.ruling.decision, Decision::Approve) {
        let granted = request
            .grant_at_once(portal.clock.grant_id(), now)
            .map_err(|refusal| Refusal::Forbidden { why: refusal.to_string() })?;
        if let Approved::Granted(request, grant) = granted {
            let events = [sent, began(bound, &grant)];
            portal
                .store
                .insert_request(&request, Some(&grant), &events)
                .await
                .map_err(unavailable)?;
        }
    } else {
        portal.store.insert_request(&request, None, &[sent]).await.map_err(unavailable)?;
    }
    portal.changes.wake();
    Ok(id)
}

/// Checks what was typed; every mistake is named at once.
fn checked(
    ask: &Ask,
    longest: std::time::Duration,
    at_least: u16,
) -> Result<(std::time::Duration, String), Refusal> {
    let length = match duration::parse(&ask.length) {
        Ok(length) if length <= longest && length.as_secs() >= 60 => Ok(length),
        Ok(length) if length > longest => {
            Err(format!("At most {} can be asked for.", duration::words(longest)))
        }
        Ok(_) => Err("At least one minute.".to_owned()),
        Err(problem) => Err(format!("Not understood: {problem}.")),
    };
    let reason = text::reason(&ask.reason, at_least).map_err(|problem| match problem {
        BadText::TooShort(least) => {
            format!("Say why, in at least {least} characters: approvers and auditors read it.")
        }
        other => format!("The reason must have {other}."),
    });
    match (length, reason) {
        (Ok(length), Ok(reason)) => Ok((length, reason)),
        (length, reason) => {
            let length = length.err().map(|problem| FieldProblem { field: "length", problem });
            let reason = reason.err().map(|problem| FieldProblem { field: "reason", problem });
            Err(Refusal::Invalid(length.into_iter().chain(reason).collect()))
        }
    }
}

async fn open_requests(bound: &Bound) -> Result<usize, Refusal> {
    let query = crate::port::RequestQuery::Pending;
    let pending = bound.portal.store.requests(&query).await.map_err(unavailable)?;
    Ok(pending.iter().filter(|request| request.value.person.key == bound.person.key).count())
}

fn sent(bound: &Bound, request: &Request) -> Event {
    let decision = if request.quorum().is_some() { "ask" } else { "approve" };
    let fact = Fact::RequestSent {
        role: request.role.clone(),
        seconds: request.length.as_secs(),
        reason: request.reason.clone(),
        decision: decision.to_owned(),
        rule: request.ruling.rule.as_ref().map(ToString::to_string).unwrap_or_default(),
        policy: request.ruling.policy.to_string(),
    };
    bound.portal.event(Some(&bound.person), &About::request(request), fact)
}

pub(super) fn began(bound: &Bound, grant: &Grant) -> Event {
    bound.portal.running.anchor(grant, &*bound.portal.clock);
    let fact = Fact::GrantBegan {
        role: grant.role.clone(),
        group: grant.group(),
        not_after: grant.not_after,
    };
    bound.portal.event(None, &About::grant(grant), fact)
}
