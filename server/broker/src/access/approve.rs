//! Approving a request, or less of it.

use domain::broker::{FieldProblem, Less, Refusal};
use domain::policy::{Policy, Role, Ruling};
use domain::{
    Fact, Narrowing, Request, RequestDigest, RequestId, RequestRefusal, RoleName, Signer, Stamp,
    duration,
};

use super::anew::ruled_anew;
use super::decide::{Step, decide, refused};
use super::form::parts;
use crate::Bound;
use crate::portal::{About, unavailable};

pub(crate) async fn approve(
    bound: &Bound,
    id: RequestId,
    shown: &RequestDigest,
    less: &Less,
) -> Result<(), Refusal> {
    let consent = consent(bound, id, shown, less).await?;
    let policy = bound.policy();
    let mut others = false;
    decide(bound, id, "approve a request", |request| {
        let now = bound.portal.clock.now();
        request.may_be_decided_by(&bound.person, policy.aliases(), now).map_err(refused)?;
        let consent = consent.as_ref().filter(|_| *shown == request.digest());
        let consent = consent.ok_or_else(|| refused(RequestRefusal::Changed))?;
        let step = consented(bound, &policy, request, consent)?;
        others = step.others;
        Ok(step.step)
    })
    .await?;
    if others { Err(Refusal::Conflict { what: OTHERS.to_owned() }) } else { Ok(()) }
}

/// Why an approval was not counted though it could be given when the request was sent.
const OTHERS: &str = "the policy asks others for it by now, and so does the request";

/// What somebody consents to.
struct Consent {
    /// What they leave, where they change anything.
    narrowing: Option<Narrowing>,
    /// What policy says by now of what is left.
    today: Ruling,
}

/// What this person consents to; none where they cannot, or were shown something else.
async fn consent(
    bound: &Bound,
    id: RequestId,
    shown: &RequestDigest,
    less: &Less,
) -> Result<Option<Consent>, Refusal> {
    let Bound { portal, person, .. } = bound;
    let (policy, now) = (bound.policy(), portal.clock.now());
    let decides = |request: &Request| {
        bound.may_see(request)
            && request.may_be_decided_by(person, policy.aliases(), now).is_ok()
            && request.digest() == *shown
    };
    let known = portal.store.request(id).await.map_err(unavailable)?;
    let Some(mut left) = known.map(|known| known.value).filter(decides) else { return Ok(None) };
    let narrowing = narrowing(bound, &left, less)?;
    if let Some(Narrowing { role, length, scope }) = narrowing.clone() {
        left = Request { role, length, scope, ..left };
    }
    let today = ruled_anew(portal, &left).await?;
    Ok(Some(Consent { narrowing, today }))
}

struct Consented {
    step: Step,
    /// Others are asked by now: nothing was approved.
    others: bool,
}

/// Approves what stands there, as far as policy asks this person for it by now.
fn consented(
    bound: &Bound,
    policy: &Policy,
    request: Request,
    consent: &Consent,
) -> Result<Consented, Refusal> {
    let Bound { portal, person, .. } = bound;
    let (now, aliases, today) = (portal.clock.now(), policy.aliases(), consent.today.clone());
    let about = About::request(&request);
    let event = |fact| portal.event(Some(person), &about, fact);
    let (request, mut events) = if let Some(narrowing) = consent.narrowing.clone() {
        let left = event(narrowed(&narrowing, count(request.approvals.len())));
        let less = request.narrow(person, narrowing, today, aliases, now).map_err(refused)?;
        (less, vec![left])
    } else {
        let (request, void) = request.asked_anew(today);
        (request, void.into_iter().map(|by| portal.event(None, &about, voided(by))).collect())
    };
    let asked = request.may_be_decided_by(person, aliases, now);
    if asked == Err(RequestRefusal::NotAnApprover) {
        if consent.narrowing.is_some() {
            let what = "the policy asks others for what would be left".to_owned();
            return Err(Refusal::Conflict { what });
        }
        let (what, why) = ("approve a request".to_owned(), OTHERS.to_owned());
        let (rule, stamp) = (request.ruling.rule.clone(), Some(Stamp::from(&request.ruling)));
        events.push(event(Fact::Refused { what, why, rule, stamp }));
        return Ok(Consented { step: Step { request, events }, others: true });
    }
    let digest = request.digest();
    let needed = request.quorum().map_or(0, |quorum| u32::from(quorum.count.get()));
    let request = request.approve(person, &digest, aliases, now).map_err(refused)?;
    let count = count(request.approvals.len());
    events.push(event(Fact::RequestApproved { count, needed, digest: digest.0 }));
    Ok(Consented { step: Step { request, events }, others: false })
}

fn narrowed(narrowing: &Narrowing, void: u32) -> Fact {
    let Narrowing { role, length, scope } = narrowing.clone();
    Fact::RequestNarrowed { role, seconds: length.as_secs(), scope, void }
}

fn voided(approver: Signer) -> Fact {
    Fact::ApprovalVoided { approver }
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
    match (policy.role(role), policy.role(than)) {
        (Some(smaller), Some(larger)) => is_within(smaller, larger) && !is_within(larger, smaller),
        _ => false,
    }
}

/// Whether one role allows nothing beyond another: no action, and no listed command.
fn is_within(role: &Role, other: &Role) -> bool {
    let listed = |run: &Vec<String>| other.commands.values().any(|known| known.run == *run);
    role.actions.is_subset(&other.actions)
        && role.commands.values().all(|command| listed(&command.run))
}
