//! What is around the screen: where the terminal stands, what is left, who is there.

use std::time::Duration;

use domain::SessionId;
use domain::wire::Participant;
use leptos::html::Div;
use leptos::prelude::*;

use super::link::{Link, Watch};
use super::phase::{Next, Phase, left, others, restarting, warning};

/// The terminal of one session.
#[island]
pub fn Terminal(
    /// The session.
    session: SessionId,
) -> impl IntoView {
    let board = Board::new();
    let host = NodeRef::<Div>::new();
    let spoken = RwSignal::new(false);
    let joins = RwSignal::new(0_u32);
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        let Ok(link) = Link::begin(session, &host, board) else {
            let why = "this browser cannot show the terminal".to_owned();
            return board.phase(Phase::Left { why, next: Next::Reload });
        };
        board.count_down();
        let speaking = link.clone();
        Effect::new(move || speaking.set_spoken(spoken.get()));
        Effect::new(move |before: Option<u32>| {
            let now = joins.get();
            if before.is_some_and(|before| before != now) {
                link.join();
            }
            now
        });
    });
    let again = move |_| {
        board.phase(Phase::Reconnecting);
        joins.update(|joins| *joins += 1);
    };
    let next = move || match board.phase.get() {
        Phase::Left { next: Next::TakeBack, .. } => Some(
            view! {
                <button type="button" on:click=again>
                    {Next::TakeBack.words()}
                </button>
            }
            .into_any(),
        ),
        Phase::Left { next, .. } => {
            // Signing in leads back here by itself.
            Some(view! { <a href=format!("/sessions/{session}")>{next.words()}</a> }.into_any())
        }
        Phase::Connecting
        | Phase::Ready { .. }
        | Phase::Reconnecting
        | Phase::Restarting
        | Phase::Ended { .. } => None,
    };
    view! {
        <section
            class="pane"
            aria-label="Terminal"
            data-phase=move || board.phase.read().word()
        >
            <div class="pane-bar">
                <p class="pane-phase" role="status">
                    <span class="pane-words">{move || board.phase.read().words()}</span>
                    {next}
                </p>
                <p class="pane-left">{move || board.left_in_words()}</p>
                <p class="pane-present">{move || board.present_in_words()}</p>
                <p class="pane-keys">
                    <kbd>"ctrl+shift+Esc"</kbd>
                    " leaves the terminal"
                </p>
                <button
                    type="button"
                    aria-pressed=move || if spoken.get() { "true" } else { "false" }
                    on:click=move |_| spoken.update(|spoken| *spoken = !*spoken)
                >
                    "Text for screen readers"
                </button>
            </div>
            <div class="pane-screen" node_ref=host></div>
            <p class="pane-notice" role="alert">
                {move || board.notice.get()}
            </p>
        </section>
    }
}

/// What is known about the terminal, as the page shows it.
#[derive(Clone, Copy)]
struct Board {
    phase: RwSignal<Phase>,
    writer: RwSignal<bool>,
    left: RwSignal<Option<Duration>>,
    present: RwSignal<Vec<Participant>>,
    notice: RwSignal<Option<String>>,
}

impl Board {
    fn new() -> Self {
        Self {
            phase: RwSignal::new(Phase::Connecting),
            writer: RwSignal::new(true),
            left: RwSignal::new(None),
            present: RwSignal::default(),
            notice: RwSignal::default(),
        }
    }

    fn left_in_words(self) -> Option<String> {
        self.left.get().filter(|_| !self.phase.read().is_final()).map(left)
    }

    fn present_in_words(self) -> Option<String> {
        let others = others(&self.present.read());
        match (self.writer.get(), others) {
            (true, others) => others,
            (false, None) => Some("you watch".to_owned()),
            (false, Some(others)) => Some(format!("you watch, {others}")),
        }
    }

    /// The server says now and then how much is left; in between it is counted here.
    fn count_down(self) {
        const SECOND: Duration = Duration::from_secs(1);
        set_interval(
            move || {
                if let Some(left) = self.left.get_untracked() {
                    Watch::left(&self, left.saturating_sub(SECOND));
                }
            },
            SECOND,
        );
    }
}

impl Watch for Board {
    fn phase(&self, phase: Phase) {
        self.phase.set(phase);
    }

    fn writer(&self, writer: bool) {
        self.writer.set(writer);
    }

    fn left(&self, left: Duration) {
        let before = self.left.get_untracked().unwrap_or(left);
        if let Some(warning) =
            warning(before, left).filter(|_| !self.phase.read_untracked().is_final())
        {
            self.notice.set(Some(warning));
        }
        self.left.set(Some(left));
    }

    fn present(&self, people: Vec<Participant>) {
        self.present.set(people);
    }

    fn restarting(&self, left: Duration) {
        self.notice.set(Some(restarting(left)));
    }

    fn refused(&self, what: &'static str) {
        self.notice.set(Some(what.to_owned()));
    }
}
