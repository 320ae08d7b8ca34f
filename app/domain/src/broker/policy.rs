//! What the pages about the policy show.

use jiff::Timestamp;

use super::Record;
use crate::policy::{Commit, Holding, PolicyDigest, Ruling};
use crate::{GroupName, Namespace, PersonKey, RoleName, RuleName, Username};

/// The policy in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyView {
    /// Its digest.
    pub digest: PolicyDigest,
    /// The commit that it stands in, where it stands in one.
    pub commit: Option<Commit>,
    /// Its rules, in the order of the file; none for those who neither operate nor audit the portal.
    pub rules: Option<Vec<RuleRow>>,
    /// Its roles, to choose from in the simulator.
    pub roles: Vec<RoleName>,
}

/// A rule, and what it did of late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    /// Its name.
    pub name: RuleName,
    /// When it applies, part by part: `groups` and `oncall`.
    pub condition: Vec<(&'static str, String)>,
    /// What it says.
    pub verdict: String,
    /// What it decided in the last 30 days, by what became of it.
    pub decided: Record,
}

/// A question to the simulator, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Simulation {
    /// Whose groups count; the person who asks, where it is empty.
    pub username: String,
    /// The groups, separated by commas or spaces. Where it is empty: those of the person who asks,
    /// or those that the named person had when they last asked for something.
    pub groups: String,
    /// Cluster; the only one, where there is one.
    pub cluster: String,
    /// Namespace.
    pub namespace: String,
    /// Role; one of the policy's.
    pub role: String,
    /// When, as `2026-11-27T18:00` in the policy's time zone; now, where it is empty.
    pub at: String,
    /// How long; nothing that depends on it is decided where it is empty.
    pub length: String,
    /// Whether the glass is broken.
    pub break_glass: bool,
}

/// What the simulator found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulated {
    /// Whose question it was.
    pub username: Username,
    /// The provider's name for them; none where the question was about somebody else.
    pub account: Option<PersonKey>,
    /// The groups that counted.
    pub groups: Vec<GroupName>,
    /// Why there are none, where the provider's claim was unusable.
    pub groups_missing: Option<String>,
    /// What they hold, as it counted.
    pub holds: Vec<Holding>,
    /// Where.
    pub namespace: Namespace,
    /// Whether the namespace is there; whether one is that they may not ask for is not told.
    pub known: bool,
    /// The labels of the namespace that counted.
    pub labels: Vec<(String, String)>,
    /// When.
    pub at: Timestamp,
    /// The decision.
    pub ruling: Ruling,
    /// Each rule, and why it applied or not.
    pub rules: Vec<Judged>,
}

/// One rule, as it was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The rule.
    pub name: RuleName,
    /// What it says.
    pub verdict: String,
    /// Why it applies or not.
    pub why: String,
    /// Whether it applies.
    pub applies: bool,
    /// Whether it is the one that decided.
    pub decides: bool,
}
