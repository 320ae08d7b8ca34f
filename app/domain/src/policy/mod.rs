//! The reviewed file that says who may ask for what, and who decides.
//!
//! A policy is read once, by [`Policy::parse`], into types that cannot hold a dangling name; from
//! then on [`Policy::decide`] is a pure and total function. To add a condition, add it to
//! [`Condition`], to the document in `parse.rs`, and to [`Condition::holds`].

mod decide;
mod parse;
mod pattern;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::NonZeroU8;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use decide::{Decision, Denial, Question, Ruling};
pub use pattern::NamePattern;

use crate::{Action, GroupName, Person, RoleName, RuleName};

/// SHA-256 of the policy's text, in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PolicyDigest(pub String);

impl PolicyDigest {
    /// The first seven characters: enough for people to tell two policies apart.
    pub fn short(&self) -> &str {
        self.0.get(..7).unwrap_or(&self.0)
    }
}

impl fmt::Display for PolicyDigest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A whole policy, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    digest: PolicyDigest,
    roles: BTreeMap<RoleName, Role>,
    rules: Vec<Rule>,
    reason: ReasonRule,
    auditors: BTreeSet<GroupName>,
    operators: BTreeSet<GroupName>,
    lapse_after: Duration,
    grace: Duration,
    /// Of the roles that have one of their own.
    graces: BTreeMap<RoleName, Duration>,
}

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

/// What a reason must look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonRule {
    /// Fewest characters, after trimming; 1 to 200.
    pub at_least: u16,
}

/// One rule: when its condition holds, its verdict counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Unique in the policy.
    pub name: RuleName,
    /// When the rule applies.
    pub condition: Condition,
    /// What it says.
    pub verdict: Verdict,
    /// The longest grant under this rule; the role's own limit where it is shorter.
    pub longest: Option<Duration>,
}

/// When a rule applies; every part that is present must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition {
    /// The person is in one of these groups.
    pub groups: Option<BTreeSet<GroupName>>,
    /// The role is one of these.
    pub roles: Option<BTreeSet<RoleName>>,
    /// The cluster's name matches one of these.
    pub clusters: Option<Vec<NamePattern>>,
    /// The namespace's name matches one of these.
    pub namespaces: Option<Vec<NamePattern>>,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Granted at once.
    Approve,
    /// Other people decide.
    Ask(Quorum),
    /// Never, with the reason in words.
    Deny(String),
}

/// How many people of which groups must approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quorum {
    /// Distinct people, 1 to 255.
    pub count: NonZeroU8,
    /// An approver is in at least one of these groups.
    pub approvers: BTreeSet<GroupName>,
}

impl Policy {
    /// The digest of the text it was read from.
    pub fn digest(&self) -> &PolicyDigest {
        &self.digest
    }

    /// The role of this name.
    pub fn role(&self, name: &RoleName) -> Option<&Role> {
        self.roles.get(name)
    }

    /// Every role, by name.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    /// Every rule, in the order of the file, which decides nothing.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What a reason must look like.
    pub fn reason(&self) -> &ReasonRule {
        &self.reason
    }

    /// How long a request waits before it lapses.
    pub fn lapse_after(&self) -> Duration {
        self.lapse_after
    }

    /// How long a session of a role may be without a terminal that types.
    pub fn grace(&self, role: &RoleName) -> Duration {
        self.graces.get(role).copied().unwrap_or(self.grace)
    }

    /// Whether the person may read the audit log and every recording.
    pub fn is_auditor(&self, person: &Person) -> bool {
        person.is_in_any(&self.auditors)
    }

    /// The groups that run the portal.
    pub fn operators(&self) -> impl Iterator<Item = &GroupName> {
        self.operators.iter()
    }

    /// Whether the person runs the portal.
    pub fn is_operator(&self, person: &Person) -> bool {
        person.is_in_any(&self.operators)
    }
}
