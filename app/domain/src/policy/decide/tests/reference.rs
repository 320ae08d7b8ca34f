//! The rules of the decision once more, as `docs/policy.md` tells them: slow, plain to see, and
//! with nothing of what is tested but the policy as it was read.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::time::Duration;

use crate::policy::{
    Condition, Decision, Denial, NamePattern, Policy, Question, Rule, Ruling, Terms, Urgency,
    Verdict,
};

/// How a rule stands to a question.
#[derive(PartialEq)]
enum Fit {
    Yes,
    Open,
    No,
    Unknown,
}

pub(super) fn slowly(policy: &Policy, question: &Question<'_>) -> Ruling {
    let Some(role) = policy.role(question.role) else {
        return ruling(policy, Decision::Deny(Denial::NoSuchRole), None, Duration::ZERO);
    };
    let fits = |wanted: &[Fit], denials: bool| {
        let mut rules: Vec<&Rule> = policy
            .rules()
            .iter()
            .filter(|rule| matches!(rule.verdict, Verdict::Deny(_)) == denials)
            .filter(|rule| wanted.contains(&fit(rule, question)))
            .collect();
        rules.sort_by_key(|rule| order(rule, question));
        rules
    };
    if let Some(rule) = fits(&[Fit::Yes], true).first() {
        let Verdict::Deny(why) = &rule.verdict else { unreachable!() };
        let denied = Decision::Deny(Denial::Rule(why.clone()));
        return ruling(policy, denied, Some(rule), Duration::ZERO);
    }
    let unknown = [fits(&[Fit::Unknown], false), fits(&[Fit::Unknown], true)].concat();
    if let Some(rule) = unknown.iter().min_by_key(|rule| &rule.name) {
        let why = "there is no env here; ask with has() first".to_owned();
        let denied = Decision::Deny(Denial::Unjudged(why));
        return ruling(policy, denied, Some(rule), Duration::ZERO);
    }
    let allowing = fits(&[Fit::Yes, Fit::Open], false);
    let Some(rule) = allowing.first() else {
        return ruling(policy, Decision::Deny(Denial::NoRule), None, Duration::ZERO);
    };
    let decision = match &rule.verdict {
        Verdict::Approve => Decision::Approve,
        Verdict::Ask(quorum) => Decision::Ask(quorum.clone()),
        Verdict::Deny(_) => unreachable!(),
        Verdict::BreakGlass(reviewers) => {
            let usual = Question { urgency: Urgency::Usual, ..*question };
            let skipped = match slowly(policy, &usual).decision {
                Decision::Ask(quorum) => quorum.approvers,
                _ => BTreeSet::new(),
            };
            Decision::BreakGlass { reviewers: reviewers.clone(), skipped }
        }
    };
    let longest = role.longest.min(rule.longest.unwrap_or(role.longest));
    let open = policy.rules().iter().any(|rule| fit(rule, question) == Fit::Open);
    Ruling { preliminary: open, ..ruling(policy, decision, Some(rule), longest) }
}

fn ruling(policy: &Policy, decision: Decision, rule: Option<&Rule>, longest: Duration) -> Ruling {
    Ruling {
        decision,
        rule: rule.map(|rule| rule.name.clone()),
        policy: policy.digest().clone(),
        commit: None,
        longest,
        terms: Terms::default(),
        preliminary: false,
    }
}

fn fit(rule: &Rule, question: &Question<'_>) -> Fit {
    let heard = match rule.verdict {
        Verdict::Deny(_) => true,
        Verdict::BreakGlass(_) => question.urgency == Urgency::BreakGlass,
        Verdict::Approve | Verdict::Ask(_) => question.urgency == Urgency::Usual,
    };
    let Condition { groups, roles, clusters, namespaces, labels, when } = &rule.condition;
    let groups_of = &question.asker.person.groups;
    let place = question.place;
    let fits = [
        heard,
        groups.as_ref().is_none_or(|list| list.iter().any(|group| groups_of.contains(group))),
        roles.as_ref().is_none_or(|list| list.iter().any(|role| role == question.role)),
        narrowness(clusters.as_ref(), place.cluster.as_str()).is_some(),
        narrowness(namespaces.as_ref(), place.namespace.as_str()).is_some(),
        labels.iter().flatten().all(|(key, value)| question.labels.get(key) == Some(value)),
    ];
    if fits.contains(&false) {
        return Fit::No;
    }
    match when.as_ref().map(ToString::to_string).as_deref() {
        // It is midnight in every scene.
        None | Some("time.hour == 0") => Fit::Yes,
        Some("target.labels.env == 'test'") => {
            question.labels.get("env").map_or(Fit::Unknown, |env| holds(env == "test"))
        }
        Some("request.minutes > 20") => {
            question.asked.map_or(Fit::Open, |asked| holds(asked.length > Duration::from_mins(20)))
        }
        Some("'b' in person.groups") => holds(groups_of.iter().any(|group| group.as_str() == "b")),
        Some(other) => unreachable!("{other}"),
    }
}

fn holds(so: bool) -> Fit {
    if so { Fit::Yes } else { Fit::No }
}

/// Of the patterns that a name matches, the letters of the narrowest; a whole name is narrower
/// than any pattern. None where it matches none, and no letters where nothing is said.
fn narrowness(patterns: Option<&Vec<NamePattern>>, name: &str) -> Option<usize> {
    let Some(patterns) = patterns else { return Some(0) };
    let matched = patterns.iter().map(ToString::to_string).filter_map(|pattern| {
        match pattern.split_once('*') {
            None => (pattern == name).then_some(usize::MAX),
            // Some run of characters in the star's place makes the name of it.
            Some((before, after)) => (0..=name.len())
                .flat_map(|from| (from..=name.len()).map(move |to| &name[from..to]))
                .any(|run| format!("{before}{run}{after}") == name)
                .then_some(before.len() + after.len()),
        }
    });
    matched.max()
}

/// Smaller decides: namespace, labels, cluster, role, groups, `when`; then the stricter; the name.
fn order(rule: &Rule, question: &Question<'_>) -> impl Ord + use<> {
    let Condition { groups, roles, clusters, namespaces, labels, when } = &rule.condition;
    let place = question.place;
    let people = match &rule.verdict {
        Verdict::Ask(quorum) => quorum.count.get(),
        _ => 0,
    };
    Reverse((
        narrowness(namespaces.as_ref(), place.namespace.as_str()),
        labels.iter().flatten().count(),
        narrowness(clusters.as_ref(), place.cluster.as_str()),
        roles.is_some(),
        groups.is_some(),
        when.is_some(),
        people,
        Reverse(rule.name.clone()),
    ))
}
