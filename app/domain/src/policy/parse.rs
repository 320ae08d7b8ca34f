//! From YAML to types: every error names the line and the field.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;
use std::time::Duration;

use serde::Deserialize;
use serde_saphyr::Spanned;
use sha2::{Digest, Sha256};

use super::{
    Condition, Guarantee, NamePattern, Policy, PolicyDigest, Quorum, ReasonRule, Role, Rule,
    Verdict,
};
use crate::document::{self, Mistake};
use crate::{Action, GroupName, RoleName, RuleName, duration};

/// The longest any role may allow.
const LONGEST: Duration = Duration::from_hours(7 * 24);
/// How long a session may be without a terminal, where the policy does not say.
const GRACE: Duration = Duration::from_mins(1);
/// A policy larger than this is not a reviewed file.
const LARGEST_TEXT: usize = 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    roles: BTreeMap<RoleName, RoleDocument>,
    rules: Vec<RuleDocument>,
    #[serde(default)]
    reason: ReasonDocument,
    #[serde(default)]
    auditors: BTreeSet<GroupName>,
    #[serde(default)]
    operators: BTreeSet<GroupName>,
    lapse_after: Option<Spanned<String>>,
    grace: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleDocument {
    title: Spanned<String>,
    summary: Spanned<String>,
    actions: BTreeSet<Action>,
    longest: Spanned<String>,
    guarantee: Guarantee,
    grace: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleDocument {
    name: Spanned<RuleName>,
    groups: Option<Spanned<BTreeSet<GroupName>>>,
    roles: Option<Spanned<BTreeSet<RoleName>>>,
    clusters: Option<Spanned<Vec<NamePattern>>>,
    namespaces: Option<Spanned<Vec<NamePattern>>>,
    longest: Option<Spanned<String>>,
    approve: Option<Empty>,
    ask: Option<AskDocument>,
    deny: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskDocument {
    #[serde(default = "one")]
    count: NonZeroU8,
    approvers: Spanned<BTreeSet<GroupName>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReasonDocument {
    at_least: Spanned<u16>,
}

impl Default for ReasonDocument {
    fn default() -> Self {
        Self {
            at_least: Spanned::new(
                1,
                serde_saphyr::Location::UNKNOWN,
                serde_saphyr::Location::UNKNOWN,
            ),
        }
    }
}

fn one() -> NonZeroU8 {
    NonZeroU8::MIN
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// When the text is not YAML of the expected shape, or when it is and makes no sense.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        if text.len() > LARGEST_TEXT {
            return Err(Mistake::new(1, "policy", "is larger than 1 MiB"));
        }
        let document: Document = document::read(text)?;
        let (mut roles, mut graces) = (BTreeMap::new(), BTreeMap::new());
        for (name, role) in document.roles {
            if let Some(grace) = &role.grace {
                graces.insert(name.clone(), span(grace, &format!("roles.{name}.grace"))?);
            }
            roles.insert(name.clone(), role.into_role(name)?);
        }
        let mut rules = Vec::with_capacity(document.rules.len());
        let mut names = BTreeSet::new();
        for rule in document.rules {
            if !names.insert(rule.name.value.clone()) {
                return Err(Mistake::at(&rule.name, "rules.name", "two rules have this name"));
            }
            rules.push(rule.into_rule(&roles)?);
        }
        let at_least = document.reason.at_least;
        if !(1..=200).contains(&at_least.value) {
            return Err(Mistake::at(&at_least, "reason.at_least", "must be 1 to 200 characters"));
        }
        let lapse_after = match &document.lapse_after {
            None => Duration::from_hours(24),
            Some(text) => span(text, "lapse_after")?,
        };
        let grace = match &document.grace {
            None => GRACE,
            Some(text) => span(text, "grace")?,
        };
        Ok(Self {
            digest: PolicyDigest(crate::hex(&Sha256::digest(text.as_bytes()))),
            roles,
            rules,
            reason: ReasonRule { at_least: at_least.value },
            auditors: document.auditors,
            operators: document.operators,
            lapse_after,
            grace,
            graces,
        })
    }
}

impl RoleDocument {
    fn into_role(self, name: RoleName) -> Result<Role, Mistake> {
        let field = |part: &str| format!("roles.{name}.{part}");
        if self.actions.is_empty() {
            return Err(Mistake::at(
                &self.title,
                &field("actions"),
                "a role allows at least one action",
            ));
        }
        let title = words(self.title, &field("title"), 60)?;
        let summary = words(self.summary, &field("summary"), 300)?;
        let longest = span(&self.longest, &field("longest"))?;
        let actions = self.actions;
        Ok(Role { title, summary, actions, longest, guarantee: self.guarantee, name })
    }
}

impl RuleDocument {
    fn into_rule(self, roles: &BTreeMap<RoleName, Role>) -> Result<Rule, Mistake> {
        let field = |part: &str| format!("rules.{}.{part}", self.name.value);
        if let Some(named) = &self.roles
            && let Some(unknown) = named.value.iter().find(|role| !roles.contains_key(role))
        {
            return Err(Mistake::at(
                named,
                &field("roles"),
                &format!("there is no role {unknown}"),
            ));
        }
        let verdict = match (self.approve, self.ask, self.deny) {
            (Some(Empty {}), None, None) => Verdict::Approve,
            (None, Some(ask), None) => Verdict::Ask(Quorum {
                count: ask.count,
                approvers: filled(Some(ask.approvers), &field("ask.approvers"))?
                    .unwrap_or_default(),
            }),
            (None, None, Some(why)) => Verdict::Deny(words(why, &field("deny"), 300)?),
            _ => {
                let problem = "a rule says exactly one of approve, ask and deny";
                return Err(Mistake::at(&self.name, &field("approve"), problem));
            }
        };
        let longest =
            self.longest.as_ref().map(|text| span(text, &field("longest"))).transpose()?;
        let condition = Condition {
            groups: filled(self.groups, &field("groups"))?,
            roles: filled(self.roles, &field("roles"))?,
            clusters: filled(self.clusters, &field("clusters"))?,
            namespaces: filled(self.namespaces, &field("namespaces"))?,
        };
        if condition.groups.is_none() && !matches!(verdict, Verdict::Deny(_)) {
            let problem = "a rule that allows something names the groups it allows";
            return Err(Mistake::at(&self.name, &field("groups"), problem));
        }
        Ok(Rule { name: self.name.value.clone(), condition, verdict, longest })
    }
}

/// An empty list would silently match nothing: it is a mistake, not a condition.
fn filled<T>(list: Option<Spanned<T>>, field: &str) -> Result<Option<T>, Mistake>
where
    for<'a> &'a T: IntoIterator,
{
    match list {
        Some(list) if (&list.value).into_iter().next().is_none() => {
            Err(Mistake::at(&list, field, "must not be empty"))
        }
        other => Ok(other.map(|list| list.value)),
    }
}

fn words(text: Spanned<String>, field: &str, longest: usize) -> Result<String, Mistake> {
    let count = text.value.chars().count();
    if count == 0 || count > longest || text.value.chars().any(crate::name::is_unseen) {
        let problem = format!("must be 1 to {longest} visible characters");
        return Err(Mistake::at(&text, field, &problem));
    }
    Ok(text.value)
}

fn span(text: &Spanned<String>, field: &str) -> Result<Duration, Mistake> {
    match duration::parse(&text.value) {
        Ok(length) if length <= LONGEST => Ok(length),
        Ok(_) => Err(Mistake::at(text, field, "must be at most 7 days")),
        Err(problem) => Err(Mistake::at(text, field, &problem)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
roles:
  shell: { title: Shell, summary: A terminal., actions: [shell], longest: 2h, guarantee: recorded-only }
rules:
  - name: team-shell
    groups: [oncall]
    roles: [shell]
    namespaces: [team-*]
    ask: { count: 2, approvers: [leads] }
reason: { at_least: 10 }
";

    fn problem(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from));
        Policy::parse(&GOOD.replace(from, to)).unwrap_err().to_string()
    }

    #[test]
    fn a_good_policy_is_read_and_named_by_its_bytes() {
        let policy = Policy::parse(GOOD).unwrap();
        assert_eq!(policy.rules().len(), 1);
        assert_ne!(policy.digest(), Policy::parse(&format!("{GOOD}\n")).unwrap().digest());
    }

    #[test]
    fn a_role_may_have_a_grace_time_of_its_own() {
        let shell = RoleName::parse("shell").unwrap();
        let grace = |text: &str| Policy::parse(text).unwrap().grace(&shell);
        assert_eq!(grace(GOOD), Duration::from_mins(1));
        let for_all = format!("{GOOD}grace: 5m\n");
        assert_eq!(grace(&for_all), Duration::from_mins(5));
        let of_its_own = for_all.replace("longest: 2h", "longest: 2h, grace: 10s");
        assert_eq!(grace(&of_its_own), Duration::from_secs(10));
    }

    #[test]
    fn an_error_names_line_and_field() {
        let told = [
            problem("count: 2", "count: 0"),
            problem("[leads]", "[]"),
            problem("roles: [shell]", "roles: [root]"),
            problem("namespaces: [team-*]", "namespace: [team-*]"),
            problem("longest: 2h", "longest: forever"),
            problem("longest: 2h", "longest: 8d"),
            problem("longest: 2h", "longest: 2h, grace: none"),
            problem("reason:", "grace: 0s\nreason:"),
            problem("    ask:", "    deny: no\n    ask:"),
            problem("    groups: [oncall]\n", ""),
            problem("at_least: 10", "at_least: 0"),
            problem("rules:", "rules: []\nrules:"),
            problem("actions: [shell]", "actions: [fly]"),
        ]
        .join("\n");
        insta::assert_snapshot!(told, @r#"
line 8: rules[0].ask.count: invalid value: integer `0`, expected a nonzero u8
line 8: rules.team-shell.ask.approvers: must not be empty
line 6: rules.team-shell.roles: there is no role root
line 7: rules[0].namespace: unknown field `namespace`, expected one of name, groups, roles, clusters, namespaces, longest, approve, ask, deny
line 2: roles.shell.longest: "forever" is not a length of time such as 30m or 1h 30m
line 2: roles.shell.longest: must be at most 7 days
line 2: roles.shell.grace: "none" is not a length of time such as 30m or 1h 30m
line 9: grace: must be longer than nothing
line 4: rules.team-shell.approve: a rule says exactly one of approve, ask and deny
line 4: rules.team-shell.groups: a rule that allows something names the groups it allows
line 9: reason.at_least: must be 1 to 200 characters
line 4: file: duplicate mapping key: rules
line 2: roles.shell.actions[0]: unknown variant `fly`, expected one of view, logs, check, shell, debug, forward, download
"#);
    }

    #[test]
    fn n_06_a_field_that_stands_twice_is_refused() {
        assert!(
            Policy::parse(&GOOD.replace("    roles:", "    groups: [all]\n    roles:")).is_err()
        );
    }
}
