//! What is asked of the policy.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{Action, Person, Place, RoleName, Scope};

/// The labels of a namespace.
pub type Labels = BTreeMap<String, String>;

/// Who asks, and when: the same for every place and role.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// Who asks.
    pub person: &'a Person,
    /// The instant that counts as now.
    pub at: Timestamp,
    /// What the person holds at that instant.
    pub holds: &'a [Holding],
}

/// A role that somebody holds somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Where.
    pub place: Place,
    /// What.
    pub role: RoleName,
}

/// What policy looked at that changes without anybody's asking, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Circumstances {
    /// The labels of the namespace.
    pub labels: Labels,
    /// What the person held.
    pub holds: Vec<Holding>,
}

/// What is asked of the policy.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who asks, and when.
    pub asker: Asker<'a>,
    /// Where.
    pub place: &'a Place,
    /// The labels of the namespace.
    pub labels: &'a Labels,
    /// For which role.
    pub role: &'a RoleName,
    /// Whether others decide before, or are told after.
    pub urgency: Urgency,
    /// What was typed; none while it is only looked what could be asked for.
    pub asked: Option<Asked<'a>>,
}

/// What the policy itself adds to a question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    /// The policy's time zone.
    pub(super) zone: &'a TimeZone,
    /// What the role allows.
    pub(super) actions: &'a BTreeSet<Action>,
}

/// What a person typed into a request.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// How much of the namespace.
    pub scope: &'a Scope,
    /// How long.
    pub length: Duration,
    /// Why.
    pub reason: &'a str,
    /// The ticket; empty where there is none.
    pub ticket: &'a str,
}

/// Whether others decide before, or are told after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Urgency {
    /// The usual way.
    #[default]
    Usual,
    /// The glass is broken: nobody is asked, everybody is told, somebody else reviews it.
    BreakGlass,
}
