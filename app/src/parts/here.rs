//! The address of the page that is rendered.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Path and query: where a form that changes only the page leads back to.
pub(crate) fn here() -> String {
    let location = use_location();
    let query = location.search.get_untracked();
    let mark = if query.is_empty() || query.starts_with('?') { "" } else { "?" };
    format!("{}{mark}{query}", location.pathname.get_untracked())
}
