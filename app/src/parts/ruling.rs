//! What policy says, as people read it.

use std::collections::BTreeSet;

use domain::policy::{Decision, Ruling};
use domain::{Action, GroupName};

/// `granted at once`, or who decides.
pub(crate) fn decides(ruling: &Ruling) -> String {
    match &ruling.decision {
        Decision::Approve => "granted at once".to_owned(),
        Decision::Ask(quorum) => quorum.words(),
        Decision::Deny(denial) => denial.words(),
        Decision::BreakGlass { reviewers, .. } => {
            format!("granted at once with broken glass, reviewed by {}", joined(reviewers))
        }
    }
}

/// The policy that a decision rests on: its digest, and the commit where it stands in one.
pub(crate) fn stamp(ruling: &Ruling) -> String {
    let digest = ruling.policy.short();
    ruling.commit.as_ref().map_or_else(
        || format!("policy {digest}"),
        |commit| format!("policy {digest}, commit {}", commit.short()),
    )
}

fn joined(groups: &BTreeSet<GroupName>) -> String {
    groups.iter().map(GroupName::as_str).collect::<Vec<_>>().join(" or ")
}

/// The verbs and resources that actions stand for in the shipped cluster roles.
pub(crate) fn allows(actions: &BTreeSet<Action>) -> Vec<(&'static str, &'static str)> {
    actions
        .iter()
        .map(|action| match action {
            Action::View => ("get, list, watch", "pods, events, workloads"),
            Action::Logs => ("get", "pods/log"),
            Action::Check => ("get, create", "pods/exec for listed commands"),
            Action::Shell => ("get, create", "pods/exec"),
            Action::Debug => ("patch", "pods/ephemeralcontainers"),
            Action::Forward => ("get, create", "pods/portforward"),
            Action::Download => ("get, create", "pods/exec to copy files out"),
        })
        .collect()
}
