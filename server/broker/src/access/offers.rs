//! What policy lets one person ask for in one place, and how the pods there are.

use domain::broker::{Offer, PodHealth};
use domain::policy::Question;
use domain::{Place, RoleName};

use crate::Bound;

/// Every role with policy's answer, from the least powerful; only what can be asked for.
pub(super) fn offers(bound: &Bound, place: &Place) -> Vec<Offer> {
    let policy = bound.policy();
    let mut offers: Vec<Offer> = policy
        .roles()
        .map(|role| Offer { role: role.clone(), ruling: ruling(bound, place, &role.name) })
        .filter(|offer| offer.ruling.decision.is_requestable())
        .collect();
    offers.sort_by_key(|offer| offer.role.actions.iter().next_back().copied());
    offers
}

pub(super) fn ruling(bound: &Bound, place: &Place, role: &RoleName) -> domain::policy::Ruling {
    bound.policy().decide(Question { person: &bound.person, place, role })
}

/// Counts the pods of a namespace by condition.
pub(super) fn pod_health(bound: &Bound, place: &Place) -> PodHealth {
    let Some(cluster) = bound.portal.clusters.get(&place.cluster) else {
        return PodHealth::default();
    };
    let mut health = PodHealth::default();
    for pod in cluster.pods(&place.namespace) {
        match pod.status.as_str() {
            "CrashLoopBackOff" => health.crash_looping += 1,
            "Running" if pod.ready => health.running += 1,
            "Completed" | "Succeeded" => {}
            // Between two crashes a pod runs, or has just ended: it is crash-looping all the same.
            _ if pod.restarts > 2 && !pod.ready => health.crash_looping += 1,
            _ => health.other += 1,
        }
    }
    health
}
