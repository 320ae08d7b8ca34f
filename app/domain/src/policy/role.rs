//! What people can ask for.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Action, RoleName};

/// A named set of actions that people can ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The name in the policy; part of the Kubernetes group `jit:<role>:<namespace>`.
    pub name: RoleName,
    /// What people read, e.g. "Look and logs".
    pub title: String,
    /// One sentence for the person who chooses.
    pub summary: String,
    /// What the role allows.
    pub actions: BTreeSet<Action>,
    /// The longest grant of this role, whole minutes.
    pub longest: Duration,
    /// What can honestly be promised about it.
    pub guarantee: Guarantee,
}

impl Role {
    /// The most powerful of its actions: roles are listed from the least powerful.
    pub fn power(&self) -> Option<Action> {
        self.actions.last().copied()
    }
}

/// What a role's limits are worth once it is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guarantee {
    /// The API server refuses whatever the role does not list.
    Enforced,
    /// What happens inside the container is recorded, and cannot be limited.
    RecordedOnly,
}

impl Guarantee {
    /// The words on pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::RecordedOnly => "recorded only",
        }
    }
}
