//! What the portal's own account could do, and should not be able to (H-09).

use std::collections::BTreeSet;

use domain::Namespace;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use k8s_openapi::api::authorization::v1::{SelfSubjectAccessReview, SelfSubjectAccessReviewSpec};

use crate::access_review::{RBAC, attributes};
use crate::exec::no_answer;
use crate::kubernetes::Kubernetes;
use crate::watch::NoAnswer;

/// Questions that are on their way at once.
const AT_ONCE: usize = 8;

/// A power that the portal's account has and should not have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// By which an operator can accept it, e.g. `reads-secrets`.
    pub name: &'static str,
    /// What it means, in words.
    pub words: &'static str,
}

/// The self-test could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the cluster did not answer the self-test: {why}")]
pub struct SelfTestFailed {
    /// What was seen, without internals.
    pub why: String,
}

struct Question {
    finding: Finding,
    verb: &'static str,
    group: &'static str,
    /// `resource` or `resource/subresource`.
    resource: &'static str,
    /// Empty for all of them.
    name: &'static str,
    /// Asked in single namespaces too, not only for all at once.
    everywhere: bool,
}

impl Finding {
    /// The names of all that can be found.
    pub fn names() -> impl Iterator<Item = &'static str> {
        QUESTIONS.iter().map(|question| question.finding.name).collect::<BTreeSet<_>>().into_iter()
    }
}

impl Kubernetes {
    /// Asks the API server what the portal's own account could do in the cluster as a whole. An
    /// empty answer is a good one.
    ///
    /// # Errors
    /// The API server does not answer; nothing is known then.
    pub async fn self_test(&self) -> Result<BTreeSet<Finding>, SelfTestFailed> {
        self.found(QUESTIONS.iter(), None).await
    }

    /// Asks what it could do in one namespace.
    ///
    /// # Errors
    /// As for the cluster as a whole.
    pub async fn self_test_in(
        &self,
        namespace: &Namespace,
    ) -> Result<BTreeSet<Finding>, SelfTestFailed> {
        self.found(QUESTIONS.iter().filter(|question| question.everywhere), Some(namespace)).await
    }

    async fn found(
        &self,
        questions: impl Iterator<Item = &'static Question>,
        namespace: Option<&Namespace>,
    ) -> Result<BTreeSet<Finding>, SelfTestFailed> {
        let answers = stream::iter(questions).map(async |question| {
            let could = self.observer.could(&question.review(namespace)).await?;
            Ok::<_, NoAnswer>(could.then(|| question.finding.clone()))
        });
        let findings: Result<Vec<_>, _> = answers.buffer_unordered(AT_ONCE).try_collect().await;
        let findings = findings.map_err(|cause| SelfTestFailed {
            why: match &cause {
                NoAnswer::InTime(_) => cause.to_string(),
                NoAnswer::Failed(cause) => no_answer(cause),
            },
        })?;
        Ok(findings.into_iter().flatten().collect())
    }
}

impl Question {
    fn review(&self, namespace: Option<&Namespace>) -> SelfSubjectAccessReview {
        let Self { verb, group, resource, name, .. } = *self;
        let attributes = attributes(verb, group, resource, name, namespace);
        let spec = SelfSubjectAccessReviewSpec {
            resource_attributes: Some(attributes),
            ..SelfSubjectAccessReviewSpec::default()
        };
        SelfSubjectAccessReview { spec, ..SelfSubjectAccessReview::default() }
    }
}

const AUTHENTICATION: &str = "authentication.k8s.io";

const MASTERS: Finding = Finding {
    name: "impersonates-masters",
    words: "the portal's account can impersonate system:masters, which may do everything",
};
const GROUPS: Finding = Finding {
    name: "impersonates-any-group",
    words: "the portal's account can impersonate groups that are not named one by one",
};
const USERS: Finding = Finding {
    name: "impersonates-any-user",
    words: "the portal's account can impersonate any user by the verb impersonate, the cluster's \
            own components too",
};
const ACCOUNTS: Finding = Finding {
    name: "impersonates-accounts",
    words: "the portal's account can impersonate ServiceAccounts or nodes",
};
const STREAMS: Finding = Finding {
    name: "reaches-pods",
    words: "the portal's account can run commands in pods, attach to them or forward their ports \
            as itself",
};
const SECRETS: Finding =
    Finding { name: "reads-secrets", words: "the portal's account can read secrets" };
const WRITES: Finding = Finding {
    name: "writes-rbac",
    words: "the portal's account can change roles, their bindings or admission policies",
};
const RUNS: Finding = Finding {
    name: "runs-pods",
    words: "the portal's account can create pods, change them or take tokens of ServiceAccounts",
};
const NODES: Finding = Finding {
    name: "reaches-nodes",
    words: "the portal's account can reach kubelets directly (nodes/proxy)",
};

const fn cluster(
    finding: Finding,
    verb: &'static str,
    group: &'static str,
    resource: &'static str,
    name: &'static str,
) -> Question {
    Question { finding, verb, group, resource, name, everywhere: false }
}

const fn everywhere(
    finding: Finding,
    verb: &'static str,
    group: &'static str,
    resource: &'static str,
) -> Question {
    Question { finding, verb, group, resource, name: "", everywhere: true }
}

/// Without a name, RBAC answers yes only to a rule without `resourceNames`.
const QUESTIONS: &[Question] = &[
    cluster(MASTERS, "impersonate", "", "groups", "system:masters"),
    cluster(GROUPS, "impersonate", "", "groups", ""),
    cluster(GROUPS, "impersonate", "", "groups", "kubeadm:cluster-admins"),
    cluster(GROUPS, "impersonate:user-info", AUTHENTICATION, "groups", ""),
    cluster(GROUPS, "impersonate:user-info", AUTHENTICATION, "groups", "kubeadm:cluster-admins"),
    cluster(USERS, "impersonate", "", "users", ""),
    cluster(USERS, "impersonate", "", "users", "system:kube-controller-manager"),
    everywhere(ACCOUNTS, "impersonate", "", "serviceaccounts"),
    everywhere(ACCOUNTS, "impersonate:serviceaccount", AUTHENTICATION, "serviceaccounts"),
    cluster(ACCOUNTS, "impersonate:arbitrary-node", AUTHENTICATION, "nodes", ""),
    everywhere(STREAMS, "get", "", "pods/exec"),
    everywhere(STREAMS, "create", "", "pods/exec"),
    everywhere(STREAMS, "get", "", "pods/attach"),
    everywhere(STREAMS, "create", "", "pods/attach"),
    everywhere(STREAMS, "get", "", "pods/portforward"),
    everywhere(STREAMS, "create", "", "pods/portforward"),
    everywhere(SECRETS, "get", "", "secrets"),
    everywhere(SECRETS, "list", "", "secrets"),
    everywhere(WRITES, "create", RBAC, "rolebindings"),
    everywhere(WRITES, "update", RBAC, "roles"),
    cluster(WRITES, "create", RBAC, "clusterrolebindings", ""),
    cluster(WRITES, "update", RBAC, "clusterroles", ""),
    cluster(WRITES, "bind", RBAC, "clusterroles", ""),
    cluster(WRITES, "escalate", RBAC, "clusterroles", ""),
    cluster(
        WRITES,
        "delete",
        "admissionregistration.k8s.io",
        "validatingadmissionpolicybindings",
        "",
    ),
    everywhere(RUNS, "create", "", "pods"),
    everywhere(RUNS, "patch", "", "pods/ephemeralcontainers"),
    everywhere(RUNS, "create", "apps", "deployments"),
    everywhere(RUNS, "create", "", "serviceaccounts/token"),
    cluster(NODES, "get", "", "nodes/proxy", ""),
];
