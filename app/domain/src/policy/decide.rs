//! The decision: pure, total, and able to say why.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::question::Setting;
use super::{
    Applies, Asker, Commit, Labels, Policy, PolicyDigest, Question, Quorum, Rule, Terms, Urgency,
    Verdict,
};
use crate::{GroupName, Place, RoleName, RuleName};

/// The answer, with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// What policy says.
    pub decision: Decision,
    /// The rule that said so; none where no rule applied.
    pub rule: Option<RuleName>,
    /// The policy that holds the rule.
    pub policy: PolicyDigest,
    /// The commit that the policy stands in, where it stands in one.
    #[serde(default)]
    pub commit: Option<Commit>,
    /// The longest grant that may be asked for; zero where denied.
    pub longest: Duration,
    /// What comes with it.
    #[serde(default)]
    pub terms: Terms,
    /// It may be another one once length, reason and ticket are known.
    #[serde(default)]
    pub preliminary: bool,
}

/// What policy says of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Granted at once.
    Approve,
    /// Other people decide.
    Ask(Quorum),
    /// Not to be had.
    Deny(Denial),
    /// Granted at once because the glass was broken.
    BreakGlass {
        /// One of these groups reviews it after.
        reviewers: BTreeSet<GroupName>,
        /// These would have been asked otherwise, and are told.
        skipped: BTreeSet<GroupName>,
    },
}

/// Why something is not to be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Denial {
    /// No rule speaks of this person, role and place.
    NoRule,
    /// The policy has no such role.
    NoSuchRole,
    /// A rule denies it, in its own words.
    Rule(String),
    /// The condition of a rule could not be judged, for this reason: nobody knows what it would
    /// have said.
    Unjudged(String),
}

impl Denial {
    /// A sentence for the person.
    pub fn words(&self) -> String {
        match self {
            Self::NoRule => "no rule of the policy allows it".to_owned(),
            Self::NoSuchRole => "the policy has no such role".to_owned(),
            Self::Rule(why) => why.clone(),
            Self::Unjudged(why) => format!("a rule of the policy cannot be judged: {why}"),
        }
    }
}

impl Decision {
    /// The word of the audit log.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Ask(_) => "ask",
            Self::Deny(_) => "deny",
            Self::BreakGlass { .. } => "break-glass",
        }
    }

    /// The groups that have a say in it, now, later, or after.
    pub fn concerned(&self) -> Vec<&GroupName> {
        match self {
            Self::Ask(quorum) => quorum.all_approvers().collect(),
            Self::BreakGlass { reviewers, skipped } => reviewers.iter().chain(skipped).collect(),
            Self::Approve | Self::Deny(_) => Vec::new(),
        }
    }

    /// Whether it can be asked for at all.
    pub fn is_requestable(&self) -> bool {
        !matches!(self, Self::Deny(_))
    }
}

/// The rules that may speak of one person at one instant, by role: what to look through for many
/// places at once.
#[derive(Debug)]
pub struct Personal<'a> {
    policy: &'a Policy,
    asker: Asker<'a>,
    rules: BTreeMap<&'a RoleName, Vec<&'a Rule>>,
}

impl Policy {
    /// Decides. A deny wins, and so does a rule that cannot be judged; then the most specific rule;
    /// between equals the stricter one, then the name.
    pub fn decide(&self, question: &Question<'_>) -> Ruling {
        self.settle(self.rules.iter(), question)
    }

    /// The rules that may speak of this person.
    pub fn personal<'a>(&'a self, asker: Asker<'a>) -> Personal<'a> {
        let groups = &asker.person.groups;
        let spoken = |role: &'a RoleName| {
            let rules = self
                .rules
                .iter()
                .filter(|rule| rule.condition.is_for(groups) && rule.condition.is_about(role));
            (role, rules.collect())
        };
        let rules = self.roles.keys().map(spoken).collect();
        Personal { policy: self, asker, rules }
    }

    fn settle<'a>(
        &'a self,
        rules: impl Iterator<Item = &'a Rule>,
        question: &Question<'_>,
    ) -> Ruling {
        let Some(role) = self.roles.get(question.role) else {
            return self.denied(None, Denial::NoSuchRole);
        };
        let setting = Setting { zone: &self.zone, actions: &role.actions };
        let mut strongest: Option<&Rule> = None;
        let mut unjudged: Option<(&Rule, String)> = None;
        let mut preliminary = false;
        for rule in rules {
            match rule.applies(question, setting) {
                Applies::No(_) => continue,
                Applies::Unjudged(why) => {
                    if unjudged.as_ref().is_none_or(|(first, _)| rule.name < first.name) {
                        unjudged = Some((rule, why));
                    }
                    continue;
                }
                Applies::Perhaps => {
                    preliminary = true;
                    // A deny that may not apply is no answer yet.
                    if matches!(rule.verdict, Verdict::Deny(_)) {
                        continue;
                    }
                }
                Applies::Yes => {}
            }
            if strongest.is_none_or(|other| rule.rank(question.place) < other.rank(question.place))
            {
                strongest = Some(rule);
            }
        }
        let denies = strongest.is_some_and(|rule| matches!(rule.verdict, Verdict::Deny(_)));
        if let Some((rule, why)) = unjudged.filter(|_| !denies) {
            return self.denied(Some(rule), Denial::Unjudged(why));
        }
        let Some(rule) = strongest else { return self.denied(None, Denial::NoRule) };
        let decision = match &rule.verdict {
            Verdict::Deny(why) => return self.denied(Some(rule), Denial::Rule(why.clone())),
            Verdict::Approve => Decision::Approve,
            Verdict::Ask(quorum) => Decision::Ask(quorum.clone()),
            Verdict::BreakGlass(reviewers) => Decision::BreakGlass {
                reviewers: reviewers.clone(),
                skipped: self.skipped(question),
            },
        };
        Ruling {
            decision,
            rule: Some(rule.name.clone()),
            policy: self.digest.clone(),
            commit: self.commit.clone(),
            longest: rule.longest.map_or(role.longest, |limit| limit.min(role.longest)),
            terms: rule.terms.clone(),
            preliminary,
        }
    }

    /// Whom the usual way would have asked.
    fn skipped(&self, question: &Question<'_>) -> BTreeSet<GroupName> {
        let usual = Question { urgency: Urgency::Usual, ..*question };
        match self.decide(&usual).decision {
            Decision::Ask(quorum) => quorum.all_approvers().cloned().collect(),
            _ => BTreeSet::new(),
        }
    }

    fn denied(&self, rule: Option<&Rule>, denial: Denial) -> Ruling {
        Ruling {
            decision: Decision::Deny(denial),
            rule: rule.map(|rule| rule.name.clone()),
            policy: self.digest.clone(),
            commit: self.commit.clone(),
            longest: Duration::ZERO,
            terms: Terms::default(),
            preliminary: false,
        }
    }
}

impl Personal<'_> {
    /// Whether any rule lets this person break the glass for a role, somewhere.
    pub fn may_break_glass(&self, role: &RoleName) -> bool {
        let rules = self.rules.get(role).into_iter().flatten();
        rules.into_iter().any(|rule| matches!(rule.verdict, Verdict::BreakGlass(_)))
    }

    /// What would be decided on a role in a place, as far as that is known before anything is
    /// typed.
    pub fn decide(
        &self,
        place: &Place,
        labels: &Labels,
        role: &RoleName,
        urgency: Urgency,
    ) -> Ruling {
        let question = Question { asker: self.asker, place, labels, role, urgency, asked: None };
        let rules = self.rules.get(role).into_iter().flatten().copied();
        self.policy.settle(rules, &question)
    }
}

#[cfg(test)]
mod tests;
