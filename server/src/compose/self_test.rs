//! The portal does not start with more power than it needs, unless that is accepted by name (H-09).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use cluster::Kubernetes;
use domain::ClusterName;
use futures::future::{pending, try_join_all};

/// Longest wait for the answers; a cluster that is away does not keep the portal from starting.
const PATIENCE: Duration = Duration::from_secs(10);

/// A cluster that did not answer is asked again after this time.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// A cluster that has not answered yet.
pub(super) struct Unanswered {
    pub(super) cluster: Arc<Kubernetes>,
    pub(super) name: ClusterName,
}

/// Asks again those that did not answer, until they do; says what nobody accepted, as soon as there
/// is any.
pub(super) async fn refused(
    unanswered: Vec<Unanswered>,
    accept: &BTreeSet<String>,
) -> anyhow::Error {
    let asked = unanswered.into_iter().map(|Unanswered { cluster, name }| async move {
        loop {
            tokio::time::sleep(AGAIN_AFTER).await;
            if accepted(&cluster, &name, accept).await? {
                return anyhow::Ok(());
            }
        }
    });
    match try_join_all(asked).await {
        Err(cause) => cause,
        Ok(_) => pending().await,
    }
}

/// Asks the cluster what the portal's own account could do; false where it does not answer.
///
/// # Errors
/// When it could do something that nobody accepted.
pub(super) async fn accepted(
    cluster: &Kubernetes,
    name: &ClusterName,
    accept: &BTreeSet<String>,
) -> anyhow::Result<bool> {
    let findings = match tokio::time::timeout(PATIENCE, cluster.self_test(&[])).await {
        Ok(Ok(findings)) => findings,
        Ok(Err(cause)) => {
            tracing::warn!(k8s.cluster.name = %name, %cause, "the self-test could not be made");
            return Ok(false);
        }
        Err(_) => {
            tracing::warn!(k8s.cluster.name = %name, "the self-test was not answered in time");
            return Ok(false);
        }
    };
    let (accepted, refused): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| accept.contains(finding.name));
    for finding in accepted {
        tracing::warn!(k8s.cluster.name = %name, finding = finding.name, "{}", finding.words);
    }
    if refused.is_empty() {
        return Ok(true);
    }
    let list: Vec<_> =
        refused.iter().map(|finding| format!("{} ({})", finding.words, finding.name)).collect();
    anyhow::bail!(
        "the account for cluster {name} may do more than it should: {}. Take these rights away, or \
         list their names under `accept`",
        list.join("; ")
    )
}
