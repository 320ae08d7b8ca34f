//! A recording that cannot be played: why, and what to do next.

use domain::broker::{Condition, RecordingView};
use domain::text::sentence;
use leptos::prelude::*;

use crate::parts::{Empty, Icon, Tone, icon};

/// Says why there is no player.
#[component]
pub(super) fn Unplayable(view: RecordingView, condition: Condition) -> impl IntoView {
    let id = view.session.session.id;
    let (picture, title, next) = match &condition {
        Condition::Playable(_) | Condition::Unfinished => (
            Icon::Clock,
            "Still being recorded",
            "The recording is sealed when the session has ended and nothing of it runs any more. This page then shows it by itself.",
        ),
        Condition::Sealing => (
            Icon::Clock,
            "The recording is being sealed",
            "The session is over. As soon as nothing of it runs in the container any more and all that it showed is on the disk, this page shows the recording by itself.",
        ),
        Condition::Unsealed => (
            Icon::Warning,
            "The recording is not sealed",
            "The session was recorded, and its recording could not be finished: the disk was full or too slow, or the portal stopped. When the portal starts next, it seals what is on the disk, and this page shows it. If this still stands here then, tell the people who run Shorepass: the recording was not found, or is not whole.",
        ),
        Condition::NotBegun => (
            Icon::Terminal,
            "Nothing was recorded",
            "The session ended before its shell was open, so nothing was shown.",
        ),
        Condition::Removed => (
            Icon::Clock,
            "The recording is gone",
            "Recordings are kept for as long as the people who run Shorepass configured. What was done, and the recording's digest, still stand in the audit log.",
        ),
        Condition::Missing => (
            Icon::Warning,
            "The recording is missing",
            "The audit log does not say that it was removed, so somebody or something took it away. Tell the people who run Shorepass. The recording's digest still stands in the audit log: a backup can be checked against it.",
        ),
        Condition::Locked => (
            Icon::Lock,
            "The recording cannot be opened here",
            "It is encrypted for a key that this portal does not have. Whoever keeps that key reads it with the command line: shorepass recording export.",
        ),
        Condition::Damaged { .. } => (
            Icon::Warning,
            "The recording is damaged",
            "It is not what was written, so it is not played: what it shows could be somebody's invention. Tell the people who run Shorepass; the file is kept as it is.",
        ),
    };
    let missing = condition == Condition::Missing;
    let why = match condition {
        Condition::Damaged { why } => Some(sentence(&why)),
        _ => None,
    };
    view! {
        <Empty picture title>
            {missing
                .then(|| {
                    view! {
                        <p class="notice" data-tone=Tone::Bad.word()>
                            {icon(Icon::Warning)}
                            <span>
                                "It should be in the portal's data and is not."
                            </span>
                        </p>
                    }
                })}
            {why.map(|why| view! { <p class="quote">{why}</p> })}
            <p>{next}</p>
            <p class="row">
                <a class="button" data-kind="main" href=format!("/sessions/{id}")>
                    "To the session"
                </a>
                <a class="button" href="/recordings">
                    "To the recordings"
                </a>
            </p>
        </Empty>
    }
    .into_any()
}
