//! A part of a namespace, to choose from.

use domain::Scope;
use leptos::prelude::*;

/// Workloads, then pods, as options of a list.
#[component]
pub(crate) fn Parts(parts: Vec<Scope>, chosen: String) -> impl IntoView {
    let (pods, workloads): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|part| matches!(part, Scope::Pod(_)));
    [("Workloads", workloads), ("Pods", pods)]
        .into_iter()
        .filter(|(_, parts)| !parts.is_empty())
        .map(|(label, parts)| {
            let chosen = chosen.clone();
            let option = move |part: Scope| {
                let value = part.to_string();
                let selected = value == chosen;
                view! {
                    <option value=value selected=selected>
                        {part.words()}
                    </option>
                }
            };
            view! { <optgroup label=label>{parts.into_iter().map(option).collect_view()}</optgroup> }
        })
        .collect_view()
}
