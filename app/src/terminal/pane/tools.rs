//! Finding, size and colours of the text, and its transcript.

use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::find::FindButton;
use crate::parts::{Icon, icon};
use crate::terminal::emulator::{Emulator, found};

/// What the tools work on, once it is there, and where they stand.
#[derive(Clone, Copy)]
pub(super) struct Tools {
    screen: StoredValue<Option<SendWrapper<Emulator>>>,
    /// The colours' name: `dark`, `light`, or `page` where they follow the page's.
    pub(super) colours: RwSignal<String>,
    /// The line for finding is open.
    pub(super) finding: RwSignal<bool>,
    pub(super) field: NodeRef<Input>,
    /// The number of the match that is shown, from 1, and how many there are.
    pub(super) found: RwSignal<Option<(u32, u32)>>,
    /// The transcript is open.
    pub(super) transcript: RwSignal<bool>,
    pub(super) area: NodeRef<Textarea>,
}

impl Tools {
    pub(super) fn new() -> Self {
        Self {
            screen: StoredValue::new(None),
            colours: RwSignal::new("dark".to_owned()),
            finding: RwSignal::new(false),
            field: NodeRef::new(),
            found: RwSignal::new(None),
            transcript: RwSignal::new(false),
            area: NodeRef::new(),
        }
    }

    /// The screen is there.
    pub(super) fn begin(self, screen: &Emulator) {
        self.colours.set(screen.colours());
        screen.on_found(&found(move |at, many| self.found.set(Some((at, many)))));
        self.screen.set_value(Some(SendWrapper::new(screen.clone())));
    }

    /// Does something with the screen.
    pub(super) fn with(self, act: impl FnOnce(&Emulator)) {
        self.screen.with_value(|screen| {
            if let Some(screen) = screen {
                act(screen);
            }
        });
    }

    fn turn_transcript(self) {
        let open = !self.transcript.get_untracked();
        self.transcript.set(open);
        let area = self.area.get_untracked().filter(|_| open);
        self.with(|screen| screen.transcribe(area.as_ref()));
    }
}

/// The buttons.
#[component]
pub(super) fn ToolsBar(tools: Tools) -> impl IntoView {
    let resize = move |by| move |_| tools.with(|screen| screen.change_font_size(by));
    let recolour = move |_| tools.with(|screen| tools.colours.set(screen.change_colours()));
    view! {
        <div class="pane-tools" role="group" aria-label="Tools">
            <FindButton tools />
            <button type="button" title="Smaller text" on:click=resize(-1.0)>
                <span aria-hidden="true">"A−"</span>
                <span class="unseen">"Smaller text"</span>
            </button>
            <button type="button" title="Larger text" on:click=resize(1.0)>
                <span aria-hidden="true">"A+"</span>
                <span class="unseen">"Larger text"</span>
            </button>
            <button type="button" title="Colours of the terminal" on:click=recolour>
                {icon(Icon::Contrast)}
                <span class="unseen">"Colours: "</span>
                <span class="pane-tool-words">{move || tools.colours.get()}</span>
            </button>
            <button
                type="button"
                title="What was shown, as text: for screen readers, reading and copying"
                aria-pressed=move || if tools.transcript.get() { "true" } else { "false" }
                on:click=move |_| tools.turn_transcript()
            >
                {icon(Icon::List)}
                <span class="pane-tool-words">"Transcript"</span>
            </button>
        </div>
    }
    .into_any()
}
