//! What helps an approver to decide.

use std::collections::BTreeMap;

use domain::broker::{Insight, Reach, Record, Refusal};
use domain::{Request, RequestState};
use jiff::{SignedDuration, Timestamp};

use crate::Bound;
use crate::port::RequestQuery;
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

/// `late` are the requests of the last 30 days.
pub(super) fn insight(bound: &Bound, request: &Request, late: &[Request]) -> Insight {
    let others = || late.iter().filter(|late| late.id != request.id && late.place == request.place);
    Insight {
        before: counted(others().filter(|late| late.person.key == request.person.key)),
        similar: counted(others().filter(|late| late.role == request.role)),
        reach: reach(bound, request),
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

/// What the pods of the place reach beyond their containers, by workload.
fn reach(bound: &Bound, request: &Request) -> Vec<Reach> {
    let Some(cluster) = bound.portal.clusters.get(&request.place.cluster) else {
        return Vec::new();
    };
    let mut reach: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for pod in cluster.pods(&request.place.namespace) {
        let workload = format!("{} {}", pod.workload.kind, pod.workload.name);
        let found = reach.entry(workload).or_default();
        found.extend(pod.reach);
        found.sort();
        found.dedup();
    }
    reach.retain(|_, what| !what.is_empty());
    reach.into_iter().map(|(workload, what)| Reach { workload, what }).collect()
}
