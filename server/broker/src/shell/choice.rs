//! Where a shell can be opened.

use std::collections::BTreeMap;

use domain::broker::{ContainerRow, PodRow, Refusal, ShellChoice, WorkloadRows};
use domain::{Action, Grant, Request, RequestId, Workload};

use crate::Bound;
use crate::access::own_grant;
use crate::port::{Cluster, Container, ContainerKind, Pod};

pub(crate) async fn choice(bound: &Bound, id: RequestId) -> Result<ShellChoice, Refusal> {
    let (request, grant) = usable(bound, id).await?;
    let cluster = bound.portal.cluster(&request.place)?;
    let mut workloads: BTreeMap<Workload, Vec<PodRow>> = BTreeMap::new();
    let pods = cluster.pods(&request.place.namespace).into_iter();
    for pod in pods.filter(|pod| grant.scope.covers(&pod.name, &pod.workload)) {
        workloads.entry(pod.workload.clone()).or_default().push(pod_row(pod));
    }
    let workloads = workloads
        .into_iter()
        .map(|(workload, pods)| WorkloadRows { kind: workload.kind, name: workload.name, pods })
        .collect();
    Ok(ShellChoice {
        risk: bound.portal.risk(&request.place),
        broke_glass: grant.broke_glass,
        remaining: grant.remaining(bound.portal.clock.now()),
        refused_group: refused_group(bound, &**cluster, &grant).await,
        workloads,
        request,
    })
}

/// The grant's group, where the cluster would refuse it a shell: the namespace is not onboarded for
/// the role. A cluster that does not say so keeps nobody from trying.
async fn refused_group(bound: &Bound, cluster: &dyn Cluster, grant: &Grant) -> Option<String> {
    let user = format!("{}{}", bound.portal.settings.user_prefix, grant.person.username);
    let group = grant.group();
    let may = cluster.may_open_shell(&user, &group, &grant.place.namespace).await;
    (may == Ok(false)).then_some(group)
}

/// The request's grant, if it is this person's, runs, and allows a shell.
pub(super) async fn usable(bound: &Bound, id: RequestId) -> Result<(Request, Grant), Refusal> {
    let (request, grant) = own_grant(bound, id).await?;
    // The role is read as the policy has it now: what it no longer allows is no longer done.
    match bound.policy().role(&grant.role) {
        Some(role) if role.actions.contains(&Action::Shell) => Ok((request, grant)),
        _ => Err(Refusal::Forbidden { why: format!("the role {} allows no shell", grant.role) }),
    }
}

fn pod_row(pod: Pod) -> PodRow {
    let Pod { name, status, ready, restarts, created_at, containers, .. } = pod;
    let containers = containers.into_iter().map(container_row).collect();
    PodRow { name, status, ready, restarts, created_at, containers }
}

fn container_row(container: Container) -> ContainerRow {
    let no_shell = match container.kind {
        _ if container.running => None,
        ContainerKind::Init => Some("It ran before the others, and has ended.".to_owned()),
        ContainerKind::Ordinary | ContainerKind::Ephemeral => {
            Some(format!("It is not running: {}.", container.status))
        }
    };
    let Container { name, image, status, .. } = container;
    ContainerRow { name, image, status, no_shell }
}
