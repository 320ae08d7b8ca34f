//! What an action means in the cluster: the rules of the shipped cluster roles.
//!
//! One table for the manifests that grant it and for the pages that show it.

use std::collections::BTreeSet;

use crate::Action;

/// A rule of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RbacRule {
    /// The API group; empty for the core.
    pub group: &'static str,
    /// With the subresource after a slash, e.g. `pods/log`.
    pub resources: &'static [&'static str],
    /// What may be done with them.
    pub verbs: &'static [&'static str],
}

const READ: &[&str] = &["get", "list", "watch"];
/// A WebSocket is a GET; from Kubernetes 1.35 on it needs `create` as well, as the POST of
/// earlier clients always did.
const STREAM: &[&str] = &["get", "create"];

const fn rule(
    group: &'static str,
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
) -> RbacRule {
    RbacRule { group, resources, verbs }
}

/// The rules of an action. None reaches secrets or configuration.
pub fn rules(action: Action) -> &'static [RbacRule] {
    const VIEW: &[RbacRule] = &[
        rule("", &["pods", "events"], READ),
        rule("apps", &["deployments", "replicasets", "statefulsets", "daemonsets"], READ),
        rule("batch", &["jobs", "cronjobs"], READ),
        rule("events.k8s.io", &["events"], READ),
    ];
    const LOGS: &[RbacRule] = &[rule("", &["pods"], &["get"]), rule("", &["pods/log"], &["get"])];
    const EXEC: &[RbacRule] = &[rule("", &["pods"], &["get"]), rule("", &["pods/exec"], STREAM)];
    const DEBUG: &[RbacRule] = &[
        rule("", &["pods"], &["get"]),
        rule("", &["pods/ephemeralcontainers"], &["patch"]),
        rule("", &["pods/attach"], STREAM),
    ];
    const FORWARD: &[RbacRule] =
        &[rule("", &["pods"], &["get"]), rule("", &["pods/portforward"], STREAM)];
    match action {
        Action::View => VIEW,
        Action::Logs => LOGS,
        Action::Check | Action::Shell | Action::Download => EXEC,
        Action::Debug => DEBUG,
        Action::Forward => FORWARD,
    }
}

/// What actions come to together, each resource once: the verbs, and the resources that they are
/// for. What one rule says and another says more of is left out.
pub fn summary(actions: &BTreeSet<Action>) -> Vec<(&'static [&'static str], Vec<&'static str>)> {
    let all = || actions.iter().flat_map(|action| rules(*action));
    let mut lines: Vec<(&[&str], Vec<&str>)> = Vec::new();
    for rule in all() {
        for resource in rule.resources {
            let more = |other: &RbacRule| {
                other.resources.contains(resource) && other.verbs.len() > rule.verbs.len()
            };
            if all().any(more) || lines.iter().any(|(_, named)| named.contains(resource)) {
                continue;
            }
            match lines.iter_mut().find(|(verbs, _)| *verbs == rule.verbs) {
                Some((_, resources)) => resources.push(resource),
                None => lines.push((rule.verbs, vec![resource])),
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(actions: &[Action]) -> String {
        let lines = summary(&actions.iter().copied().collect());
        let lines = lines
            .iter()
            .map(|(verbs, resources)| format!("{}: {}", verbs.join(", "), resources.join(", ")));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_actions_come_to_is_all_that_their_rules_give_and_no_more() {
        insta::assert_snapshot!(said(&[Action::View, Action::Logs, Action::Shell]), @r"
        get, list, watch: pods, events, deployments, replicasets, statefulsets, daemonsets, jobs, cronjobs
        get: pods/log
        get, create: pods/exec
        ");
        insta::assert_snapshot!(said(&[Action::Debug]), @r"
        get: pods
        patch: pods/ephemeralcontainers
        get, create: pods/attach
        ");
        insta::assert_snapshot!(said(&[Action::Check]), @r"
        get: pods
        get, create: pods/exec
        ");
    }

    /// Where one rule gives more verbs of a resource than another, it gives the other's too: only
    /// so does a summary leave nothing out.
    #[test]
    fn of_two_rules_for_a_resource_the_longer_holds_the_shorter() {
        let all = || Action::ALL.into_iter().flat_map(rules);
        for (one, other) in all().flat_map(|one| all().map(move |other| (one, other))) {
            let shared = one.resources.iter().any(|resource| other.resources.contains(resource));
            if shared && one.verbs.len() >= other.verbs.len() {
                assert!(
                    other.verbs.iter().all(|verb| one.verbs.contains(verb)),
                    "{one:?} {other:?}"
                );
            }
        }
    }
}
