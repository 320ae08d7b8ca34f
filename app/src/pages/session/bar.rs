//! What stands above a terminal: where it is, the ways out of it, and the terminals beside it.

use domain::SessionState;
use domain::broker::{SessionRow, SessionView};
use leptos::prelude::*;

use crate::parts::{Countdown, Tag, Tone};

/// Where the terminal is, what is left of it, and the ways out of it.
#[component]
pub(super) fn Bar(
    row: SessionRow,
    /// Whether this person may ask for more time.
    may_extend: bool,
) -> impl IntoView {
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
                <a class="button" href=format!("/requests/{request}") data-terminal-exit>
                    "Request"
                </a>
                {(may_extend && row.own && !ended)
                    .then(|| {
                        view! {
                            // The terminal here stays attached.
                            <a
                                class="button"
                                href=format!("/requests/{request}/extend")
                                title="Opens in a new tab"
                                target="_blank"
                                rel="noopener"
                            >
                                "Extend"
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
                                <button class="button" data-kind="stop">
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

/// The person's terminals under one grant, as tabs.
///
/// They are links. Each page attaches to its own session and is sent the screen at once, so going
/// to another one is like turning to it; and two windows can show two of them without taking them
/// from each other. While one is attached, the others wait for as long as it takes.
#[component]
pub(super) fn Terminals(view: SessionView) -> impl IntoView {
    let SessionView { row, terminals, may_open, .. } = view;
    let here = terminals.iter().position(|other| other.session.id == row.session.id);
    let near = here.filter(|_| terminals.len() > 1).map(|here| {
        let many = terminals.len();
        ((here + many - 1) % many, (here + 1) % many)
    });
    let request = row.request;
    view! {
        <nav class="terminals" id="terminals" aria-label="Terminals">
            <ul>
                {terminals
                    .into_iter()
                    .enumerate()
                    .map(|(at, other)| {
                        let (before, next) = near
                            .map_or((false, false), |(before, next)| (at == before, at == next));
                        let current = Some(at) == here;
                        view! { <Neighbour row=other number=at + 1 current before next /> }
                    })
                    .collect_view()}
            </ul>
            {may_open
                .then(|| {
                    view! {
                        <a
                            class="terminals-more"
                            href=format!("/requests/{request}/shell")
                            title="Another shell"
                        >
                            <span aria-hidden="true">"+"</span>
                            <span class="unseen">"Another shell"</span>
                        </a>
                    }
                })}
        </nav>
    }
    .into_any()
}

/// One terminal; keys lead from one to the next.
#[component]
fn Neighbour(
    row: SessionRow,
    number: usize,
    current: bool,
    before: bool,
    next: bool,
) -> impl IntoView {
    let target = row.session.target;
    let title = format!("{}, container {}", target.pod, target.container);
    let word = row.session.state.word();
    view! {
        <li>
            <a
                href=format!("/sessions/{}", row.session.id)
                title=title
                data-state=word
                aria-current=current.then_some("page")
                data-terminal-before=before
                data-terminal-next=next
            >
                <small>{number}</small>
                <span class="clip">{target.pod.to_string()}</span>
                <span class="unseen">{format!(", {word}")}</span>
            </a>
        </li>
    }
    .into_any()
}
