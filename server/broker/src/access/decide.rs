//! Thinking again, denying, reminding and withdrawing.

use domain::broker::{FieldProblem, Refusal};
use domain::{Event, Fact, Request, RequestId, RequestRefusal, text};

use crate::Bound;
use crate::port::{SaveError, Versioned};
use crate::portal::{About, unavailable};

/// How often a decision is taken again because somebody else decided at the same instant. Each
/// lost race means that another approval was counted, so this is more than any quorum.
const ATTEMPTS: usize = 300;
/// Fewest characters of a denial's reason.
const DENIAL_AT_LEAST: u16 = 3;

/// Takes one's approval back before the grant is made.
pub(crate) async fn take_back(bound: &Bound, id: RequestId) -> Result<(), Refusal> {
    let Bound { portal, person, .. } = bound;
    let policy = bound.policy();
    decide(bound, id, "take an approval back", |request| {
        let about = About::request(&request);
        let fewer = request.take_back(person, policy.aliases(), portal.clock.now());
        let event = portal.event(Some(person), &about, Fact::ApprovalTakenBack);
        Ok(Step { request: fewer.map_err(refused)?, events: vec![event] })
    })
    .await
}

pub(crate) async fn deny(bound: &Bound, id: RequestId, why: &str) -> Result<(), Refusal> {
    let why = text::reason(why, DENIAL_AT_LEAST).map_err(|problem| {
        let problem = format!("Say why: {problem}. The requester and auditors read it.");
        Refusal::Invalid(vec![FieldProblem { field: "why", problem }])
    })?;
    let Bound { portal, person, .. } = bound;
    let policy = bound.policy();
    decide(bound, id, "deny a request", |request| {
        let about = About::request(&request);
        let denied = request.deny(person, why.clone(), policy.aliases(), portal.clock.now());
        let event = portal.event(Some(person), &about, Fact::RequestDenied { why: why.clone() });
        Ok(Step { request: denied.map_err(refused)?, events: vec![event] })
    })
    .await
}

pub(crate) async fn remind(bound: &Bound, id: RequestId) -> Result<(), Refusal> {
    let Bound { portal, person, .. } = bound;
    decide(bound, id, "remind those who decide", |request| {
        let about = About::request(&request);
        let reminded = request.remind(person, portal.clock.now()).map_err(refused)?;
        let event = portal.event(Some(person), &about, Fact::RequestReminded);
        Ok(Step { request: reminded, events: vec![event] })
    })
    .await
}

pub(crate) async fn withdraw(bound: &Bound, id: RequestId) -> Result<(), Refusal> {
    let Bound { portal, person, .. } = bound;
    decide(bound, id, "withdraw a request", |request| {
        let about = About::request(&request);
        let withdrawn = request.withdraw(person, portal.clock.now()).map_err(refused)?;
        let event = portal.event(Some(person), &about, Fact::RequestWithdrawn);
        Ok(Step { request: withdrawn, events: vec![event] })
    })
    .await
}

/// What a request becomes, and the events that say so.
pub(super) struct Step {
    pub(super) request: Request,
    pub(super) events: Vec<Event>,
}

/// Reads, decides and saves until nobody else was faster: what is saved was decided on exactly
/// what stood there.
pub(super) async fn decide(
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
        match portal.store.save_request(&request, None, &step.events).await {
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

pub(super) fn refused(refusal: RequestRefusal) -> Refusal {
    match refusal {
        RequestRefusal::OwnRequest
        | RequestRefusal::NotAnApprover
        | RequestRefusal::NotAReviewer
        | RequestRefusal::NotTheRequester => Refusal::Forbidden { why: refusal.to_string() },
        RequestRefusal::Settled(_)
        | RequestRefusal::Lapsed
        | RequestRefusal::AlreadyApproved
        | RequestRefusal::Enough(_)
        | RequestRefusal::NotApproved
        | RequestRefusal::Reminded
        | RequestRefusal::NotLess
        | RequestRefusal::NothingToReview
        | RequestRefusal::Reviewed
        | RequestRefusal::Changed => Refusal::Conflict { what: refusal.to_string() },
    }
}
