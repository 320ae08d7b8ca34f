//! What the request form shows, and how what was typed into it is read.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::broker::{Ask, AskFor, AskForm, FieldProblem, Refusal};
use domain::policy::{Asked, Decision, Policy, Ruling, Urgency};
use domain::{Place, Request, Scope, duration};
use jiff::{SignedDuration, Timestamp};

use super::ask::more;
use super::insight::{of_late, waits};
use super::offers::{Asking, is_requestable, offers, pod_health};
use super::view::{own_grant, seen};
use crate::Bound;
use crate::port::RequestQuery;
use crate::portal::unavailable;

/// How far ahead a start may lie: what is planned for later is asked for later.
const FURTHEST_START: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Own requests that are looked through for the last one here.
const LOOKED_AT: u16 = 50;

pub(crate) async fn ask_form(bound: &Bound, for_what: &AskFor) -> Result<AskForm, Refusal> {
    let (place, extends, changes) = match for_what {
        AskFor::Place(place) => (place.clone(), None, None),
        AskFor::More(id) => {
            let (request, grant) = own_grant(bound, *id).await?;
            (request.place, Some(grant), None)
        }
        AskFor::Change(id) => {
            let request = seen(bound, *id).await?;
            if request.person.key != bound.person.key || !request.is_open(bound.portal.clock.now())
            {
                let what = "only a request of your own that waits can be changed".to_owned();
                return Err(Refusal::Conflict { what });
            }
            (request.place.clone(), None, Some(request))
        }
    };
    let namespace = bound.portal.namespace(&place).ok_or(Refusal::NotFound)?;
    let asking = Asking::now(&bound.portal, &bound.person).await?;
    let fixed =
        extends.as_ref().map(|grant| &grant.role).or(changes.as_ref().map(|request| &request.role));
    let mut offers = offers(&asking.policy, &asking.personal(), &place, &namespace.labels);
    if let Some(fixed) = fixed {
        offers.retain(|offer| offer.role.name == *fixed && is_requestable(&offer.ruling));
        for offer in &mut offers {
            offer.glass = None;
        }
    }
    let prolonged = changes.as_ref().and_then(|request| request.extends.as_ref());
    let until = extends.as_ref().map(|grant| grant.not_after);
    if let Some(until) = until.or(prolonged.map(|base| base.until)) {
        for offer in &mut offers {
            offer.ruling.longest = more(&offer.ruling, until, asking.instant())?;
        }
    }
    let last = match &changes {
        Some(request) => Some(typed(request.clone(), &asking.policy)),
        None => last(bound, &place).await?,
    };
    Ok(AskForm {
        risk: namespace.risk,
        owner: namespace.owner,
        pods: pod_health(bound, &place),
        offers,
        waits: waits(&of_late(bound).await?, &place),
        last,
        parts: parts(bound, &place, &Scope::Namespace),
        extends,
        changes,
        zone: asking.policy.zone().to_owned(),
        ticket_may_count: asking.policy.may_look_at_tickets(),
        place,
    })
}

/// What this person asked for here the last time.
async fn last(bound: &Bound, place: &Place) -> Result<Option<Ask>, Refusal> {
    let query = RequestQuery::Of { person: bound.person.key.clone(), limit: LOOKED_AT };
    let own = bound.portal.store.requests(&query).await.map_err(unavailable)?;
    let last = own.into_iter().map(|own| own.value).find(|own| own.place == *place);
    // Another time begins at another time.
    let now = |request| Request { starts_at: None, ..request };
    Ok(last.map(|request| typed(now(request), &bound.policy())))
}

/// A request as somebody would type it.
fn typed(request: Request, policy: &Policy) -> Ask {
    Ask {
        place: request.place,
        scope: request.scope.to_string(),
        role: request.role,
        length: duration::short(request.length),
        reason: request.reason,
        ticket: request.ticket.unwrap_or_default(),
        starts: request.starts_at.map(|at| policy.clock(at)).unwrap_or_default(),
        urgency: Urgency::Usual,
        extends: None,
    }
}

/// The workloads and pods of a place that lie within a scope, and are less than it.
pub(super) fn parts(bound: &Bound, place: &Place, within: &Scope) -> Vec<Scope> {
    let Some(cluster) = bound.portal.clusters.get(&place.cluster) else { return Vec::new() };
    let pods = cluster.pods(&place.namespace).into_iter();
    let parts: BTreeSet<Scope> = pods
        .filter(|pod| within.covers(&pod.name, &pod.workload))
        .flat_map(|pod| {
            // What nothing owns is its own workload.
            let owned = pod.workload.name != pod.name.as_str();
            let workload = owned.then_some(Scope::Workload(pod.workload));
            workload.into_iter().chain([Scope::Pod(pod.name)])
        })
        .filter(|part| part != within)
        .collect();
    parts.into_iter().collect()
}

/// What was typed, as far as it can be understood before policy is asked.
pub(super) struct Read {
    scope: Result<Scope, String>,
    length: Result<Duration, String>,
    starts_at: Result<Option<Timestamp>, String>,
    reason: String,
    ticket: String,
}

/// What was typed, checked against what policy says of it.
pub(super) struct Typed {
    pub(super) scope: Scope,
    pub(super) length: Duration,
    pub(super) starts_at: Option<Timestamp>,
    pub(super) reason: String,
    pub(super) ticket: Option<String>,
}

impl Read {
    pub(super) fn of(ask: &Ask, policy: &Policy, now: Timestamp) -> Self {
        Self {
            scope: ask.scope.trim().parse().map_err(|bad| format!("Not understood: {bad}.")),
            length: duration::parse(&ask.length)
                .map_err(|problem| format!("Not understood: {problem}.")),
            starts_at: start(&ask.starts, policy, now),
            reason: ask.reason.trim().to_owned(),
            ticket: ask.ticket.trim().to_owned(),
        }
    }

    /// What policy looks at. A length that was not understood counts as none.
    pub(super) fn asked(&self) -> Asked<'_> {
        Asked {
            scope: self.scope.as_ref().unwrap_or(&Scope::Namespace),
            length: self.length.clone().unwrap_or_default(),
            reason: &self.reason,
            ticket: &self.ticket,
        }
    }

    /// When the grant would begin. A start that was not understood counts as none.
    pub(super) fn begins(&self, now: Timestamp) -> Timestamp {
        self.starts_at.clone().ok().flatten().unwrap_or(now)
    }

    /// Checks everything; every mistake is named at once.
    pub(super) fn check(self, ruling: &Ruling) -> Result<Typed, Refusal> {
        let longest = ruling.longest;
        let length = self.length.and_then(|length| {
            if length > longest {
                Err(format!("At most {} can be asked for.", duration::words(longest)))
            } else if length.as_secs() < 60 {
                Err("At least one minute.".to_owned())
            } else {
                Ok(length)
            }
        });
        let starts_at = match (self.starts_at, &ruling.decision) {
            (Ok(Some(_)), Decision::BreakGlass { .. }) => {
                Err("Broken glass is for now: leave this empty.".to_owned())
            }
            (starts_at, _) => starts_at,
        };
        let reason = ruling.terms.reason.check(&self.reason);
        let ticket = ruling.terms.check_ticket(&self.ticket);
        match (self.scope, length, starts_at, reason, ticket) {
            (Ok(scope), Ok(length), Ok(starts_at), Ok(reason), Ok(ticket)) => {
                Ok(Typed { scope, length, starts_at, reason, ticket })
            }
            (scope, length, starts_at, reason, ticket) => {
                let problem = |field| move |problem| FieldProblem { field, problem };
                let problems = [
                    scope.err().map(problem("scope")),
                    length.err().map(problem("length")),
                    starts_at.err().map(problem("starts")),
                    reason.err().map(problem("reason")),
                    ticket.err().map(problem("ticket")),
                ];
                Err(Refusal::Invalid(problems.into_iter().flatten().collect()))
            }
        }
    }
}

fn start(text: &str, policy: &Policy, now: Timestamp) -> Result<Option<Timestamp>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let at = policy.instant(text)?;
    if at < now {
        Err("It lies in the past.".to_owned())
    } else if at.duration_since(now) > FURTHEST_START {
        Err("At most 14 days ahead.".to_owned())
    } else {
        Ok(Some(at))
    }
}
