//! What can be asked for.

use std::collections::BTreeMap;

use domain::CommandName;
use domain::broker::Offer;
use domain::policy::{Guarantee, ListedCommand};
use domain::text::sentence;
use leptos::prelude::*;

use crate::Rejected;
use crate::parts::{Problem, RoleRiskTag, Tag, Tone, offered};

#[component]
pub(super) fn Roles(offers: Vec<Offer>, chosen: usize) -> impl IntoView {
    let rejected = Rejected::current();
    let described = rejected.problem("role").map(|_| "role-problem");
    let focused = rejected.is_first("role");
    view! {
        <fieldset aria-describedby=described>
            <legend>"What do you need?"</legend>
            {offers
                .into_iter()
                .enumerate()
                .map(|(index, offer)| {
                    let how = sentence(&offered(&offer));
                    let Offer { role, .. } = offer;
                    let id = format!("role-{}", role.name);
                    let enforced = role.guarantee == Guarantee::Enforced;
                    let tone = if enforced { Tone::Good } else { Tone::Warn };
                    let (title, hint) = (format!("{id}-title"), format!("{id}-hint"));
                    view! {
                        <label class="choice" for=id.clone()>
                            <input
                                type="radio"
                                name="role"
                                id=id.clone()
                                value=role.name.to_string()
                                data-index=index
                                checked=index == chosen
                                autofocus=focused && index == chosen
                                aria-labelledby=title.clone()
                                aria-describedby=hint.clone()
                            />
                            <span>
                                <b id=title>{role.title}</b>
                                " "
                                <Tag tone text=role.guarantee.words() />
                                {role.risk.map(|risk| view! { " " <RoleRiskTag risk /> })}
                            </span>
                            <small id=hint>
                                {role.summary} " " <b>{how}</b>
                            </small>
                            {(!role.commands.is_empty())
                                .then(|| view! { <Commands commands=role.commands /> })}
                        </label>
                    }
                })
                .collect_view()}
            <Problem field="role" />
        </fieldset>
    }
    .into_any()
}

/// What a role may run without a shell.
#[component]
fn Commands(commands: BTreeMap<CommandName, ListedCommand>) -> impl IntoView {
    view! {
        <small>
            "Runs: "
            {commands
                .into_values()
                .enumerate()
                .map(|(index, command)| {
                    let comma = (index > 0).then_some(", ");
                    view! { {comma} {command.title} " " <code>{command.run.join(" ")}</code> }
                })
                .collect_view()}
        </small>
    }
    .into_any()
}
