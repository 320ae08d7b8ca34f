//! What an operator reviews and applies, as YAML with the reasons in it.
//!
//! Nothing of it is applied by Shorepass: the portal has no right to write RBAC. One part is for
//! the cluster and changes with the roles of the policy; one part per namespace onboards it, and
//! deleting that part offboards it.

mod admission;
mod cluster;
mod namespace;
mod rules;

use std::collections::BTreeSet;

use domain::{Action, Namespace, RoleName, Username};
use serde_json::Value;

use crate::user_prefix::UserPrefix;

/// The namespace that the portal runs in, and its ServiceAccount there.
const ACCOUNT: &str = "shorepass";

/// What the manifests are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The roles of the policy.
    pub roles: Vec<Role>,
    /// The namespaces that can be requested.
    pub namespaces: Vec<Namespace>,
    /// Stands before every username.
    pub user_prefix: UserPrefix,
    /// How the cluster's version limits impersonation.
    pub impersonation: Impersonation,
}

/// A role of the policy, as far as a cluster is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Becomes the ClusterRole `shorepass-<name>` and, in each namespace, the group
    /// `jit:<name>:<namespace>`.
    pub name: RoleName,
    /// Become the rules of that ClusterRole.
    pub actions: BTreeSet<Action>,
}

/// How impersonation is limited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Impersonation {
    /// Per kind of user and per namespace (KEP-5284): Kubernetes 1.36 and later.
    Constrained,
    /// By the verb `impersonate`: before that.
    Legacy {
        /// Everybody who may ever be impersonated. Where it is empty anybody can be, the
        /// cluster's own components too, and the self-test says so.
        users: Vec<Username>,
    },
}

impl Plan {
    /// Everything: the cluster's part and that of each namespace.
    pub fn manifests(&self) -> String {
        let parts = self.namespaces.iter().map(|namespace| self.for_namespace(namespace));
        std::iter::once(self.for_cluster()).chain(parts).collect::<Vec<_>>().join("---\n")
    }

    /// What is applied once: the portal's account, the roles, the admission policy.
    pub fn for_cluster(&self) -> String {
        let parts = [cluster::manifests(self), admission::manifests(&self.user_prefix)];
        parts.join("---\n")
    }

    /// What onboards one namespace.
    pub fn for_namespace(&self, namespace: &Namespace) -> String {
        namespace::manifests(self, namespace)
    }
}

/// A list in YAML's flow style; every item is quoted as in JSON, which YAML includes.
fn list(items: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let quoted = items.into_iter().map(|item| Value::from(item.as_ref()).to_string());
    format!("[{}]", quoted.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
