//! A page inside its frame: navigation beside it, warnings above it.

mod document;
mod refused;
mod side;

pub(crate) use document::Document;
pub(crate) use refused::{Empty, Problem};
pub(crate) use side::Tab;

use std::future::Future;
use std::sync::Arc;

use domain::broker::{Broker, Frame, Refusal};
use leptos::prelude::*;

use super::{Icon, icon};
use crate::{Rejected, Visit};
use refused::refused;
use side::Side;

/// What of [`Content::live`] says that a page stays as it was opened: it follows nothing, and
/// opens no stream for it.
pub(crate) const STILL: &str = "still";

/// What a page has to say.
pub(crate) struct Content {
    /// What the tab of the browser says.
    pub title: String,
    /// What may have changed when the page is to be fetched again, e.g. `requests sessions`, or
    /// [`STILL`].
    pub live: &'static str,
    /// Everything inside `main`.
    pub body: AnyView,
}

/// Awaits the frame and the page's own content, and puts one into the other.
pub(crate) fn page<Load, Loading>(tab: Tab, load: Load) -> impl IntoView
where
    Load: FnOnce(Arc<dyn Broker>) -> Loading + Send + 'static,
    Loading: Future<Output = Result<Content, Refusal>> + Send + 'static,
{
    let visit = Visit::current();
    Suspend::new(async move {
        let Some(broker) = visit.broker else {
            let why = "Sign in first.".to_owned();
            return alone(&visit.outcome, Refusal::Forbidden { why });
        };
        let frame = match broker.frame().await {
            Ok(frame) => frame,
            Err(refusal) => return alone(&visit.outcome, refusal),
        };
        let content =
            load(broker).await.unwrap_or_else(|refusal| refused(&visit.outcome, &refusal));
        view! { <Framed frame tab content /> }.into_any()
    })
}

/// A refusal without a frame: not even that could be read.
fn alone(outcome: &crate::Outcome, refusal: Refusal) -> AnyView {
    let content = refused(outcome, &refusal);
    view! {
        <Document title=content.title>
            <main class="alone" id="page" tabindex="-1">
                {content.body}
            </main>
        </Document>
    }
    .into_any()
}

#[component]
fn Framed(frame: Frame, tab: Tab, content: Content) -> impl IntoView {
    let notice = Visit::current().page.notice;
    let message = Rejected::current().message;
    let title = match frame.pending {
        0 => content.title,
        pending => format!("({pending}) {}", content.title),
    };
    let warnings = frame.warnings.clone();
    let follows = content.live != STILL;
    let newest = follows.then_some(frame.newest_event);
    view! {
        <Document title newest>
            <a class="skip" href="#page">
                "Skip to content"
            </a>
            <div class="frame">
                <Side frame current=tab />
                <div class="column">
                    {notice
                        .map(|notice| {
                            view! {
                                <p class="notice" data-tone="good" id="notice" role="status">
                                    {icon(Icon::Check)}
                                    <span>{notice}</span>
                                </p>
                            }
                        })}
                    {message
                        .map(|message| {
                            view! {
                                <p class="notice" data-tone="bad" id="rejected" role="alert">
                                    {icon(Icon::Warning)}
                                    <span>{message}</span>
                                </p>
                            }
                        })} <main
                        id="page"
                        tabindex="-1"
                        data-live=(follows && !content.live.is_empty()).then_some(content.live)
                    >
                        <Warnings warnings />
                        {content.body}
                    </main>
                </div>
            </div>
            <div class="toasts" id="status" role="status"></div>
            <div class="toasts" id="alert" role="alert"></div>
        </Document>
    }
}

/// What everybody should know.
#[component]
fn Warnings(warnings: Vec<String>) -> impl IntoView {
    (!warnings.is_empty()).then(|| {
        view! {
            <div class="warnings" id="warnings">
                {warnings
                    .into_iter()
                    .map(|warning| {
                        view! {
                            <p class="notice" data-tone="warn">
                                {icon(Icon::Warning)}
                                <span>{warning}</span>
                            </p>
                        }
                    })
                    .collect_view()}
            </div>
        }
    })
}

/// A page's heading, a line below it, and what stands at its right.
#[component]
pub(crate) fn Head(
    /// The heading.
    #[prop(into)]
    title: String,
    /// The line below it.
    #[prop(into)]
    line: ViewFn,
    /// What stands at the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="head">
            <div>
                <h1 tabindex="-1">{title}</h1>
                <p>{line.run()}</p>
            </div>
            {children.map(|children| children())}
        </header>
    }
    .into_any()
}
