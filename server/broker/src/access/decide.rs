//! Approving, denying and withdrawing.

use domain::broker::{FieldProblem, Refusal};
use domain::policy::{Decision, Question};
use domain::{Approved, Fact, Person, Request, RequestDigest, RequestId, RequestRefusal, text};

use super::ask::began;
use crate::Bound;
use crate::port::{SaveError, Versioned};
use crate::portal::{About, unavailable};

/// How often a decision is taken again because somebody else decided at the same instant. Each
/// lost race means that another approval was counted, so this is more than any quorum.
const ATTEMPTS: usize = 300;
/// Fewest characters of a denial's reason.
const DENIAL_AT_LEAST: u16 = 3;

pub(crate) async fn approve(
    bound: &Bound,
    id: RequestId,
    shown: &RequestDigest,
) -> Result<(), Refusal> {
    let Bound { portal, person, .. } = bound;
    decide(bound, id, "approve a request", |request| {
        still_allowed(bound, &request)?;
        let now = portal.clock.now();
        let about = About::request(&request);
        let needed = request.quorum().map_or(0, |quorum| u32::from(quorum.count.get()));
        let digest = shown.0.clone();
        let counted = |request: &Request| {
            let count = u32::try_from(request.approvals.len()).unwrap_or(u32::MAX);
            let fact = Fact::RequestApproved { count, needed, digest };
            portal.event(Some(person), &about, fact)
        };
        match request.approve(person, shown, portal.clock.grant_id(), now).map_err(refused)? {
            Approved::Counted(request) => {
                let events = vec![counted(&request)];
                Ok(Step { request, grant: None, events })
            }
            Approved::Granted(request, grant) => {
                let events = vec![counted(&request), began(bound, &grant)];
                Ok(Step { request, grant: Some(grant), events })
            }
        }
    })
    .await
}

pub(crate) async fn deny(bound: &Bound, id: RequestId, why: &str) -> Result<(), Refusal> {
    let why = text::reason(why, DENIAL_AT_LEAST).map_err(|problem| {
        let problem = format!("Say why: {problem}. The requester and auditors read it.");
        Refusal::Invalid(vec![FieldProblem { field: "why", problem }])
    })?;
    let Bound { portal, person, .. } = bound;
    decide(bound, id, "deny a request", |request| {
        let about = About::request(&request);
        let denied = request.deny(person, why.clone(), portal.clock.now()).map_err(refused)?;
        let event = portal.event(Some(person), &about, Fact::RequestDenied { why: why.clone() });
        Ok(Step { request: denied, grant: None, events: vec![event] })
    })
    .await
}

pub(crate) async fn withdraw(bound: &Bound, id: RequestId) -> Result<(), Refusal> {
    let Bound { portal, person, .. } = bound;
    decide(bound, id, "withdraw a request", |request| {
        let about = About::request(&request);
        let withdrawn = request.withdraw(person, portal.clock.now()).map_err(refused)?;
        let event = portal.event(Some(person), &about, Fact::RequestWithdrawn);
        Ok(Step { request: withdrawn, grant: None, events: vec![event] })
    })
    .await
}

struct Step {
    request: Request,
    grant: Option<domain::Grant>,
    events: Vec<domain::Event>,
}

/// Reads, decides and saves until nobody else was faster: what is saved was decided on exactly
/// what stood there.
async fn decide(
    bound: &Bound,
    id: RequestId,
    what: &str,
    mut step: impl FnMut(Request) -> Result<Step, Refusal> + Send,
) -> Result<(), Refusal> {
    let portal = &bound.portal;
    for _ in 0..ATTEMPTS {
        let known = portal.store.request(id).await.map_err(unavailable)?;
        let visible = known.filter(|request| bound.may_see(&request.value));
        let about = visible.as_ref().map(|known| About::request(&known.value)).unwrap_or_default();
        let taken = visible
            .ok_or(Refusal::NotFound)
            .and_then(|known| Ok((known.version, step(known.value)?)));
        let (version, step) = portal.told(&bound.person, &about, what, taken).await?;
        let request = Versioned { version, value: step.request };
        match portal.store.save_request(&request, step.grant.as_ref(), &step.events).await {
            Ok(()) => {
                portal.changes.wake();
                return Ok(());
            }
            Err(SaveError::Conflict) => {}
            Err(SaveError::Store(cause)) => return Err(unavailable(cause)),
        }
    }
    Err(Refusal::Conflict { what: "too many people decide at this moment; try again".to_owned() })
}

/// A request that today's policy would deny is not granted any more.
fn still_allowed(bound: &Bound, request: &Request) -> Result<(), Refusal> {
    let (person, place, role) = (&request.person, &request.place, &request.role);
    let person: &Person = person;
    match bound.policy().decide(Question { person, place, role }).decision {
        Decision::Deny(denial) => Err(Refusal::Conflict {
            what: format!("the policy changed since it was sent: {}", denial.words()),
        }),
        Decision::Approve | Decision::Ask(_) => Ok(()),
    }
}

fn refused(refusal: RequestRefusal) -> Refusal {
    match refusal {
        RequestRefusal::OwnRequest
        | RequestRefusal::NotAnApprover
        | RequestRefusal::NotTheRequester => Refusal::Forbidden { why: refusal.to_string() },
        RequestRefusal::Settled(_)
        | RequestRefusal::Lapsed
        | RequestRefusal::AlreadyApproved
        | RequestRefusal::Changed => Refusal::Conflict { what: refusal.to_string() },
    }
}
