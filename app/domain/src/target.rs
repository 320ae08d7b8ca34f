//! Where access is asked for, and what can be done there.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ClusterName, ContainerName, Namespace, PodName, rbac};

/// A namespace of a cluster: what a request asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The cluster.
    pub cluster: ClusterName,
    /// The namespace in it.
    pub namespace: Namespace,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.cluster, self.namespace)
    }
}

/// One container of one pod: what a session reaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// Cluster and namespace.
    pub place: Place,
    /// The pod.
    pub pod: PodName,
    /// The container in the pod.
    pub container: ContainerName,
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}/{}", self.place, self.pod, self.container)
    }
}

/// One thing that can be done in a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// See pods, workloads and events.
    View,
    /// Read and follow container logs.
    Logs,
    /// Run a listed command, without a shell.
    Check,
    /// Open a terminal in a running container.
    Shell,
    /// Add an ephemeral container.
    Debug,
    /// Forward a port.
    Forward,
    /// Copy files out.
    Download,
}

impl Action {
    /// Every action, from the least to the most powerful.
    pub const ALL: [Self; 7] = [
        Self::View,
        Self::Logs,
        Self::Check,
        Self::Shell,
        Self::Debug,
        Self::Forward,
        Self::Download,
    ];

    /// The word used in the policy and on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Logs => "logs",
            Self::Check => "check",
            Self::Shell => "shell",
            Self::Debug => "debug",
            Self::Forward => "forward",
            Self::Download => "download",
        }
    }

    /// Whether the cluster lets whoever may do it run any program in a container: it does not tell
    /// one command from another.
    pub fn runs_programs(self) -> bool {
        rbac::rules(self)
            .iter()
            .flat_map(|rule| rule.resources)
            .any(|resource| ["pods/exec", "pods/attach"].contains(resource))
    }
}

/// How much a namespace can hurt, from its label `shorepass.dev/risk`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Said to be a place for tests.
    Test,
    /// Nothing is said.
    Unknown,
    /// Customers depend on it.
    Production,
}

impl Risk {
    /// Reads the value of the label; whatever is not known is `Unknown`.
    pub fn from_label(value: Option<&str>) -> Self {
        match value {
            Some("production") => Self::Production,
            Some("test" | "staging" | "development") => Self::Test,
            _ => Self::Unknown,
        }
    }

    /// The word on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Unknown => "unlabelled",
            Self::Production => "production",
        }
    }
}
