//! What people can ask for.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Action, CommandName, RoleName};

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
    /// The longest grant of this role, whole seconds, at most 7 days.
    pub longest: Duration,
    /// What can honestly be promised about it.
    pub guarantee: Guarantee,
    /// How much harm it can do, in the eyes of whoever wrote the policy.
    pub risk: Option<RoleRisk>,
    /// What the action `check` runs; empty without it.
    pub commands: BTreeMap<CommandName, ListedCommand>,
}

/// A command that can be run without a shell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedCommand {
    /// What people read, e.g. "Disk space".
    pub title: String,
    /// The program and its arguments, exactly; no shell reads them.
    pub run: Vec<String>,
}

/// How much harm a role can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleRisk {
    /// It reads what is no secret.
    Low,
    /// It may read secrets, or disturb.
    Medium,
    /// It changes what runs.
    High,
}

impl RoleRisk {
    /// The word on pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
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
    /// The API server refuses whatever the role does not list; no action of it runs a program.
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
