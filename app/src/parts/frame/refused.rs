//! Pages that say why there is nothing to see, and what to do next.

use domain::broker::{Part, Refusal};
use domain::text::sentence;
use leptos::prelude::*;

use super::Content;
use crate::parts::{Icon, icon};
use crate::{Outcome, PageContext, Rejected};

/// The page that is shown in place of one that is refused.
pub(crate) fn refused(outcome: &Outcome, refusal: &Refusal) -> Content {
    let (status, picture, title, next) = match refusal {
        Refusal::NotFound => (
            404,
            Icon::Search,
            "Not found",
            "The link may be old or mistyped, or it leads to something that is not yours to see.",
        ),
        Refusal::Forbidden { .. } | Refusal::Denied { .. } => (
            403,
            Icon::Lock,
            "Not for you",
            "If you think it should be, ask the people who run Shorepass, and tell them your groups.",
        ),
        Refusal::Conflict { .. } | Refusal::Over { .. } | Refusal::Invalid(_) => (
            409,
            Icon::Warning,
            "Things have changed",
            "Go back and look at what stands there now.",
        ),
        Refusal::Unavailable { part: Part::Store } => (
            503,
            Icon::Warning,
            "The database is away",
            "Nothing new can start while it is, because nothing could be recorded. Terminals that run are ended within seconds. Try again in a minute.",
        ),
        Refusal::Unavailable { part: Part::Cluster } => (
            503,
            Icon::Warning,
            "The cluster does not answer",
            "Requests and approvals still work. Try again in a minute.",
        ),
        Refusal::Unavailable { part: Part::Recorder } => (
            503,
            Icon::Warning,
            "The recorder is away",
            "Nothing is shown that is not recorded, so no terminal can start. Try again in a minute.",
        ),
    };
    outcome.set(status);
    let why = match refusal {
        Refusal::Forbidden { why } | Refusal::Denied { why, .. } => Some(why.clone()),
        Refusal::Conflict { what } => Some(what.clone()),
        Refusal::Over { .. } => Some(refusal.to_string()),
        Refusal::NotFound | Refusal::Invalid(_) | Refusal::Unavailable { .. } => None,
    };
    let body = view! {
        <section class="refused">
            {icon(picture)} <h1 tabindex="-1">{title}</h1>
            {why.map(|why| view! { <p class="quote">{sentence(&why)}</p> })} <p>{next}</p>
            <p class="row">
                <a class="button" data-kind="main" href="/">
                    "To the namespaces"
                </a>
            </p>
            <p class="muted">
                "Request " <code>{PageContext::current().request_id}</code>
            </p>
        </section>
    }
    .into_any();
    Content { title: title.to_owned(), live: "", body }
}

/// Nothing here yet: what would be here, and how it gets here.
#[component]
pub(crate) fn Empty(
    picture: Icon,
    #[prop(into)] title: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="empty">
            {icon(picture)} <h2>{title}</h2> <div class="stack">{children()}</div>
        </section>
    }
    .into_any()
}

/// What is wrong with a field, joined to it by the id `<field>-problem`.
#[component]
pub(crate) fn Problem(
    /// The field's name.
    field: &'static str,
) -> impl IntoView {
    Rejected::current().problem(field).map(|problem| {
        view! {
            <p class="problem" id=format!("{field}-problem")>
                {icon(Icon::Warning)}
                <span>{sentence(&problem)}</span>
            </p>
        }
    })
}
