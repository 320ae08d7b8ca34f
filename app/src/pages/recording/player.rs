//! The screen and what moves through it; `player/main.ts` brings it to life.

use domain::SessionId;
use leptos::prelude::*;

use crate::PageContext;
use crate::parts::{Icon, clock, icon};

/// What can be chosen as speed; the middle one is how it was.
const SPEEDS: [(&str, &str); 5] =
    [("0.5", "½×"), ("1", "1×"), ("2", "2×"), ("4", "4×"), ("8", "8×")];

/// The player. It asks for what it shows, and has no way to send anything (T-03).
#[component]
pub(super) fn Player(
    id: SessionId,
    /// Where it begins, in microseconds.
    at: u64,
    /// How long the recording is, in microseconds.
    length_us: u64,
) -> impl IntoView {
    let context = PageContext::current();
    let (second, seconds) = (at / 1_000_000, length_us / 1_000_000);
    view! {
        <link rel="stylesheet" href=context.assets.path("player.css") />
        <Early href=format!("/recordings/{id}/outline") />
        <Early href=format!("/recordings/{id}/stretch?at={at}") />
        <script type="module" src=context.assets.path("player.js") nonce=context.nonce></script>
        <section
            class="player"
            id="player"
            aria-label="Player"
            data-recording=id.to_string()
            data-at=at
            data-length=length_us
            data-keep
        >
            <div class="player-stage">
                <div class="player-screen" id="player-screen"></div>
                <div class="player-over" id="player-over" role="status"></div>
            </div>
            <div class="player-bar" hidden>
                <button class="player-play" type="button" id="player-play" aria-label="Play">
                    {icon(Icon::Triangle)} {icon(Icon::Bars)}
                </button>
                <div class="player-line">
                    <svg
                        class="player-pulse"
                        id="player-pulse"
                        viewBox="0 0 1000 20"
                        preserveAspectRatio="none"
                        aria-hidden="true"
                    >
                        <path d="" />
                    </svg>
                    <input
                        type="range"
                        id="player-seek"
                        aria-label="Place in the recording"
                        min="0"
                        max=seconds
                        step="1"
                        value=second
                    />
                </div>
                <p class="player-time mono">
                    <span class="player-now" id="player-now">{clock(at)}</span>
                    " / "
                    {clock(length_us)}
                </p>
                <div class="player-choices">
                <label class="player-speed">
                    <span class="unseen">"Speed"</span>
                    <select id="player-speed">
                        {SPEEDS
                            .into_iter()
                            .map(|(value, name)| {
                                view! {
                                    <option value=value selected=value == "1">
                                        {name}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </label>
                <label class="player-skip">
                    <input type="checkbox" id="player-skip" checked=true />
                    "Skip idle time"
                </label>
                <button class="button" type="button" id="player-share">
                    "Copy link at "
                    <span id="player-share-at">{clock(at)}</span>
                </button>
                <button
                    class="button player-wide"
                    type="button"
                    id="player-wide"
                    aria-pressed="false"
                    data-key="f"
                >
                    "Full width"
                    <kbd aria-hidden="true">"f"</kbd>
                </button>
                </div>
            </div>
            <p class="player-keys muted" hidden>
                <kbd>"space"</kbd>
                " plays and pauses · "
                <kbd>"←"</kbd>
                " "
                <kbd>"→"</kbd>
                " move by 5 s · "
                <kbd>"<"</kbd>
                " "
                <kbd>">"</kbd>
                " change the speed"
            </p>
            <noscript>
                <p class="notice" data-tone="plain">
                    {icon(Icon::Play)}
                    <span>
                        "The player needs JavaScript, which is switched off. All that was shown stands below as text, and the download plays in any asciicast player."
                    </span>
                </p>
            </noscript>
        </section>
    }
    .into_any()
}

/// Data that the player asks for first, fetched while its script is still on the way.
#[component]
fn Early(href: String) -> impl IntoView {
    view! { <link rel="preload" href=href r#as="fetch" crossorigin="anonymous" /> }
}
