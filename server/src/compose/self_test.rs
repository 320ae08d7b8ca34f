//! The portal does not start with more power than it needs, unless that is accepted by name (H-09).

use std::collections::BTreeSet;
use std::time::Duration;

use cluster::Kubernetes;
use domain::ClusterName;

/// Longest wait for the answers; a cluster that is away does not keep the portal from starting.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks the cluster what the portal's own account could do.
///
/// # Errors
/// When it could do something that nobody accepted.
pub(super) async fn accepted(
    cluster: &Kubernetes,
    name: &ClusterName,
    accept: &BTreeSet<String>,
) -> anyhow::Result<()> {
    let findings = match tokio::time::timeout(PATIENCE, cluster.self_test(&[])).await {
        Ok(Ok(findings)) => findings,
        Ok(Err(cause)) => {
            tracing::warn!(k8s.cluster.name = %name, %cause, "the self-test could not be made");
            return Ok(());
        }
        Err(_) => {
            tracing::warn!(k8s.cluster.name = %name, "the self-test was not answered in time");
            return Ok(());
        }
    };
    let (accepted, refused): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| accept.contains(finding.name));
    for finding in accepted {
        tracing::warn!(k8s.cluster.name = %name, finding = finding.name, "{}", finding.words);
    }
    if refused.is_empty() {
        return Ok(());
    }
    let list: Vec<_> =
        refused.iter().map(|finding| format!("{} ({})", finding.words, finding.name)).collect();
    anyhow::bail!(
        "the account for cluster {name} may do more than it should: {}. Take these rights away, or \
         list their names under `accept`",
        list.join("; ")
    )
}
