//! What an action means in RBAC.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::Action;

use super::list;

/// A rule of a role.
struct Rule {
    group: &'static str,
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
}

const READ: &[&str] = &["get", "list", "watch"];
/// A WebSocket is a GET; from Kubernetes 1.35 on it needs `create` as well, as the POST of
/// earlier clients always did.
const STREAM: &[&str] = &["get", "create"];

const fn rule(
    group: &'static str,
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
) -> Rule {
    Rule { group, resources, verbs }
}

/// No rule reaches secrets or configuration.
fn rules(action: Action) -> &'static [Rule] {
    const VIEW: &[Rule] = &[
        rule("", &["pods", "events"], READ),
        rule("apps", &["deployments", "replicasets", "statefulsets", "daemonsets"], READ),
        rule("batch", &["jobs", "cronjobs"], READ),
        rule("events.k8s.io", &["events"], READ),
    ];
    const LOGS: &[Rule] = &[rule("", &["pods"], &["get"]), rule("", &["pods/log"], &["get"])];
    const EXEC: &[Rule] = &[rule("", &["pods"], &["get"]), rule("", &["pods/exec"], STREAM)];
    const DEBUG: &[Rule] = &[
        rule("", &["pods"], &["get"]),
        rule("", &["pods/ephemeralcontainers"], &["patch"]),
        rule("", &["pods/attach"], STREAM),
    ];
    const FORWARD: &[Rule] =
        &[rule("", &["pods"], &["get"]), rule("", &["pods/portforward"], STREAM)];
    match action {
        Action::View => VIEW,
        Action::Logs => LOGS,
        Action::Check | Action::Shell | Action::Download => EXEC,
        Action::Debug => DEBUG,
        Action::Forward => FORWARD,
    }
}

/// The rules of a ClusterRole, with the action that each is for.
pub(super) fn of_role(actions: &BTreeSet<Action>) -> String {
    if actions.is_empty() {
        return "rules: []\n".to_owned();
    }
    let mut text = "rules:\n".to_owned();
    for action in actions {
        let _ = writeln!(text, "  # {}", action.word());
        for Rule { group, resources, verbs } in rules(*action) {
            let (resources, verbs) = (list(*resources), list(*verbs));
            let _ = writeln!(
                text,
                "  - {{apiGroups: [{group:?}], resources: {resources}, verbs: {verbs}}}"
            );
        }
    }
    text
}

/// What the portal itself calls as somebody, for these actions: only exec, and only by GET.
pub(super) fn impersonated(actions: &BTreeSet<Action>) -> Option<&'static str> {
    actions.contains(&Action::Shell).then_some("pods/exec")
}
