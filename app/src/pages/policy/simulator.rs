//! Asking what the policy would say.

use domain::RoleName;
use domain::broker::Simulation;
use leptos::prelude::*;

use crate::Rejected;
use crate::parts::{Problem, Select};

#[component]
pub(super) fn Simulator(
    asked: Simulation,
    /// The policy's roles.
    roles: Vec<RoleName>,
    /// Whether the question may be about anybody.
    oversees: bool,
) -> impl IntoView {
    let Simulation { username, groups, cluster, namespace, role, at, length, break_glass } = asked;
    view! {
        <form method="get" action="/policy" class="panel simulator" id="simulator">
            <h2>{if oversees { "Simulator" } else { "Ask the policy" }}</h2>
            <div class="fields">
                {oversees
                    .then(|| {
                        view! {
                            <Field name="person" label="Person" value=username hint="You, if empty" />
                            <Field
                                name="groups"
                                label="Groups"
                                value=groups
                                hint="Theirs, if empty"
                            />
                        }
                    })}
                <Field name="namespace" label="Namespace" value=namespace hint="payments" />
                <RoleChoice roles chosen=role />
                <Field name="cluster" label="Cluster" value=cluster hint="The only one, if empty" />
                <Field name="at" label="When" value=at hint="Now, if empty" />
                <Field name="length" label="Length" value=length hint="30m" />
                <label class="tick">
                    <input type="checkbox" name="glass" value="broken" checked=break_glass />
                    "Glass broken"
                </label>
            </div>
            <button class="button" data-kind="main">
                "Ask"
            </button>
        </form>
    }
}

#[component]
fn Field(
    name: &'static str,
    label: &'static str,
    value: String,
    hint: &'static str,
) -> impl IntoView {
    let rejected = Rejected::current();
    let wrong = rejected.problem(name).is_some();
    let id = format!("ask-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                value=value
                placeholder=hint
                autocomplete="off"
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then(|| format!("{name}-problem"))
                autofocus=rejected.is_first(name)
            />
            <Problem field=name />
        </div>
    }
}

/// One of the policy's roles.
#[component]
fn RoleChoice(roles: Vec<RoleName>, chosen: String) -> impl IntoView {
    let mut names: Vec<_> = roles.iter().map(ToString::to_string).collect();
    // A role that was removed stays to be seen.
    if !chosen.is_empty() && !names.contains(&chosen) {
        names.insert(0, chosen.clone());
    }
    view! {
        <Select id="ask-role" name="role" label="Role">
                <option value="">"Choose one"</option>
                {names
                    .into_iter()
                    .map(|name| {
                        let selected = name == chosen;
                        view! {
                            <option value=name.clone() selected=selected>
                                {name.clone()}
                            </option>
                        }
                    })
                    .collect_view()}
        </Select>
    }
}
