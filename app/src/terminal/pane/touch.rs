//! Keys that the keyboard of a phone has not got.

use leptos::prelude::*;

use super::tools::Tools;

/// In the order of a keyboard.
const KEYS: [&str; 7] = ["Esc", "Tab", "Ctrl", "←", "↑", "↓", "→"];

/// The keys, where fingers type.
#[component]
pub(super) fn TouchKeys(tools: Tools) -> impl IntoView {
    view! {
        <div class="pane-touch" role="group" aria-label="Keys">
            {KEYS
                .into_iter()
                .map(|key| {
                    view! {
                        <button
                            type="button"
                            // The keyboard stays where it is.
                            on:pointerdown=|event| event.prevent_default()
                            on:click=move |_| tools.with(|screen| screen.press(key))
                        >
                            {key}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
    .into_any()
}
