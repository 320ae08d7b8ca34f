//! A session that is over.

use domain::broker::SessionRow;
use domain::{LeftBehind, Sealed, SessionEnd};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::parts::{Ago, Icon, Tone, icon};

/// How it ended, what is left, where its recording is, and what can be done next.
#[component]
pub(super) fn Over(
    row: SessionRow,
    at: Timestamp,
    how: SessionEnd,
    left: LeftBehind,
    recording: Option<Sealed>,
    may_open: bool,
) -> impl IntoView {
    let id = row.session.id;
    let request = row.request;
    let picture = if left == LeftBehind::Nothing { Icon::Check } else { Icon::Warning };
    let tone = if left == LeftBehind::Nothing { Tone::Good } else { Tone::Warn };
    let play = (row.may_replay && recording.is_some()).then(|| {
        view! {
            <a class="button" href=format!("/recordings/{id}")>
                "Play the recording"
            </a>
        }
    });
    view! {
        <section class="workspace-over" id="over" aria-label="How it ended">
            <div class="workspace-how">
                <h2>"Ended: " {how.words()}</h2>
                <p class="muted">
                    <Ago at />
                </p>
                <p class="notice" data-tone=tone.word()>
                    {icon(picture)}
                    <span>{left.words()}</span>
                </p>
            </div>
            {recording.map(|sealed| view! { <Proof sealed /> })}
            <div class="row">
                {may_open.then(|| view! { <Again row=row.clone() /> })} {play}
                <a class="button" href=format!("/requests/{request}")>
                    "Back to the request"
                </a>
            </div>
        </section>
    }
    .into_any()
}

/// A new shell in the same place. In the terminal that ended, and on this page, one key does it.
#[component]
fn Again(row: SessionRow) -> impl IntoView {
    let target = row.session.target;
    view! {
        <form
            method="post"
            action=format!("/requests/{}/shell", row.request)
            id=format!("again-{}", row.session.id)
        >
            <input type="hidden" name="pod" value=target.pod.to_string() />
            <input type="hidden" name="container" value=target.container.to_string() />
            <button class="button" data-kind="main" data-key="o" data-terminal-again>
                "Open another shell"
                <kbd aria-hidden="true" data-here="page">
                    "o"
                </kbd>
                <kbd aria-hidden="true" data-here="terminal">
                    "Enter"
                </kbd>
            </button>
        </form>
    }
    .into_any()
}

/// What the recording is proved by.
#[component]
fn Proof(sealed: Sealed) -> impl IntoView {
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
    .into_any()
}
