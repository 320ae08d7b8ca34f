//! From a request to HTML.

use std::future::Future;

use leptos::prelude::*;
use leptos_router::location::RequestUrl;

use crate::{App, Visit};

/// Renders the page of an address, whole; `visit.outcome` then holds its status.
///
/// `path` is the path and the query of the address. What is left out on purpose is the inline
/// script with which Leptos hands its resources to the browser: no page has resources, and the
/// Content-Security-Policy allows no inline script.
pub fn render(path: &str, visit: Visit) -> impl Future<Output = String> + Send + 'static {
    // A root: never below the owner of another request, whose context it would inherit.
    let owner = Owner::new_root(None);
    let url = RequestUrl::new(path);
    let html = owner.with(|| {
        provide_context(url);
        visit.provide();
        let mut stream = Box::pin(view! { <App /> }.to_html_stream_in_order());
        async move {
            let mut html = String::new();
            while let Some(chunk) = futures::StreamExt::next(&mut stream).await {
                html.push_str(&chunk);
            }
            html
        }
    });
    async move {
        let html = html.await;
        owner.unset_with_forced_cleanup();
        html
    }
}
