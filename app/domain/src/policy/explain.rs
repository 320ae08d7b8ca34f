//! Why a decision is as it is: what was found of each rule.

use std::collections::BTreeSet;

use super::{Applies, Condition, Part, Policy, Question, Quorum, Rule, Verdict};
use crate::{GroupName, duration};

/// A rule, and whether it applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Considered<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Whether it applies.
    pub applies: Applies,
}

impl Policy {
    /// What was found of each rule, in the order of the file.
    pub fn explain(&self, question: &Question<'_>) -> Vec<Considered<'_>> {
        let setting = self.setting(question.role);
        let considered = |rule| Considered { rule, applies: rule.applies(question, setting) };
        self.rules.iter().map(considered).collect()
    }
}

impl Considered<'_> {
    /// Why it applies or not, as half a sentence.
    pub fn words(&self) -> String {
        let condition = &self.rule.condition;
        match &self.applies {
            Applies::Yes => "applies".to_owned(),
            Applies::Perhaps => {
                format!("may apply, depending on what is typed: {}", shown(condition.when.as_ref()))
            }
            Applies::Unjudged(why) => format!("cannot be judged, and so denies: {why}"),
            Applies::No(Part::Urgency) => match self.rule.verdict {
                Verdict::BreakGlass(_) => "is for those who break the glass".to_owned(),
                _ => "is not for those who break the glass".to_owned(),
            },
            Applies::No(Part::Groups) => {
                format!("is for members of {}", listed(condition.groups.iter().flatten()))
            }
            Applies::No(Part::Roles) => {
                format!("is about {}", listed(condition.roles.iter().flatten()))
            }
            Applies::No(Part::Clusters) => {
                format!("is for clusters {}", listed(condition.clusters.iter().flatten()))
            }
            Applies::No(Part::Namespaces) => {
                format!("is for namespaces {}", listed(condition.namespaces.iter().flatten()))
            }
            Applies::No(Part::Labels) => {
                let labels = condition.labels.iter().flatten();
                let labels = labels.map(|(key, value)| format!("{key}={value}"));
                format!("is for namespaces labelled {}", listed(labels))
            }
            Applies::No(Part::When) => {
                format!("does not hold: {}", shown(condition.when.as_ref()))
            }
        }
    }
}

impl Condition {
    /// Its parts, each with its name in the file.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let labels = self
            .labels
            .as_ref()
            .map(|labels| listed(labels.iter().map(|(key, value)| format!("{key}={value}"))));
        [
            ("groups", self.groups.as_ref().map(listed)),
            ("roles", self.roles.as_ref().map(listed)),
            ("clusters", self.clusters.as_ref().map(listed)),
            ("namespaces", self.namespaces.as_ref().map(listed)),
            ("labels", labels),
            ("when", self.when.as_ref().map(ToString::to_string)),
        ]
        .into_iter()
        .filter_map(|(part, words)| Some((part, words?)))
        .collect()
    }
}

impl Verdict {
    /// What it says, as half a sentence.
    pub fn words(&self) -> String {
        match self {
            Self::Approve => "granted at once".to_owned(),
            Self::Deny(why) => format!("denied: {why}"),
            Self::BreakGlass(reviewers) => {
                format!("granted at once with broken glass, reviewed by {}", listed(reviewers))
            }
            Self::Ask(quorum) => format!("asks {}", quorum.words()),
        }
    }
}

impl Quorum {
    /// Who decides: `1 of payments-leads`, `2 of leads or platform from 2 groups`.
    pub fn words(&self) -> String {
        let or = |groups: &BTreeSet<GroupName>| {
            groups.iter().map(GroupName::as_str).collect::<Vec<_>>().join(" or ")
        };
        let first = format!("{} of {}", self.count, or(&self.approvers));
        let from = (self.from.get() > 1).then(|| format!(" from {} groups", self.from));
        let later = self.later.iter().map(|step| {
            format!(", after {} also {}", duration::words(step.after), or(&step.approvers))
        });
        [first].into_iter().chain(from).chain(later).collect()
    }
}

fn listed<T: ToString>(things: impl IntoIterator<Item = T>) -> String {
    things.into_iter().map(|thing| thing.to_string()).collect::<Vec<_>>().join(", ")
}

fn shown(expression: Option<&super::Expression>) -> String {
    expression.map(ToString::to_string).unwrap_or_default()
}
