//! What policy lets one person ask for, and how the pods of a place are.

use std::sync::Arc;

use domain::broker::{Offer, PodHealth, Refusal};
use domain::policy::{
    Asked, Asker, Circumstances, Holding, Labels, Personal, Policy, Question, Ruling, Urgency,
};
use domain::{Person, Place, RoleName};
use jiff::Timestamp;

use crate::Bound;
use crate::port::{Cluster, ClusterState};
use crate::portal::{Portal, unavailable};

/// Everything that policy looks at of one person, read once for many questions.
pub(super) struct Asking {
    pub(super) policy: Arc<Policy>,
    person: Person,
    at: Timestamp,
    holds: Vec<Holding>,
    /// Grants that are not over, those that begin later among them.
    held: usize,
}

impl Asking {
    /// As things stand now.
    pub(super) async fn now(portal: &Portal, person: &Person) -> Result<Self, Refusal> {
        let (at, policy) = (portal.clock.now(), portal.policy());
        let grants = portal.store.active_grants().await.map_err(unavailable)?;
        let own: Vec<_> = grants
            .into_iter()
            .map(|grant| grant.value)
            .filter(|grant| policy.aliases().are_one(&(&grant.person).into(), &person.into()))
            .filter(|grant| at < grant.not_after)
            .collect();
        let held = own.len();
        let holds = own
            .into_iter()
            .filter(|grant| grant.check(at).is_ok())
            .map(|grant| Holding { place: grant.place, role: grant.role })
            .collect();
        Ok(Self { policy, person: person.clone(), at, holds, held })
    }

    /// The same person at another instant.
    pub(super) fn at(self, at: Timestamp) -> Self {
        Self { at, ..self }
    }

    /// How many grants the person has, those that begin later among them, where policy allows no
    /// more at once.
    pub(super) fn most_held(&self) -> Option<usize> {
        let most = usize::from(self.policy.limits().active_grants);
        (self.held >= most).then_some(self.held)
    }

    /// What the person holds now.
    pub(super) fn holds(&self) -> &[Holding] {
        &self.holds
    }

    pub(super) fn instant(&self) -> Timestamp {
        self.at
    }

    fn asker(&self) -> Asker<'_> {
        Asker { person: &self.person, at: self.at, holds: &self.holds }
    }

    /// What it looks at beside the person and what is typed, to be kept.
    pub(super) fn circumstances(&self, labels: Labels) -> Circumstances {
        Circumstances { labels, holds: self.holds.clone() }
    }

    /// The rules that may speak of the person.
    pub(super) fn personal(&self) -> Personal<'_> {
        self.policy.personal(self.asker())
    }

    /// What policy says of one role in one place.
    pub(super) fn question<'a>(
        &'a self,
        place: &'a Place,
        labels: &'a Labels,
        role: &'a RoleName,
        urgency: Urgency,
        asked: Option<Asked<'a>>,
    ) -> Question<'a> {
        Question { asker: self.asker(), place, labels, role, urgency, asked }
    }
}

/// Every role that can be asked for, from the least powerful.
pub(super) fn offers(
    policy: &Policy,
    personal: &Personal<'_>,
    place: &Place,
    labels: &Labels,
) -> Vec<Offer> {
    let mut offers: Vec<Offer> = policy
        .roles()
        .map(|role| {
            let decide = |urgency| personal.decide(place, labels, &role.name, urgency);
            let glass = personal.may_break_glass(&role.name);
            let glass = glass.then(|| decide(Urgency::BreakGlass)).filter(is_requestable);
            Offer { role: role.clone(), ruling: decide(Urgency::Usual), glass }
        })
        .filter(|offer| is_requestable(&offer.ruling) || offer.glass.is_some())
        .collect();
    offers.sort_by_key(|offer| offer.role.power());
    offers
}

/// Whether it can be asked for without breaking the glass.
pub(super) fn is_requestable(ruling: &Ruling) -> bool {
    ruling.decision.is_requestable()
}

/// The cluster of a place, where it answers and has the namespace: what it says of the pods there is
/// so.
pub(super) fn answering<'a>(bound: &'a Bound, place: &Place) -> Option<&'a Arc<dyn Cluster>> {
    bound.portal.namespace(place)?;
    let cluster = bound.portal.clusters.get(&place.cluster)?;
    matches!(cluster.state(), ClusterState::Reachable).then_some(cluster)
}

/// Counts the pods of a namespace by condition; none where nobody knows them.
pub(super) fn pod_health(bound: &Bound, place: &Place) -> Option<PodHealth> {
    let cluster = answering(bound, place)?;
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
    Some(health)
}
