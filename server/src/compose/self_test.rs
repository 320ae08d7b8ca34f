//! The portal does not run with more power than it needs, unless that is accepted by name (H-09).

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use broker::port::Cluster as _;
use cluster::{Finding, Kubernetes};
use domain::{ClusterName, Namespace};
use futures::future::{pending, try_join_all};

/// Longest wait for the answers; a cluster that is away does not keep the portal from starting.
const PATIENCE: Duration = Duration::from_secs(10);

/// A cluster that did not answer, and namespaces that were not asked about, are asked about again
/// after this time.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Namespaces that are asked about at once: some hundred questions.
const AT_ONCE: usize = 25;

/// What the portal's own account could do in one cluster, as far as it is known.
pub(super) struct SelfTest {
    cluster: Arc<Kubernetes>,
    name: ClusterName,
    accept: BTreeSet<String>,
    /// Whether the cluster has answered for itself as a whole.
    answered: bool,
    /// The namespaces for which it has.
    asked: BTreeSet<Namespace>,
    /// What was accepted, and said in the log.
    said: BTreeSet<&'static str>,
}

/// Asks about what was not answered yet, and about each namespace that appears; says what nobody
/// accepted, as soon as there is any.
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
        let (asked, said) = (BTreeSet::new(), BTreeSet::new());
        let mut test = Self { cluster, name, accept, answered: false, asked, said };
        test.ask(&[]).await?;
        Ok(test)
    }

    async fn go_on(mut self) -> anyhow::Result<Infallible> {
        loop {
            tokio::time::sleep(AGAIN_AFTER).await;
            let known = self.cluster.namespaces().into_iter().map(|known| known.name);
            let new = known.filter(|name| !self.asked.contains(name)).take(AT_ONCE);
            let new: Vec<_> = new.collect();
            if !self.answered || !new.is_empty() {
                self.ask(&new).await?;
            }
        }
    }

    async fn ask(&mut self, namespaces: &[Namespace]) -> anyhow::Result<()> {
        let name = &self.name;
        match tokio::time::timeout(PATIENCE, self.cluster.self_test(namespaces)).await {
            Ok(Ok(findings)) => {
                self.answered = true;
                self.asked.extend(namespaces.iter().cloned());
                for finding in accepted(findings, &self.accept, name)? {
                    if self.said.insert(finding.name) {
                        let finding = (finding.name, finding.words);
                        tracing::warn!(k8s.cluster.name = %name, finding = finding.0, "{}", finding.1);
                    }
                }
            }
            Ok(Err(cause)) => {
                tracing::warn!(k8s.cluster.name = %name, %cause, "the self-test could not be made");
            }
            Err(_) => {
                tracing::warn!(k8s.cluster.name = %name, "the self-test was not answered in time");
            }
        }
        Ok(())
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
