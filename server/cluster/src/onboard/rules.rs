//! What an action means in RBAC.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::Action;
use domain::rbac::{self, RbacRule};

use super::list;

/// The rules of a ClusterRole, with the action that each is for.
pub(super) fn of_role(actions: &BTreeSet<Action>) -> String {
    if actions.is_empty() {
        return "rules: []\n".to_owned();
    }
    let mut text = "rules:\n".to_owned();
    for action in actions {
        let _ = writeln!(text, "  # {}", action.word());
        for RbacRule { group, resources, verbs } in rbac::rules(*action) {
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
