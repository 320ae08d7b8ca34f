//! What a page loads for a terminal.

use leptos::prelude::*;

use crate::PageContext;

/// Fetches everything a terminal needs before it is asked for; for pages that lead to one.
#[component]
pub fn Preload() -> impl IntoView {
    let assets = PageContext::current().assets;
    view! {
        <link rel="modulepreload" href=assets.path("terminal.js") />
        <link
            rel="preload"
            href=assets.path("terminal.wasm")
            r#as="fetch"
            r#type="application/wasm"
            crossorigin="anonymous"
        />
        <link rel="preload" href=assets.path("terminal.css") r#as="style" />
    }
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
