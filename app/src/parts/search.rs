//! The field that narrows a page.

use leptos::prelude::*;

use super::{Icon, icon};

/// The field; what it asks for is in the address, so that it can be linked to.
#[component]
pub(crate) fn Search(
    /// The page.
    action: &'static str,
    /// What is found.
    label: &'static str,
    /// By what it is found.
    placeholder: &'static str,
    wanted: Option<String>,
) -> impl IntoView {
    view! {
        <form method="get" action=action class="search" role="search" id="search">
            {icon(Icon::Search)}
            <input
                type="search"
                name="q"
                id="q"
                value=wanted
                placeholder=placeholder
                aria-label=label
                data-key="/"
                autocomplete="off"
                spellcheck="false"
            />
            <kbd aria-hidden="true">"/"</kbd>
            <button class="unseen" tabindex="-1">
                "Find"
            </button>
        </form>
    }
}
