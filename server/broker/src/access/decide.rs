//! Approving, thinking again, denying, reminding and withdrawing.

use domain::broker::{FieldProblem, Less, Refusal};
use domain::{
    Event, Fact, Narrowing, Request, RequestDigest, RequestId, RequestRefusal, RoleName, duration,
    text,
};

use super::form::parts;
use super::granting::still_allowed;
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
    less: &Less,
) -> Result<(), Refusal> {
    let Bound { portal, person, .. } = bound;
    let policy = bound.policy();
    let known = portal.store.request(id).await.map_err(unavailable)?;
    let request = known.map(|known| known.value).filter(|request| bound.may_see(request));
    if let Some(request) = &request {
        still_allowed(portal, request).await?;
    }
    decide(bound, id, "approve a request", |mut request| {
        let now = portal.clock.now();
        let about = About::request(&request);
        let event = |fact| portal.event(Some(person), &about, fact);
        let mut events = Vec::new();
        let mut shown = shown.clone();
        if let Some(narrowing) = narrowing(bound, &request, less)? {
            if shown != request.digest() {
                return Err(refused(RequestRefusal::Changed));
            }
            let void = count(request.approvals.len());
            let Narrowing { role, length, scope } = narrowing.clone();
            request = request.narrow(person, narrowing, policy.aliases(), now).map_err(refused)?;
            shown = request.digest();
            events.push(event(Fact::RequestNarrowed {
                role,
                seconds: length.as_secs(),
                scope,
                void,
            }));
        }
        let needed = request.quorum().map_or(0, |quorum| u32::from(quorum.count.get()));
        let request = request.approve(person, &shown, policy.aliases(), now).map_err(refused)?;
        let digest = shown.0;
        let fact = Fact::RequestApproved { count: count(request.approvals.len()), needed, digest };
        events.push(event(fact));
        Ok(Step { request, events })
    })
    .await
}

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

fn count(things: usize) -> u32 {
    u32::try_from(things).unwrap_or(u32::MAX)
}

/// What an approver leaves of a request, where they change anything.
fn narrowing(bound: &Bound, request: &Request, less: &Less) -> Result<Option<Narrowing>, Refusal> {
    let wrong = |field, problem: String| Refusal::Invalid(vec![FieldProblem { field, problem }]);
    let length = match less.length.trim() {
        "" => request.length,
        typed => duration::parse(typed)
            .map_err(|problem| wrong("length", format!("Not understood: {problem}.")))?,
    };
    if length > request.length || length.as_secs() < 60 {
        let most = duration::words(request.length);
        return Err(wrong("length", format!("At least one minute, and at most {most}.")));
    }
    let role = match less.role.trim() {
        "" => request.role.clone(),
        typed => RoleName::parse(typed)
            .ok()
            .filter(|role| *role == request.role || is_smaller(bound, role, &request.role))
            .ok_or_else(|| wrong("role", "Choose a role that allows less.".to_owned()))?,
    };
    let scope = match less.scope.trim() {
        "" => request.scope.clone(),
        typed => typed
            .parse()
            .ok()
            .filter(|scope| parts(bound, &request.place, &request.scope).contains(scope))
            .ok_or_else(|| wrong("scope", "Choose a part of what was asked for.".to_owned()))?,
    };
    let otherwise = role != request.role || scope != request.scope;
    if otherwise && request.extends.is_some() {
        return Err(wrong("length", "More time can only be given shorter.".to_owned()));
    }
    let same = !otherwise && length == request.length;
    Ok((!same).then_some(Narrowing { role, length, scope }))
}

/// Whether everything that one role allows is allowed by the other, and not the other way round.
pub(super) fn is_smaller(bound: &Bound, role: &RoleName, than: &RoleName) -> bool {
    let policy = bound.policy();
    let actions = |name| policy.role(name).map(|role| &role.actions);
    match (actions(role), actions(than)) {
        (Some(smaller), Some(larger)) => smaller.is_subset(larger) && smaller != larger,
        _ => false,
    }
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
