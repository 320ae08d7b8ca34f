//! How much of a namespace a request is for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::name::is_subdomain;
use crate::{BadName, PodName};

/// How much of a namespace a request is for; as text empty, `Deployment/web` or `Pod/web-1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scope {
    /// Every pod.
    #[default]
    Namespace,
    /// The pods of one workload, those to come too.
    Workload(Workload),
    /// One pod.
    Pod(PodName),
}

/// What owns a pod: the `Deployment` behind a `ReplicaSet`, not the latter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Workload {
    /// `Deployment`, `StatefulSet`, `DaemonSet`, `Job`, or `Pod` where nothing owns it.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// The kind that stands before the name of a pod.
const POD: &str = "Pod";

impl Scope {
    /// Whether a pod is within it.
    pub fn covers(&self, pod: &PodName, workload: &Workload) -> bool {
        match self {
            Self::Namespace => true,
            Self::Workload(only) => only == workload,
            Self::Pod(only) => only == pod,
        }
    }

    /// What people read: "every pod", "Deployment web", "pod web-1".
    pub fn words(&self) -> String {
        match self {
            Self::Namespace => "every pod".to_owned(),
            Self::Workload(Workload { kind, name }) => format!("{kind} {name}"),
            Self::Pod(name) => format!("pod {name}"),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace => Ok(()),
            Self::Workload(Workload { kind, name }) => write!(out, "{kind}/{name}"),
            Self::Pod(name) => write!(out, "{POD}/{name}"),
        }
    }
}

impl FromStr for Scope {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let bad = || BadName {
            kind: "workload or pod",
            rule: "a kind and a name, such as Deployment/web",
            value: text.chars().take(80).collect(),
        };
        if text.is_empty() {
            return Ok(Self::Namespace);
        }
        let (kind, name) = text.split_once('/').ok_or_else(bad)?;
        if kind == POD {
            return PodName::parse(name).map(Self::Pod);
        }
        let is_kind =
            (1..=63).contains(&kind.len()) && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_kind && is_subdomain(name) {
            let (kind, name) = (kind.to_owned(), name.to_owned());
            Ok(Self::Workload(Workload { kind, name }))
        } else {
            Err(bad())
        }
    }
}

impl TryFrom<String> for Scope {
    type Error = BadName;
    fn try_from(text: String) -> Result<Self, BadName> {
        text.parse()
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n_01_a_scope_is_read_as_it_is_written_and_nothing_else_is_one() {
        for text in ["", "Deployment/web", "StatefulSet/db.main", "Pod/web-7d9f8c-x2k"] {
            assert_eq!(text.parse::<Scope>().unwrap().to_string(), text);
        }
        for text in
            ["web", "/web", "Deployment/", "Pod/", "Pod/a..b", "De ploy/web", "Pod/A", "a/b/c"]
        {
            assert!(text.parse::<Scope>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_scope_covers_its_own_pods_alone() {
        let workload = |name: &str| Workload { kind: "Deployment".into(), name: name.into() };
        let (web, api) = (PodName::parse("web-1").unwrap(), PodName::parse("api-1").unwrap());
        let covers = |scope: &str| {
            let scope: Scope = scope.parse().unwrap();
            (scope.covers(&web, &workload("web")), scope.covers(&api, &workload("api")))
        };
        assert_eq!(covers(""), (true, true));
        assert_eq!(covers("Deployment/web"), (true, false));
        assert_eq!(covers("StatefulSet/web"), (false, false));
        assert_eq!(covers("Pod/web-1"), (true, false));
    }
}
