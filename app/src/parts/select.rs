//! A field in which one of several things is chosen.

use leptos::prelude::*;

use super::Problem;
use crate::Rejected;

/// The field, joined to what was wrong with it; the options are what is inside.
#[component]
pub(crate) fn Select(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    /// What stands below it.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// The id of what says more about it elsewhere.
    #[prop(optional)]
    more: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let rejected = Rejected::current();
    let wrong = rejected.problem(name).is_some();
    let problem = wrong.then(|| format!("{name}-problem"));
    let hinted = hint.map(|_| format!("{name}-hint"));
    let described: Vec<_> =
        problem.into_iter().chain(hinted.clone()).chain(more.map(str::to_owned)).collect();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select
                id=id
                name=name
                aria-invalid=wrong.then_some("true")
                aria-describedby=(!described.is_empty()).then(|| described.join(" "))
                autofocus=rejected.is_first(name)
            >
                {children()}
            </select>
            <Problem field=name />
            {hint.map(|hint| view! { <small id=hinted>{hint}</small> })}
        </div>
    }
    .into_any()
}
