//! One session: its terminal while it runs, and how it ended.

mod bar;
mod over;

use domain::broker::{SessionRow, SessionView};
use domain::{Risk, SessionId, SessionState};
use leptos::prelude::*;

use super::{param, query};
use crate::parts::{Content, Icon, Tab, icon, page};
use crate::terminal::{Load, Terminal};
use bar::{Bar, Terminals};
use over::Over;

/// A session's page.
#[component]
pub(crate) fn SessionPage() -> impl IntoView {
    let id = param::<SessionId>("id");
    let watching = query("watch").is_some();
    page(Tab::Sessions, move |broker| async move {
        let view = broker.session(id?).await?;
        let target = &view.row.session.target;
        Ok(Content {
            title: format!("{} in {}", target.pod, target.place.namespace),
            live: "sessions",
            body: view! { <Workspace view watching /> }.into_any(),
        })
    })
}

#[component]
fn Workspace(view: SessionView, watching: bool) -> impl IntoView {
    let row = view.row.clone();
    let session = row.session.id;
    let body = match row.session.state.clone() {
        SessionState::Ended { at, how, left, recording } => {
            let may_open = view.may_open;
            view! { <Over row=row.clone() at how left recording may_open /> }.into_any()
        }
        SessionState::Starting | SessionState::Live { .. } if row.own || watching => {
            view! { <Screen session /> }.into_any()
        }
        SessionState::Starting | SessionState::Live { .. } => {
            view! { <Invitation row=row.clone() /> }.into_any()
        }
    };
    view! {
        <div class="workspace">
            <RiskBar row=row.clone() />
            <Bar row=row.clone() may_extend=view.may_extend />
            {row.own.then(|| view! { <Terminals view /> })}
            {body}
        </div>
    }
    .into_any()
}

/// What can be hurt, where, and that it is recorded: always in sight.
#[component]
fn RiskBar(row: SessionRow) -> impl IntoView {
    let place = row.session.target.place;
    let glass = if row.broke_glass { " · the glass was broken" } else { "" };
    let risk = match row.risk {
        Risk::Production => "PRODUCTION".to_owned(),
        other => other.word().to_owned(),
    };
    view! {
        <p class="workspace-risk" data-risk=row.risk.word()>
            {format!("{risk} · {}{glass} · everything shown is recorded", place.namespace)}
        </p>
    }
}

/// The terminal; once it is there the page's updates leave it alone, so that it stays readable.
#[component]
fn Screen(session: SessionId) -> impl IntoView {
    view! {
        <div class="workspace-screen" id="terminal" data-keep>
            <Load />
            <Terminal session />
            <noscript>
                <p class="notice" data-tone="plain">
                    {icon(Icon::Terminal)}
                    <span>
                        "A terminal needs JavaScript and WebAssembly from this address; both are switched off. Everything else works without them, ending the session too."
                    </span>
                </p>
            </noscript>
        </div>
    }
}

/// Somebody else's terminal: watching is asked for, because it is written down.
#[component]
fn Invitation(row: SessionRow) -> impl IntoView {
    let id = row.session.id;
    let person = row.session.person.username.to_string();
    view! {
        <section class="workspace-over">
            <h2>{format!("{person} works here")}</h2>
            <p>"You may look on without typing. They see that you do, and the audit log says so."</p>
            <p class="row">
                <a class="button" data-kind="main" href=format!("/sessions/{id}?watch=1") data-key="w">
                    "Watch"
                    <kbd aria-hidden="true">"w"</kbd>
                </a>
            </p>
        </section>
    }
    .into_any()
}
