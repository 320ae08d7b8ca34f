//! What must be seen: it stays until it is dismissed, or something newer takes its place.

use leptos::prelude::*;

use crate::parts::Tone;

/// Something to be seen, as a sentence without its full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) tone: Tone,
    pub(super) words: String,
}

/// The line that shows it, and has it read out once.
#[component]
pub(super) fn NoticeBar(notice: RwSignal<Option<Notice>>) -> impl IntoView {
    let words = move || notice.read().as_ref().map(|notice| notice.words.clone());
    view! {
        <div
            class="pane-notice"
            data-tone=move || notice.read().as_ref().map(|notice| notice.tone.word())
        >
            <p role="alert">{words}</p>
            {move || {
                notice
                    .read()
                    .is_some()
                    .then(|| {
                        view! {
                            <button type="button" on:click=move |_| notice.set(None)>
                                "Dismiss"
                            </button>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}
