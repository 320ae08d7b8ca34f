//! When a rule applies, and what it says then.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use super::expression::Said;
use super::question::Setting;
use super::{Expression, Labels, NamePattern, Question, Quorum, Terms, Urgency};
use crate::{GroupName, Place, RoleName, RuleName};

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
    /// What comes with it.
    pub terms: Terms,
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
    /// The namespace has all of these labels.
    pub labels: Option<Labels>,
    /// Whatever else must be true.
    pub when: Option<Expression>,
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
    /// Granted at once to whoever breaks the glass, and reviewed by one of these groups after.
    BreakGlass(BTreeSet<GroupName>),
}

/// Whether a rule applies to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applies {
    /// It does.
    Yes,
    /// That depends on what will be typed.
    Perhaps,
    /// It does not, because of this part of its condition.
    No(Part),
    /// Its expression could not be judged, for this reason.
    Unjudged(String),
}

/// A part of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It speaks of the other urgency.
    Urgency,
    /// The person's groups.
    Groups,
    /// The role.
    Roles,
    /// The cluster.
    Clusters,
    /// The namespace's name.
    Namespaces,
    /// The namespace's labels.
    Labels,
    /// The expression.
    When,
}

impl Condition {
    /// Whether the rule may ever speak of people in these groups.
    pub(super) fn is_for(&self, groups: &BTreeSet<GroupName>) -> bool {
        self.groups.as_ref().is_none_or(|named| !named.is_disjoint(groups))
    }

    /// Whether the rule may ever speak of this role.
    pub(super) fn is_about(&self, role: &RoleName) -> bool {
        self.roles.as_ref().is_none_or(|roles| roles.contains(role))
    }

    /// Judges every part, the cheap ones first.
    fn judge(&self, question: &Question<'_>, setting: Setting<'_>) -> Applies {
        let any = |patterns: &Option<Vec<NamePattern>>, name: &str| {
            patterns.as_ref().is_none_or(|list| list.iter().any(|pattern| pattern.matches(name)))
        };
        if !self.is_about(question.role) {
            Applies::No(Part::Roles)
        } else if !any(&self.namespaces, question.place.namespace.as_str()) {
            Applies::No(Part::Namespaces)
        } else if !any(&self.clusters, question.place.cluster.as_str()) {
            Applies::No(Part::Clusters)
        } else if !self.is_for(&question.asker.person.groups) {
            Applies::No(Part::Groups)
        } else if !self.has_labels(question.labels) {
            Applies::No(Part::Labels)
        } else {
            match self.when.as_ref().map(|when| when.judge(question, setting)) {
                None | Some(Said::Holds(true)) => Applies::Yes,
                Some(Said::Holds(false)) => Applies::No(Part::When),
                Some(Said::Depends) => Applies::Perhaps,
                Some(Said::Failed(why)) => Applies::Unjudged(why),
            }
        }
    }

    fn has_labels(&self, found: &Labels) -> bool {
        self.labels
            .as_ref()
            .is_none_or(|wanted| wanted.iter().all(|(key, value)| found.get(key) == Some(value)))
    }

    /// How narrowly the rule speaks of this place: namespace first, then its labels, the cluster,
    /// the role, the person, and whatever else.
    fn specificity(&self, place: &Place) -> (u8, usize, u8, bool, bool, bool) {
        let narrowest = |patterns: Option<&Vec<NamePattern>>, name: &str| {
            patterns
                .into_iter()
                .flatten()
                .filter(|pattern| pattern.matches(name))
                .map(NamePattern::specificity)
                .max()
                .unwrap_or(0)
        };
        (
            narrowest(self.namespaces.as_ref(), place.namespace.as_str()),
            self.labels.as_ref().map_or(0, Labels::len),
            narrowest(self.clusters.as_ref(), place.cluster.as_str()),
            self.roles.is_some(),
            self.groups.is_some(),
            self.when.is_some(),
        )
    }
}

impl Rule {
    /// Whether it applies to a question.
    pub(super) fn applies(&self, question: &Question<'_>, setting: Setting<'_>) -> Applies {
        if self.verdict.is_heard(question.urgency) {
            self.condition.judge(question, setting)
        } else {
            Applies::No(Part::Urgency)
        }
    }

    /// Smaller is stronger: a deny, then the most specific, then the stricter, then the name, so
    /// that the order of the file never matters.
    pub(super) fn rank(&self, place: &Place) -> impl Ord + use<'_> {
        let (denies, strictness) = match &self.verdict {
            Verdict::Deny(_) => (true, u8::MAX),
            Verdict::Ask(quorum) => (false, quorum.count.get()),
            Verdict::Approve | Verdict::BreakGlass(_) => (false, 0),
        };
        (!denies, Reverse(self.condition.specificity(place)), Reverse(strictness), &self.name)
    }
}

impl Verdict {
    /// A denial is always heard; breaking the glass asks nobody.
    fn is_heard(&self, urgency: Urgency) -> bool {
        match self {
            Self::Deny(_) => true,
            Self::Approve | Self::Ask(_) => urgency == Urgency::Usual,
            Self::BreakGlass(_) => urgency == Urgency::BreakGlass,
        }
    }

    /// The word that the policy file uses.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Ask(_) => "ask",
            Self::Deny(_) => "deny",
            Self::BreakGlass(_) => "break_glass",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Urgency => "break_glass",
            Self::Groups => "groups",
            Self::Roles => "roles",
            Self::Clusters => "clusters",
            Self::Namespaces => "namespaces",
            Self::Labels => "labels",
            Self::When => "when",
        })
    }
}
