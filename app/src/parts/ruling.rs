//! What policy says, as people read it.

use std::collections::BTreeSet;

use domain::broker::Offer;
use domain::policy::{Decision, Role, Ruling};
use domain::{GroupName, rbac};
use leptos::prelude::*;

/// `granted at once`, or who decides.
pub(crate) fn decides(ruling: &Ruling) -> String {
    match &ruling.decision {
        Decision::Approve => "granted at once".to_owned(),
        Decision::Ask(quorum) => quorum.words(),
        Decision::Deny(denial) => denial.words(),
        Decision::BreakGlass { reviewers, skipped } => {
            let reviewers = joined(reviewers);
            let passed = if skipped.is_empty() {
                String::new()
            } else {
                format!("; {} would have been asked", joined(skipped))
            };
            format!("granted at once with broken glass, reviewed by {reviewers}{passed}")
        }
    }
}

/// How a role is to be had: `granted at once`, by whom, or only by breaking the glass.
pub(crate) fn offered(offer: &Offer) -> String {
    match offer.ruling.decision {
        Decision::Deny(_) => "only by breaking the glass".to_owned(),
        _ => decides(&offer.ruling),
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

/// What a grant of the role is to the cluster.
#[component]
pub(crate) fn Allows(role: Option<Role>, group: String) -> impl IntoView {
    view! {
        <dt>"Allows"</dt>
        <dd>
            {role
                .map(|role| {
                    rbac::summary(&role.actions)
                        .into_iter()
                        .map(|(verbs, resources)| {
                            let (verbs, resources) = (verbs.join(", "), resources.join(", "));
                            view! { <div>{verbs} " " <small><code>{resources}</code></small></div> }
                        })
                        .collect_view()
                })} <small>"as " <code>{group}</code></small>
        </dd>
    }
}
