//! Notifications of the browser.

use leptos::prelude::*;

use super::{Icon, icon};

/// Turns them on and off, for every page of this browser; the script shows it where there are any.
#[component]
pub(crate) fn Notify() -> impl IntoView {
    view! {
        <button type="button" class="button" aria-pressed="false" data-notify hidden>
            {icon(Icon::Bell)}
            "Notify me"
        </button>
    }
}
