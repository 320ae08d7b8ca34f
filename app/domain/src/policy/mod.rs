//! The reviewed file that says who may ask for what, and who decides.
//!
//! A policy is read once, by [`Policy::parse`], into types that cannot hold a dangling name; from
//! then on [`Policy::decide`] is a pure and total function, and [`Policy::explain`] says of each
//! rule why it applied or not. To add a condition, add it to [`Condition`], to the file in `parse/`
//! and to `schema.json`.

mod aliases;
mod decide;
mod explain;
mod expression;
mod parse;
mod pattern;
mod question;
mod quorum;
mod role;
mod rule;
mod terms;
mod text_pattern;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub use aliases::{Account, Aliases};
pub use decide::{Decision, Denial, Personal, Ruling};
pub use explain::Considered;
pub use expression::Expression;
pub use parse::PolicyFile;
pub use pattern::NamePattern;
pub use question::{Asked, Asker, Circumstances, Holding, Labels, Question, Urgency};
pub use quorum::{Escalation, Quorum};
pub use role::{Guarantee, ListedCommand, Role, RoleRisk};
pub use rule::{Applies, Condition, Part, Rule, Verdict};
pub use terms::{GrantClock, ReasonRule, Terms, TicketRule};
pub use text_pattern::TextPattern;

use crate::{Action, GroupName, Person, RoleName};
use question::Setting;

/// The JSON Schema of the policy file, for editors.
pub const SCHEMA: &str = include_str!("schema.json");

/// SHA-256 of the policy's text, in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PolicyDigest(pub Arc<str>);

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

/// The git commit that a policy stands in, in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Commit(pub Arc<str>);

impl Commit {
    /// The first twelve characters, as git shows them in large repositories.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

/// A whole policy, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    digest: PolicyDigest,
    commit: Option<Commit>,
    roles: BTreeMap<RoleName, Role>,
    rules: Vec<Rule>,
    /// Where no rule applies: what people are told before they choose.
    terms: Terms,
    limits: Limits,
    aliases: Aliases,
    auditors: BTreeSet<GroupName>,
    operators: BTreeSet<GroupName>,
    /// The clock that conditions look at.
    zone: TimeZone,
    grace: Duration,
    /// Of the roles that have one of their own.
    graces: BTreeMap<RoleName, Duration>,
}

/// How much one person may have at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests that wait.
    pub open_requests: u16,
    /// Grants in force.
    pub active_grants: u16,
}

impl Default for Limits {
    /// More than this is a mistake, or a flood.
    fn default() -> Self {
        Self { open_requests: 20, active_grants: 50 }
    }
}

impl Policy {
    /// The digest of the text it was read from.
    pub fn digest(&self) -> &PolicyDigest {
        &self.digest
    }

    /// The commit that its text stands in, where it stands in one.
    pub fn commit(&self) -> Option<&Commit> {
        self.commit.as_ref()
    }

    /// The same policy, as it stands in a commit.
    #[must_use]
    pub fn in_commit(self, commit: Option<Commit>) -> Self {
        Self { commit, ..self }
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

    /// Whether some rule's condition may look at the ticket of a request.
    pub fn may_look_at_tickets(&self) -> bool {
        let conditions = self.rules.iter().filter_map(|rule| rule.condition.when.as_ref());
        conditions.into_iter().any(Expression::may_look_at_ticket)
    }

    /// How much one person may have at once.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Accounts that belong to one person.
    pub fn aliases(&self) -> &Aliases {
        &self.aliases
    }

    /// The IANA name of the policy's time zone, `UTC` where it has none.
    pub fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The instant that a clock in the policy's time zone shows as `2026-11-27T18:00`.
    ///
    /// # Errors
    /// A sentence for the person who typed it.
    pub fn instant(&self, text: &str) -> Result<Timestamp, String> {
        let shown: Option<DateTime> = text.trim().parse().ok();
        shown
            .and_then(|shown| shown.to_zoned(self.zone.clone()).ok())
            .map(|zoned| zoned.timestamp())
            .ok_or_else(|| "A date and a time such as 2026-11-27T18:00.".to_owned())
    }

    /// What it adds to a question about a role.
    fn setting(&self, role: &RoleName) -> Setting<'_> {
        static NONE: BTreeSet<Action> = BTreeSet::new();
        let actions = self.roles.get(role).map_or(&NONE, |role| &role.actions);
        Setting { zone: &self.zone, actions }
    }

    /// What a clock in the policy's time zone shows at an instant, as [`Policy::instant`] reads it.
    pub fn clock(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// How long a session of a role may be without a terminal that types.
    pub fn grace(&self, role: &RoleName) -> Duration {
        self.graces.get(role).copied().unwrap_or(self.grace)
    }

    /// Whether the person is an auditor.
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

    /// Whether the person looks after what others do: auditors and operators.
    pub fn oversees(&self, person: &Person) -> bool {
        self.is_auditor(person) || self.is_operator(person)
    }
}
