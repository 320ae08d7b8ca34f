//! What the portal knows of a pod.

use broker::port::{ContainerKind, Pod};
use domain::text::seen;
use domain::{Namespace, PodName, Workload};
use k8s_openapi::api::core::v1 as api;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::container::{self, Statuses, by_name, ending, waiting};
use super::reach;

/// Label that the `Deployment` controller gives the pods of each of its `ReplicaSets`.
const TEMPLATE_HASH: &str = "pod-template-hash";
/// The most that is kept of a status or a kind, in characters.
const LONGEST_WORD: usize = 80;
/// The most that is kept of a workload's name, in characters: the API server's own bound.
const LONGEST_NAME: usize = 253;

pub(super) fn read(pod: api::Pod) -> Option<((Namespace, String), Pod)> {
    let api::Pod { metadata, spec, status } = pod;
    let namespace = Namespace::parse(metadata.namespace.as_deref()?).ok()?;
    let name = PodName::parse(metadata.name.as_deref()?).ok()?;
    let spec = spec.unwrap_or_default();
    let mut status = status.unwrap_or_default();
    let ordinary = by_name(status.container_statuses.take());
    let init = by_name(status.init_container_statuses.take());
    let ephemeral = by_name(status.ephemeral_container_statuses.take());

    let every = [&ordinary, &init, &ephemeral].into_iter().flat_map(Statuses::values);
    let restarts =
        every.map(|status| u32::try_from(status.restart_count).unwrap_or_default()).sum();
    let ready = spec
        .containers
        .iter()
        .all(|container| ordinary.get(&container.name).is_some_and(|status| status.ready));
    let word = word(&metadata, &spec, &status, &ordinary, &init);

    let ordinary = spec.containers.iter().map(|container| {
        let image = container.image.as_deref();
        container::read(&container.name, image, ContainerKind::Ordinary, &ordinary)
    });
    let init = spec.init_containers.iter().flatten().map(|container| {
        let image = container.image.as_deref();
        container::read(&container.name, image, ContainerKind::Init, &init)
    });
    let ephemeral = spec.ephemeral_containers.iter().flatten().map(|container| {
        let image = container.image.as_deref();
        container::read(&container.name, image, ContainerKind::Ephemeral, &ephemeral)
    });
    let containers = ordinary.chain(init).chain(ephemeral).flatten().collect();

    let (reach, account) = (reach::read(&spec), reach::account(&spec));
    let created_at = metadata.creation_timestamp.as_ref().map(|time| time.0);
    let workload = workload(&metadata, &name);
    let (key, status) = ((namespace, name.to_string()), word);
    let pod =
        Pod { name, workload, status, ready, restarts, created_at, containers, reach, account };
    Some((key, pod))
}

fn workload(metadata: &ObjectMeta, name: &PodName) -> Workload {
    let mut owners = metadata.owner_references.iter().flatten();
    let Some(owner) = owners.find(|owner| owner.controller == Some(true)) else {
        return Workload { kind: "Pod".to_owned(), name: name.to_string() };
    };
    let hash = metadata.labels.as_ref().and_then(|labels| labels.get(TEMPLATE_HASH));
    let deployment = hash
        .filter(|_| owner.kind == "ReplicaSet")
        .and_then(|hash| owner.name.strip_suffix(hash.as_str())?.strip_suffix('-'));
    match deployment {
        Some(name) => Workload { kind: "Deployment".to_owned(), name: seen(name, LONGEST_NAME) },
        None => Workload {
            kind: seen(&owner.kind, LONGEST_WORD),
            name: seen(&owner.name, LONGEST_NAME),
        },
    }
}

/// The one word of `kubectl get pods` (`printPod` in k8s.io/kubernetes `pkg/printers`).
fn word(
    metadata: &ObjectMeta,
    spec: &api::PodSpec,
    status: &api::PodStatus,
    ordinary: &Statuses,
    init: &Statuses,
) -> String {
    let phase = status.phase.as_deref().unwrap_or("Unknown");
    let over = matches!(phase, "Succeeded" | "Failed");
    if metadata.deletion_timestamp.is_some() && !over {
        let lost = status.reason.as_deref() == Some("NodeLost");
        return if lost { "Unknown" } else { "Terminating" }.to_owned();
    }
    let said = seen(status.reason.as_deref().unwrap_or(phase), LONGEST_WORD);
    initializing(spec, init).unwrap_or_else(|| running(said, spec, status, ordinary))
}

/// The first init container that has not done its part.
fn initializing(spec: &api::PodSpec, statuses: &Statuses) -> Option<String> {
    let init = spec.init_containers.as_deref().unwrap_or_default();
    init.iter().enumerate().find_map(|(done, container)| {
        let status = statuses.get(&container.name)?;
        let state = status.state.clone().unwrap_or_default();
        let sidecar = container.restart_policy.as_deref() == Some("Always");
        match &state.terminated {
            Some(terminated) if terminated.exit_code == 0 => None,
            _ if sidecar && status.started == Some(true) => None,
            Some(terminated) => Some(format!("Init:{}", ending(terminated))),
            None => match waiting(&state) {
                Some(reason) if reason != "PodInitializing" => Some(format!("Init:{reason}")),
                _ => Some(format!("Init:{done}/{}", init.len())),
            },
        }
    })
}

/// The first ordinary container that has something to say.
fn running(
    said: String,
    spec: &api::PodSpec,
    status: &api::PodStatus,
    statuses: &Statuses,
) -> String {
    let mut word = None;
    let mut runs = false;
    for container in &spec.containers {
        let Some(status) = statuses.get(&container.name) else { continue };
        let state = status.state.clone().unwrap_or_default();
        runs |= status.ready && state.running.is_some();
        let own = waiting(&state).or_else(|| state.terminated.as_ref().map(ending));
        word = word.or(own);
    }
    match word.as_deref() {
        Some("Completed") if runs => {
            let conditions = status.conditions.as_deref().unwrap_or_default();
            let ready = conditions
                .iter()
                .any(|condition| condition.type_ == "Ready" && condition.status == "True");
            if ready { "Running" } else { "NotReady" }.to_owned()
        }
        _ => word.unwrap_or(said),
    }
}

#[cfg(test)]
mod tests;
