//! What every page shows around its own content.

use std::time::Duration;

use domain::broker::{Frame, Refusal};
use domain::policy::Decision;
use domain::{Request, duration};

use crate::Bound;
use crate::port::{ClusterState, RequestQuery, SessionQuery};
use crate::portal::unavailable;
use crate::shell::row;

pub(crate) async fn frame(bound: &Bound) -> Result<Frame, Refusal> {
    let Bound { portal, person, .. } = bound;
    let now = portal.clock.now();
    let newest_event = portal.store.newest_event().await.map_err(unavailable)?;
    let policy = bound.policy();
    let aliases = policy.aliases();
    let pending = portal.store.requests(&RequestQuery::Pending).await.map_err(unavailable)?;
    let to_decide = pending.iter().filter(|request| {
        request.value.may_be_decided_by(person, aliases, now).is_ok()
            && !request.value.is_approved_by(person, aliases)
    });
    let broken = portal.store.requests(&RequestQuery::ReviewOwed).await.map_err(unavailable)?;
    let to_review =
        broken.iter().filter(|request| request.value.may_be_reviewed_by(person, aliases).is_ok());
    let pending = to_decide.count() + to_review.count();
    let running = portal.store.sessions(&SessionQuery::Running).await.map_err(unavailable)?;
    let mut live = Vec::new();
    for session in running {
        if session.value.person.key == person.key {
            live.extend(row(bound, session.value).await?);
        }
    }
    let skipped = broken.iter().filter(|request| is_skipped(bound, &request.value));
    let mut warnings = broken_glass(skipped.map(|request| &request.value));
    if let Some(problem) = &portal.policy.load().problem {
        warnings.push(format!(
            "The changed policy file was refused, the one before stays in force: {problem}"
        ));
    }
    if let Some(at) = portal.restart() {
        let left = at.since_boot.saturating_sub(portal.clock.since_boot());
        let left = duration::words(Duration::from_secs(left.as_secs()));
        warnings.push(format!(
            "The portal is being restarted: terminals end in {left}, and no new one starts until it is back."
        ));
    }
    for (name, cluster) in &portal.clusters {
        if let ClusterState::Unreachable { why, .. } = cluster.state() {
            warnings.push(format!("Cluster {name} does not answer: {why}"));
        }
    }
    if !portal.recorder.works() {
        warnings.push("Recordings cannot be written: no session can be opened.".to_owned());
    } else if portal.recorder.shortage().is_some() {
        warnings.push("The disk is nearly full: no session can be opened.".to_owned());
    }
    let auditor = bound.oversees();
    Ok(Frame { person: person.clone(), auditor, pending, live, warnings, newest_event })
}

/// Whether this person would have been asked where somebody else broke the glass, and does not
/// review it.
fn is_skipped(bound: &Bound, request: &Request) -> bool {
    let Decision::BreakGlass { reviewers, skipped } = &request.ruling.decision else {
        return false;
    };
    let policy = bound.policy();
    let own = policy.aliases().are_one(&(&request.person).into(), &(&bound.person).into());
    !own && bound.person.is_in_any(skipped) && !bound.person.is_in_any(reviewers)
}

/// What those who would have been asked are told until it is reviewed.
fn broken_glass<'a>(requests: impl Iterator<Item = &'a Request>) -> Vec<String> {
    let requests: Vec<_> = requests.collect();
    match &*requests {
        [] => Vec::new(),
        [one] => vec![format!(
            "{} broke the glass in {}: you would have been asked. The review is owed.",
            one.person.username, one.place.namespace
        )],
        many => vec![format!(
            "The glass was broken {} times where you would have been asked. The reviews are owed: \
             the inbox shows them.",
            many.len()
        )],
    }
}
