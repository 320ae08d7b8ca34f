//! One session: its terminal while it runs, and how it ended.

use domain::broker::SessionRow;
use domain::{LeftBehind, Risk, Sealed, SessionEnd, SessionId, SessionState};
use jiff::Timestamp;
use leptos::prelude::*;

use super::{param, query};
use crate::parts::{Ago, Content, Countdown, Icon, Tab, Tag, Tone, icon, page};
use crate::terminal::{Load, Terminal};

/// A session's page.
#[component]
pub(crate) fn SessionPage() -> impl IntoView {
    let id = param::<SessionId>("id");
    let watching = query("watch").is_some();
    page(Tab::Sessions, move |broker| async move {
        let row = broker.session(id?).await?;
        let target = &row.session.target;
        Ok(Content {
            title: format!("{} in {}", target.pod, target.place.namespace),
            live: "sessions",
            body: view! { <Workspace row watching /> }.into_any(),
        })
    })
}

#[component]
fn Workspace(row: SessionRow, watching: bool) -> impl IntoView {
    let session = row.session.id;
    let body = match row.session.state.clone() {
        SessionState::Ended { at, how, left, recording } => {
            view! { <Over row=row.clone() at how left recording /> }.into_any()
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
            <Bar row />
            {body}
        </div>
    }
    .into_any()
}

/// What can be hurt, where, and that it is recorded: always in sight.
#[component]
fn RiskBar(row: SessionRow) -> impl IntoView {
    let place = row.session.target.place;
    let risk = match row.risk {
        Risk::Production => "PRODUCTION".to_owned(),
        other => other.word().to_owned(),
    };
    view! {
        <p class="workspace-risk" data-risk=row.risk.word()>
            {format!("{risk} · {} · everything shown is recorded", place.namespace)}
        </p>
    }
}

/// Where the terminal is, what is left of it, and the ways out of it.
#[component]
fn Bar(row: SessionRow) -> impl IntoView {
    let id = row.session.id;
    let target = row.session.target.clone();
    let person = row.session.person.username.to_string();
    let ended = matches!(row.session.state, SessionState::Ended { .. });
    let request = row.request;
    view! {
        <header class="workspace-bar">
            <h1 tabindex="-1" class="mono">
                {target.pod.to_string()}
            </h1>
            <p class="muted">
                {format!("container {} · {} cluster", target.container, target.place.cluster)}
            </p>
            {(!row.own).then(|| view! { <Tag tone=Tone::Accent text=format!("{person}'s terminal") /> })}
            {(!ended)
                .then(|| view! { <Countdown left=row.remaining until=row.session.not_after /> })}
            <nav class="workspace-ways" aria-label="Session">
                <a class="button" href=format!("/requests/{request}")>
                    "Request"
                </a>
                {row
                    .own
                    .then(|| {
                        view! {
                            <a class="button" href=format!("/requests/{request}/shell")>
                                "Another shell"
                            </a>
                        }
                    })}
                {(row.may_end && !ended)
                    .then(|| {
                        view! {
                            <form
                                method="post"
                                action=format!("/sessions/{id}/end")
                                id=format!("end-{id}")
                                data-stay
                            >
                                <button class="button" data-kind="stop" data-terminal-exit>
                                    "End session"
                                </button>
                            </form>
                        }
                    })}
            </nav>
        </header>
    }
    .into_any()
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

/// How it ended, what is left, and where its recording is.
#[component]
fn Over(
    row: SessionRow,
    at: Timestamp,
    how: SessionEnd,
    left: LeftBehind,
    recording: Option<Sealed>,
) -> impl IntoView {
    let id = row.session.id;
    let picture = if left == LeftBehind::Nothing { Icon::Check } else { Icon::Warning };
    let tone = if left == LeftBehind::Nothing { Tone::Good } else { Tone::Warn };
    let download = (row.may_replay && recording.is_some()).then(|| {
        view! {
            <a class="button" data-kind="main" href=format!("/recordings/{id}/download") download>
                "Download the recording"
            </a>
        }
    });
    view! {
        <section class="workspace-over" aria-label="How it ended">
            <h2>"Ended: " {how.words()}</h2>
            <p class="muted">
                <Ago at />
            </p>
            <p class="notice" data-tone=tone.word()>
                {icon(picture)}
                <span>{left.words()}</span>
            </p>
            {recording
                .map(|sealed| {
                    view! {
                        <dl class="facts">
                            <dt>"Recording"</dt>
                            <dd>{format!("{} bytes of output", sealed.bytes)}</dd>
                            <dt>"blake3"</dt>
                            <dd>
                                <code>{sealed.digest}</code>
                            </dd>
                        </dl>
                    }
                })}
            <p class="row">
                {download} <a class="button" href=format!("/requests/{}", row.request)>
                    "Back to the request"
                </a>
            </p>
        </section>
    }
    .into_any()
}
