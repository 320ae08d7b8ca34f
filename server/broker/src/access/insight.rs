//! What helps an approver to decide.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::broker::{AuditFilter, Insight, Reach, Record, Refusal};
use domain::{Fact, FactKind, Namespace, Place, Request, RequestState, RoleName, RuleName};
use jiff::{SignedDuration, Timestamp};

use super::offers::answering;
use crate::Bound;
use crate::port::{Cluster, RequestQuery, RightUnknown};
use crate::portal::unavailable;

/// How far back it is looked.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The requests of the last 30 days, newest first.
pub(super) async fn of_late(bound: &Bound) -> Result<Vec<Request>, Refusal> {
    let portal = &bound.portal;
    let since = portal.clock.now().checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
    let query = RequestQuery::SentSince(since);
    let late = portal.store.requests(&query).await.map_err(unavailable)?;
    Ok(late.into_iter().map(|late| late.value).collect())
}

/// The rules that refused what was asked for in the last 30 days, once for each time; at most the
/// latest 10,000.
pub(super) async fn refused_of_late(bound: &Bound) -> Result<Vec<RuleName>, Refusal> {
    let portal = &bound.portal;
    let since = portal.clock.now().checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
    let filter = AuditFilter { kind: Some(FactKind::Refused), ..AuditFilter::default() };
    let refusals = portal.store.events(&filter, 10_000).await.map_err(unavailable)?;
    let late = refusals.into_iter().take_while(|refusal| refusal.event.at >= since);
    Ok(late
        .filter_map(|refusal| match refusal.event.fact {
            Fact::Refused { rule, .. } => rule,
            _ => None,
        })
        .collect())
}

/// `late` are the requests of the last 30 days.
pub(super) async fn insight(bound: &Bound, request: &Request, late: &[Request]) -> Insight {
    let others = || late.iter().filter(|late| late.id != request.id && late.place == request.place);
    Insight {
        before: counted(others().filter(|late| late.person.key == request.person.key)),
        similar: counted(others().filter(|late| late.role == request.role)),
        reach: reach(bound, request).await,
    }
}

/// How requests ended; those that wait do not count.
pub(super) fn counted<'a>(requests: impl Iterator<Item = &'a Request>) -> Record {
    let mut record = Record::default();
    for request in requests {
        match request.state {
            RequestState::Pending => {}
            RequestState::Approved { .. } => record.approved += 1,
            RequestState::Denied { .. } => record.denied += 1,
            RequestState::Withdrawn { .. } | RequestState::Lapsed { .. } => record.other += 1,
        }
    }
    record
}

/// How long approvals in a place took, by role: the median of those that were asked for.
pub(super) fn waits(late: &[Request], place: &Place) -> BTreeMap<RoleName, Duration> {
    let mut waits: BTreeMap<RoleName, Vec<Duration>> = BTreeMap::new();
    for request in late.iter().filter(|late| late.place == *place && late.quorum().is_some()) {
        if let RequestState::Approved { at, .. } = request.state {
            let waited = Duration::try_from(at.duration_since(request.sent_at)).unwrap_or_default();
            waits.entry(request.role.clone()).or_default().push(waited);
        }
    }
    let median = |mut waits: Vec<Duration>| {
        waits.sort_unstable();
        waits[waits.len() / 2]
    };
    waits.into_iter().map(|(role, waits)| (role, median(waits))).collect()
}

/// What the pods that are asked for reach beyond their containers, by workload; none where nobody
/// knows the pods.
async fn reach(bound: &Bound, request: &Request) -> Option<Vec<Reach>> {
    let cluster = answering(bound, &request.place)?;
    let namespace = &request.place.namespace;
    let mut reach: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut accounts: BTreeMap<String, Option<String>> = BTreeMap::new();
    let pods = cluster.pods(namespace).into_iter();
    for pod in pods.filter(|pod| request.scope.covers(&pod.name, &pod.workload)) {
        let workload = format!("{} {}", pod.workload.kind, pod.workload.name);
        let found = reach.entry(workload).or_default();
        found.extend(pod.reach);
        if let Some(account) = pod.account {
            if !accounts.contains_key(&account) {
                let said = powers(&**cluster, namespace, &account).await;
                accounts.insert(account.clone(), said);
            }
            found.extend(accounts[&account].clone());
        }
        found.sort();
        found.dedup();
    }
    reach.retain(|_, what| !what.is_empty());
    Some(reach.into_iter().map(|(workload, what)| Reach { workload, what }).collect())
}

/// What a pod can do as its service account; nothing where that may do nothing worth a word.
async fn powers(cluster: &dyn Cluster, namespace: &Namespace, account: &str) -> Option<String> {
    match cluster.powers(namespace, account).await {
        Ok(powers) if powers.is_empty() => None,
        Ok(powers) => Some(format!("its account {account} may {}", powers.join(", "))),
        Err(RightUnknown) => {
            Some(format!("acts as account {account}; the cluster did not say what that may do"))
        }
    }
}
