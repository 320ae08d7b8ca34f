//! What a page loads for a terminal.

use leptos::prelude::*;

use crate::PageContext;

/// Fetches everything a terminal needs while there is time; for pages that lead to one.
#[component]
pub fn Preload() -> impl IntoView {
    let assets = PageContext::current().assets;
    ["terminal.js", "terminal.wasm", "terminal.css"]
        .into_iter()
        .map(|name| view! { <link rel="prefetch" href=assets.path(name) /> })
        .collect_view()
}

/// Loads what brings the islands of a page to life.
#[component]
pub(crate) fn Load() -> impl IntoView {
    let context = PageContext::current();
    let assets = context.assets;
    view! {
        <link rel="stylesheet" href=assets.path("terminal.css") />
        <link
            rel="preload"
            href=assets.path("terminal.wasm")
            r#as="fetch"
            r#type="application/wasm"
            crossorigin="anonymous"
        />
        <script type="module" src=assets.path("terminal.js") nonce=context.nonce></script>
    }
}
