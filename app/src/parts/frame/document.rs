//! The HTML document around everything.

use leptos::prelude::*;

use crate::{PageContext, Rejected, Theme};

/// A whole document.
#[component]
pub(crate) fn Document(
    /// What the tab says before the product's name.
    #[prop(into)]
    title: String,
    /// The newest event's number, where the page follows events.
    #[prop(optional_no_strip)]
    newest: Option<u64>,
    /// The body.
    children: Children,
) -> impl IntoView {
    let context = PageContext::current();
    let asset = |name: &str| context.assets.path(name);
    let address = Some(Rejected::current().address).filter(|address| !address.is_empty());
    let theme = (context.theme != Theme::System).then(|| context.theme.word());
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <title>{format!("{title} · Shorepass")}</title>
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="stylesheet" href=asset("main.css") />
                <link rel="icon" type="image/svg+xml" href=asset("icon.svg") />
                <link rel="manifest" href=asset("manifest.webmanifest") />
                <script type="module" src=asset("live.js") nonce=context.nonce.clone()></script>
            </head>
            <body
                data-events=newest.map(|_| "/events")
                data-newest=newest
                data-now=context.now.to_string()
                data-address=address
            >
                {children()}
            </body>
        </html>
    }
}
