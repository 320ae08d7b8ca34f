//! Finding something in what was shown.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::tools::Tools;
use crate::parts::{Icon, icon};
use crate::terminal::emulator::{Emulator, Where};

/// Opens the line; with the key, or here.
#[component]
pub(super) fn FindButton(tools: Tools) -> impl IntoView {
    view! {
        <button
            type="button"
            title="Find (ctrl+shift+F)"
            data-terminal-find
            aria-expanded=move || if tools.finding.get() { "true" } else { "false" }
            on:click=move |_| {
                tools.finding.set(true);
                if let Some(field) = tools.field.get_untracked() {
                    let _ = field.focus();
                    field.select();
                }
            }
        >
            {icon(Icon::Search)}
            <span class="pane-tool-words">"Find"</span>
        </button>
    }
    .into_any()
}

/// The line for finding, while it is open.
#[component]
pub(super) fn Find(tools: Tools) -> impl IntoView {
    view! { {move || tools.finding.get().then(|| view! { <Line tools /> })} }
}

#[component]
fn Line(tools: Tools) -> impl IntoView {
    let text = RwSignal::new(String::new());
    Effect::new(move || {
        if let Some(field) = tools.field.get() {
            let _ = field.focus();
        }
    });
    let show = move |place: Where| {
        if text.read_untracked().is_empty() {
            tools.found.set(None);
        }
        tools.with(|screen| screen.find(&text.read_untracked(), place));
    };
    let close = move || {
        tools.finding.set(false);
        tools.found.set(None);
        tools.with(Emulator::end_find);
    };
    let press = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => show(if event.shift_key() { Where::Before } else { Where::Next }),
        "Escape" => close(),
        _ => {}
    };
    let found = move || match tools.found.get() {
        None => String::new(),
        Some((_, 0)) => "nothing found".to_owned(),
        // Beyond what is marked the screen does not count where it stands.
        Some((0, many)) => format!("{many} found"),
        Some((at, many)) => format!("{at} of {many}"),
    };
    view! {
        <div class="pane-find" role="search">
            <input
                type="search"
                node_ref=tools.field
                aria-label="Find in the terminal"
                placeholder="Find in what was shown"
                autocomplete="off"
                spellcheck="false"
                on:input:target=move |event| {
                    text.set(event.target().value());
                    show(Where::Latest);
                }
                on:keydown=press
            />
            <p aria-live="polite">{found}</p>
            <button
                type="button"
                title="Match before (shift+Enter)"
                on:click=move |_| show(Where::Before)
            >
                <span aria-hidden="true">"↑"</span>
                <span class="unseen">"Match before"</span>
            </button>
            <button type="button" title="Next match (Enter)" on:click=move |_| show(Where::Next)>
                <span aria-hidden="true">"↓"</span>
                <span class="unseen">"Next match"</span>
            </button>
            <button
                type="button"
                aria-label="Close"
                title="Close (Escape)"
                on:click=move |_| close()
            >
                {icon(Icon::Cross)}
            </button>
        </div>
    }
    .into_any()
}
