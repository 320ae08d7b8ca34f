//! Why there is nothing.

use domain::GroupName;
use domain::broker::NothingRequestable;
use leptos::prelude::*;

use crate::parts::{Empty, Icon, icon};

/// Why the list is empty, down to the rules that looked.
#[component]
pub(super) fn Nothing(nothing: NothingRequestable) -> impl IntoView {
    let operators = names(&nothing.operators);
    let groups_missing = nothing.groups_missing.clone();
    view! {
        <Empty picture=Icon::Lock title="There is nothing you may request">
            <p>
                "What may be requested depends on the groups that your identity provider names, and none of yours is in a rule of the policy."
            </p>
        </Empty>
        <div class="halves">
            <section class="panel">
                <h2>"Your groups"</h2>
                {match groups_missing {
                    Some(why) => view! {
                        <p class="notice" data-tone="warn">
                            {icon(Icon::Warning)} <span>{why}</span>
                        </p>
                    }
                    .into_any(),
                    None if nothing.groups.is_empty() => {
                        view! { <p>"Your identity provider names no groups for you."</p> }.into_any()
                    }
                    None => view! { <p class="row">{chips(&nothing.groups)}</p> }.into_any(),
                }}
                <h2>"Whom to ask"</h2>
                <p>
                    {if operators.is_empty() {
                        "The people who run Shorepass.".to_owned()
                    } else {
                        format!("The people who run Shorepass: {operators}.")
                    }}
                    " They can add a rule for one of your groups, or you to a group below. Then sign out and in again."
                </p>
            </section>
            <section class="panel">
                <h2>"The rules that looked at you"</h2>
                {if nothing.rules.is_empty() {
                    view! { <p>"The policy has no rules that grant anything."</p> }.into_any()
                } else {
                    view! {
                        <dl class="facts">
                            {nothing
                                .rules
                                .iter()
                                .map(|rule| {
                                    view! {
                                        <dt>
                                            <code>{rule.name.to_string()}</code>
                                        </dt>
                                        <dd class="row">"for " {chips(&rule.groups)}</dd>
                                    }
                                })
                                .collect_view()}
                        </dl>
                    }
                    .into_any()
                }}
            </section>
        </div>
    }
    .into_any()
}

fn names(groups: &[GroupName]) -> String {
    groups.iter().map(GroupName::as_str).collect::<Vec<_>>().join(", ")
}

fn chips(groups: &[GroupName]) -> impl IntoView + use<> {
    groups.iter().map(|group| view! { <span class="tag">{group.to_string()}</span> }).collect_view()
}
