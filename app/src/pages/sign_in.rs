//! The way in.

use leptos::prelude::*;

use super::query;
use crate::PageContext;
use crate::parts::{Document, Icon, icon};

/// One button; passwords are the provider's business.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let context = PageContext::current();
    let to = query("to").unwrap_or_else(|| "/".to_owned());
    view! {
        <Document title="Sign in">
            <main class="sign-in" id="page" tabindex="-1">
                <section class="panel">
                    <p class="brand">{icon(Icon::Anchor)} <span>"Shorepass"</span></p>
                    <div>
                        <h1>"Sign in"</h1>
                        <p class="muted">
                            "Access to pods for as long as you need it, under your own name, and on the record."
                        </p>
                    </div>
                    {context
                        .sign_in_problem
                        .map(|problem| {
                            view! {
                                <div class="notice" data-tone="bad" role="alert">
                                    {icon(Icon::Warning)}
                                    <div>
                                        <p>{problem}</p>
                                        <p>
                                            <small>
                                                "For your operators: request "
                                                <code>{context.request_id.clone()}</code>
                                            </small>
                                        </p>
                                    </div>
                                </div>
                            }
                        })}
                    {context
                        .notice
                        .map(|notice| {
                            view! {
                                <p class="notice" data-tone="good" role="status">
                                    {icon(Icon::Check)}
                                    <span>{notice}</span>
                                </p>
                            }
                        })}
                    <form method="get" action="/sign-in/start">
                        <input type="hidden" name="to" value=to />
                        <button class="button" data-kind="main">
                            {format!("Continue with {}", context.provider)}
                        </button>
                    </form>
                    <p class="muted version">{format!("Shorepass {}", context.version)}</p>
                </section>
            </main>
        </Document>
    }
}
