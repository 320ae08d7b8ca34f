//! What is around the screen: where the terminal stands, what is left, who is there, and the tools.

mod board;
mod find;
mod notice;
mod tools;
mod touch;

use domain::SessionId;
use leptos::html::Div;
use leptos::prelude::*;

use super::emulator::Emulator;
use super::link::{Link, Watch as _};
use super::phase::{Next, Phase};
use board::Board;
use find::Find;
use notice::NoticeBar;
use tools::{Tools, ToolsBar};
use touch::TouchKeys;

/// The terminal of one session.
#[island]
pub fn Terminal(
    /// The session.
    session: SessionId,
) -> impl IntoView {
    let (board, tools) = (Board::new(), Tools::new());
    let host = NodeRef::<Div>::new();
    let joins = RwSignal::new(0_u32);
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        let Ok(link) = Link::begin(session, &host, board) else {
            let why = "this browser cannot show the terminal".to_owned();
            return board.phase(Phase::Left { why, next: Next::Reload });
        };
        board.count_down();
        tools.begin(link.screen());
        Effect::new(move || {
            if board.phase.read().is_over() {
                tools.with(Emulator::end);
            }
        });
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
        // The page itself says what comes next, below.
        Phase::Left { next: Next::OpenAnother, .. }
        | Phase::Connecting
        | Phase::Ready { .. }
        | Phase::Reconnecting
        | Phase::Restarting
        | Phase::Ended { .. } => None,
        Phase::Left { next, .. } => {
            // Signing in leads back here by itself.
            Some(view! { <a href=format!("/sessions/{session}")>{next.words()}</a> }.into_any())
        }
    };
    view! {
        <section
            class="pane"
            aria-label="Terminal"
            data-phase=move || board.phase.read().word()
            data-part=move || if board.writer.get() { "write" } else { "watch" }
            data-colours=move || tools.colours.get()
        >
            <div class="pane-bar">
                <p class="pane-phase" role="status">
                    <span class="pane-words">{move || board.phase.read().words()}</span>
                    {next}
                </p>
                <p class="pane-left" data-tone=move || board.left_tone()>
                    {move || board.left_in_words()}
                </p>
                <p class="pane-present" aria-live="polite">
                    {move || board.present_in_words()}
                </p>
                <ToolsBar tools />
            </div>
            <div class="pane-stage">
                <Find tools />
                <div class="pane-screen" node_ref=host></div>
            </div>
            <section
                class="pane-transcript"
                aria-label="Transcript"
                hidden=move || !tools.transcript.get()
            >
                <textarea
                    node_ref=tools.area
                    aria-readonly="true"
                    inputmode="none"
                    spellcheck="false"
                    aria-label="What was shown"
                ></textarea>
            </section>
            <NoticeBar notice=board.notice />
            <TouchKeys tools />
            <p class="pane-keys">
                <span>
                    <kbd>"ctrl+shift+Esc"</kbd>
                    " or "
                    <kbd>"ctrl+shift+F6"</kbd>
                    " leaves the terminal"
                </span>
                <span>
                    <kbd>"ctrl+shift+F"</kbd>
                    " finds"
                </span>
                <span>
                    <kbd>"ctrl+shift+C"</kbd>
                    <kbd>"V"</kbd>
                    " copies, pastes"
                </span>
                <span class="pane-keys-more">
                    <kbd>"ctrl+shift+PgUp"</kbd>
                    <kbd>"PgDn"</kbd>
                    " other terminals"
                </span>
            </p>
        </section>
    }
    .into_any()
}
