//! The decision: pure, total, and able to say why.

use std::cmp::Reverse;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Condition, Policy, PolicyDigest, Quorum, Rule, Verdict};
use crate::{Person, Place, RoleName, RuleName};

/// What is asked of the policy.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who asks.
    pub person: &'a Person,
    /// Where.
    pub place: &'a Place,
    /// For which role.
    pub role: &'a RoleName,
}

/// The answer, with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// What policy says.
    pub decision: Decision,
    /// The rule that said so; none where no rule applied.
    pub rule: Option<RuleName>,
    /// The policy that holds the rule.
    pub policy: PolicyDigest,
    /// The longest grant that may be asked for; zero where denied.
    pub longest: Duration,
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
}

impl Denial {
    /// A sentence for the person.
    pub fn words(&self) -> String {
        match self {
            Self::NoRule => "no rule of the policy allows it".to_owned(),
            Self::NoSuchRole => "the policy has no such role".to_owned(),
            Self::Rule(why) => why.clone(),
        }
    }
}

impl Decision {
    /// Whether it can be asked for at all.
    pub fn is_requestable(&self) -> bool {
        !matches!(self, Self::Deny(_))
    }
}

impl Policy {
    /// Decides. A deny wins; then the most specific rule; between equals the stricter one, then
    /// the name: the order in the file never matters.
    pub fn decide(&self, question: Question<'_>) -> Ruling {
        let Some(asked) = self.roles.get(question.role) else {
            return self.denied(None, Denial::NoSuchRole);
        };
        let strongest = self
            .rules
            .iter()
            .filter(|rule| rule.condition.holds(question))
            .min_by_key(|rule| rule.rank(question.place));
        match strongest {
            None => self.denied(None, Denial::NoRule),
            Some(rule) => match &rule.verdict {
                Verdict::Deny(why) => self.denied(Some(rule), Denial::Rule(why.clone())),
                Verdict::Approve => self.allowed(rule, Decision::Approve, asked.longest),
                Verdict::Ask(quorum) => {
                    self.allowed(rule, Decision::Ask(quorum.clone()), asked.longest)
                }
            },
        }
    }

    fn denied(&self, rule: Option<&Rule>, denial: Denial) -> Ruling {
        Ruling {
            decision: Decision::Deny(denial),
            rule: rule.map(|rule| rule.name.clone()),
            policy: self.digest.clone(),
            longest: Duration::ZERO,
        }
    }

    fn allowed(&self, rule: &Rule, decision: Decision, longest: Duration) -> Ruling {
        Ruling {
            decision,
            rule: Some(rule.name.clone()),
            policy: self.digest.clone(),
            longest: rule.longest.map_or(longest, |limit| limit.min(longest)),
        }
    }
}

impl Condition {
    /// Whether every part that is present holds.
    pub fn holds(&self, question: Question<'_>) -> bool {
        let Question { person, place, role } = question;
        let any = |patterns: &[super::NamePattern], name: &str| {
            patterns.iter().any(|pattern| pattern.matches(name))
        };
        self.groups.as_ref().is_none_or(|groups| person.is_in_any(groups))
            && self.roles.as_ref().is_none_or(|roles| roles.contains(role))
            && self.clusters.as_ref().is_none_or(|names| any(names, place.cluster.as_str()))
            && self.namespaces.as_ref().is_none_or(|names| any(names, place.namespace.as_str()))
    }

    /// How narrowly the rule speaks of this place: namespace first, then cluster, then person.
    fn specificity(&self, place: &Place) -> (u8, u8, bool, bool) {
        let narrowest = |patterns: Option<&Vec<super::NamePattern>>, name: &str| {
            patterns
                .into_iter()
                .flatten()
                .filter(|pattern| pattern.matches(name))
                .map(super::NamePattern::specificity)
                .max()
                .unwrap_or(0)
        };
        (
            narrowest(self.namespaces.as_ref(), place.namespace.as_str()),
            narrowest(self.clusters.as_ref(), place.cluster.as_str()),
            self.roles.is_some(),
            self.groups.is_some(),
        )
    }
}

impl Rule {
    /// Smaller is stronger.
    fn rank(&self, place: &Place) -> impl Ord {
        let (denies, strictness) = match &self.verdict {
            Verdict::Deny(_) => (true, u8::MAX),
            Verdict::Ask(quorum) => (false, quorum.count.get()),
            Verdict::Approve => (false, 0),
        };
        (
            !denies,
            Reverse(self.condition.specificity(place)),
            Reverse(strictness),
            self.name.clone(),
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{person, place};

    const POLICY: &str = r"
roles:
  observe: { title: Look, summary: Pods and logs., actions: [view, logs], longest: 8h, guarantee: enforced }
  shell: { title: Shell, summary: A terminal., actions: [view, logs, shell], longest: 2h, guarantee: recorded-only }
rules:
  - { name: anywhere, groups: [oncall], roles: [observe], approve: {} }
  - { name: team-shell, groups: [oncall], roles: [shell], namespaces: [team-*], ask: { count: 1, approvers: [leads] } }
  - { name: team-a-shell, groups: [oncall], roles: [shell], namespaces: [team-a], ask: { count: 2, approvers: [leads] }, longest: 30m }
  - { name: team-a-easy, groups: [oncall], roles: [shell], namespaces: [team-a], approve: {} }
  - { name: system, namespaces: [kube-*], deny: not through here }
";

    fn ruling(policy: &Policy, groups: &[&str], namespace: &str, role: &str) -> Ruling {
        let (person, place) = (person("ana", groups), place(namespace));
        let role = RoleName::parse(role).unwrap();
        policy.decide(Question { person: &person, place: &place, role: &role })
    }

    fn rule(ruling: &Ruling) -> &str {
        ruling.rule.as_ref().map_or("none", RuleName::as_str)
    }

    #[test]
    fn the_most_specific_rule_wins_and_between_equals_the_stricter() {
        let policy = Policy::parse(POLICY).unwrap();
        assert_eq!(rule(&ruling(&policy, &["oncall"], "team-b", "shell")), "team-shell");
        let both = ruling(&policy, &["oncall"], "team-a", "shell");
        assert_eq!(rule(&both), "team-a-shell");
        assert_eq!(both.longest, Duration::from_mins(30));
    }

    #[test]
    fn a_deny_wins_over_everything() {
        let policy = Policy::parse(POLICY).unwrap();
        let ruling = ruling(&policy, &["oncall"], "kube-system", "observe");
        assert_eq!(ruling.decision, Decision::Deny(Denial::Rule("not through here".into())));
    }

    #[test]
    fn what_no_rule_mentions_is_denied() {
        let policy = Policy::parse(POLICY).unwrap();
        for (groups, namespace, role) in
            [(&[][..], "team-a", "shell"), (&["leads"], "team-a", "observe")]
        {
            let ruling = ruling(&policy, groups, namespace, role);
            assert_eq!(ruling.decision, Decision::Deny(Denial::NoRule));
            assert_eq!(ruling.longest, Duration::ZERO);
        }
        let unknown = ruling(&policy, &["oncall"], "team-a", "root");
        assert_eq!(unknown.decision, Decision::Deny(Denial::NoSuchRole));
    }

    proptest! {
        #[test]
        fn the_order_of_the_rules_never_matters(
            order in Just((0..5).collect::<Vec<usize>>()).prop_shuffle(),
            namespace in prop::sample::select(vec!["team-a", "team-b", "kube-system", "other"]),
            role in prop::sample::select(vec!["observe", "shell"]),
        ) {
            let policy = Policy::parse(POLICY).unwrap();
            let mut shuffled = policy.clone();
            shuffled.rules = order.iter().map(|index| policy.rules[*index].clone()).collect();
            prop_assert_eq!(
                ruling(&policy, &["oncall"], namespace, role),
                ruling(&shuffled, &["oncall"], namespace, role)
            );
        }
    }
}
