//! The namespaces that may be requested, and what is held now.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::broker::{
    ClusterHealth, Held, Home, NamespaceRow, NothingRequestable, Refusal, RuleSeen,
};
use domain::{Place, Risk};

use jiff::Timestamp;

use super::offers::{Asking, offers, pod_health};
use crate::Bound;
use crate::port::{ClusterState, RequestQuery};
use crate::portal::unavailable;

/// Requests of the person that are looked through for the places they ask for.
const LOOKED_AT: u16 = 100;

pub(crate) async fn home(bound: &Bound) -> Result<Home, Refusal> {
    let portal = &bound.portal;
    let mut held = held(bound).await?;
    let asking = Asking::now(portal, &bound.person).await?;
    let personal = asking.personal();
    let (mut rows, mut total, mut unreachable) = (Vec::new(), 0, Vec::new());
    for (name, cluster) in &portal.clusters {
        let known = cluster.namespaces();
        if let ClusterState::Unreachable { since, why } = cluster.state() {
            let (name, namespaces) = (name.clone(), known.len());
            unreachable.push(ClusterHealth { name, since, why, namespaces });
        }
        for namespace in known {
            total += 1;
            let place = Place { cluster: name.clone(), namespace: namespace.name };
            let offers = offers(&asking.policy, &personal, &place, &namespace.labels);
            let held = held.remove(&place).unwrap_or_default();
            if offers.is_empty() && held.is_empty() {
                continue;
            }
            let pods = pod_health(bound, &place);
            let (risk, owner) = (namespace.risk, namespace.owner);
            rows.push(NamespaceRow { place, risk, owner, pods, offers, held });
        }
    }
    // What is held stays to be seen, and to be ended, where its namespace is not known now.
    rows.extend(held.into_iter().map(|(place, held)| NamespaceRow {
        place,
        risk: Risk::Unknown,
        owner: None,
        pods: None,
        offers: Vec::new(),
        held,
    }));
    // What is held comes first, then what was asked for last, then what can hurt most.
    let asked = last_asked(bound).await?;
    rows.sort_by_cached_key(|row| {
        let asked = Reverse(asked.get(&row.place).copied());
        (row.held.is_empty(), asked, Reverse(row.risk), row.place.clone())
    });
    let nothing = rows.is_empty().then(|| nothing(bound));
    Ok(Home { rows, total, unreachable, nothing })
}

/// When the person last asked for each place.
async fn last_asked(bound: &Bound) -> Result<BTreeMap<Place, Timestamp>, Refusal> {
    let query = RequestQuery::Of { person: bound.person.key.clone(), limit: LOOKED_AT };
    let asked = bound.portal.store.requests(&query).await.map_err(unavailable)?;
    // The newest come first, and so stay.
    Ok(asked.into_iter().rev().map(|asked| (asked.value.place, asked.value.sent_at)).collect())
}

async fn held(bound: &Bound) -> Result<BTreeMap<Place, Vec<Held>>, Refusal> {
    let (portal, policy) = (&bound.portal, bound.policy());
    let now = portal.clock.now();
    let mut held: BTreeMap<Place, Vec<Held>> = BTreeMap::new();
    for grant in portal.store.active_grants().await.map_err(unavailable)? {
        let grant = grant.value;
        if grant.person.key != bound.person.key || now >= grant.not_after {
            continue;
        }
        let entry = Held {
            request: grant.request,
            remaining: grant.remaining(now),
            not_after: grant.not_after,
            unclaimed: grant.unclaimed.is_some(),
            begins: Some(grant.not_before).filter(|begins| now < *begins),
            broke_glass: grant.broke_glass,
            scope: grant.scope,
            role: policy.role(&grant.role).cloned(),
            name: grant.role,
        };
        held.entry(grant.place).or_default().push(entry);
    }
    Ok(held)
}

fn nothing(bound: &Bound) -> NothingRequestable {
    let policy = bound.policy();
    let rules = policy
        .rules()
        .iter()
        .filter_map(|rule| {
            let groups = rule.condition.groups.as_ref()?.iter().cloned().collect();
            Some(RuleSeen { name: rule.name.clone(), groups })
        })
        .collect();
    NothingRequestable {
        groups: bound.person.groups.iter().cloned().collect(),
        groups_missing: bound.person.groups_missing.clone(),
        rules,
        operators: policy.operators().cloned().collect(),
    }
}
