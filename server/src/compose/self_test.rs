//! The portal does not run with more power than it needs, unless that is accepted by name (H-09).

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use broker::port::Cluster as _;
use cluster::{Finding, Kubernetes, SelfTestFailed};
use domain::{ClusterName, Namespace};
use futures::future::{pending, try_join_all};

/// Longest wait for the answers; a cluster that is away does not keep the portal from starting.
const PATIENCE: Duration = Duration::from_secs(10);

/// A cluster that did not answer is asked again after this time, and namespaces that appeared are
/// asked about.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Namespaces that are asked about before the next pause: some hundred questions.
const AT_ONCE: usize = 20;

/// What the portal's own account could do in one cluster, as far as it is known.
pub(super) struct SelfTest {
    cluster: Arc<Kubernetes>,
    name: ClusterName,
    accept: BTreeSet<String>,
    /// Whether the cluster has answered for itself as a whole.
    answered: bool,
    /// The namespaces for which it has.
    asked: BTreeSet<Namespace>,
}

/// Asks about what was not answered yet, and about each namespace that appears; says what nobody
/// accepted in a cluster as a whole, as soon as there is any.
pub(super) async fn refused(tests: Vec<SelfTest>) -> anyhow::Error {
    match try_join_all(tests.into_iter().map(SelfTest::go_on)).await {
        Err(cause) => cause,
        Ok(_) => pending().await,
    }
}

impl SelfTest {
    /// Asks about the cluster as a whole.
    ///
    /// # Errors
    /// When the account could do something that nobody accepted.
    pub(super) async fn begin(
        cluster: Arc<Kubernetes>,
        name: ClusterName,
        accept: BTreeSet<String>,
    ) -> anyhow::Result<Self> {
        let mut test = Self { cluster, name, accept, answered: false, asked: BTreeSet::new() };
        test.ask().await?;
        Ok(test)
    }

    async fn go_on(mut self) -> anyhow::Result<Infallible> {
        loop {
            tokio::time::sleep(AGAIN_AFTER).await;
            if self.answered {
                self.look_into_namespaces().await;
            } else {
                self.ask().await?;
            }
        }
    }

    async fn ask(&mut self) -> anyhow::Result<()> {
        if let Some(findings) = self.answer(self.cluster.self_test()).await {
            self.answered = true;
            for finding in accepted(findings, &self.accept, &self.name)? {
                tracing::warn!(k8s.cluster.name = %self.name, finding = finding.name, "{}", finding.words);
            }
        }
        Ok(())
    }

    /// What somebody allows the portal's account in a namespace of theirs is said and stops
    /// nothing: whoever may bind roles there could stop the portal otherwise.
    async fn look_into_namespaces(&mut self) {
        let known = self.cluster.namespaces().into_iter().map(|known| known.name);
        let new = known.filter(|name| !self.asked.contains(name)).take(AT_ONCE);
        for namespace in new.collect::<Vec<_>>() {
            let answer = self.answer(self.cluster.self_test_in(&namespace)).await;
            let Some(findings) = answer else { return };
            for finding in findings.iter().filter(|found| !self.accept.contains(found.name)) {
                tracing::error!(
                    k8s.cluster.name = %self.name,
                    k8s.namespace.name = %namespace,
                    finding = finding.name,
                    "{}",
                    finding.words
                );
            }
            self.asked.insert(namespace);
        }
    }

    /// What was found; none where no answer came.
    async fn answer(
        &self,
        asked: impl Future<Output = Result<BTreeSet<Finding>, SelfTestFailed>>,
    ) -> Option<BTreeSet<Finding>> {
        let name = &self.name;
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(findings)) => return Some(findings),
            Ok(Err(cause)) => {
                tracing::warn!(k8s.cluster.name = %name, %cause, "the self-test could not be made");
            }
            Err(_) => {
                tracing::warn!(k8s.cluster.name = %name, "the self-test was not answered in time");
            }
        }
        None
    }
}

/// What was found, where all of it is accepted.
fn accepted(
    findings: BTreeSet<Finding>,
    accept: &BTreeSet<String>,
    name: &ClusterName,
) -> anyhow::Result<Vec<Finding>> {
    let (accepted, refused): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| accept.contains(finding.name));
    if refused.is_empty() {
        return Ok(accepted);
    }
    let list: Vec<_> =
        refused.iter().map(|finding| format!("{} ({})", finding.words, finding.name)).collect();
    anyhow::bail!(
        "the account for cluster {name} may do more than it should: {}. Take these rights away, or \
         list their names under `accept`",
        list.join("; ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h_09_what_is_found_is_accepted_by_name_or_refused() {
        let found = |name, words| Finding { name, words };
        let findings: BTreeSet<_> =
            [found("reads-secrets", "it reads secrets"), found("runs-pods", "it runs pods")].into();
        let name = "main".parse().unwrap();
        let accept = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let refused = accepted(findings.clone(), &accept(&["runs-pods"]), &name).unwrap_err();
        let refused = refused.to_string();
        assert!(refused.contains("it reads secrets (reads-secrets)"), "{refused}");
        assert!(!refused.contains("runs-pods"), "{refused}");
        let all = accepted(findings, &accept(&["runs-pods", "reads-secrets"]), &name).unwrap();
        assert_eq!(all.len(), 2);
        assert!(accepted(BTreeSet::new(), &accept(&[]), &name).unwrap().is_empty());
    }
}
