//! What a recording is, what it proves, and who reviewed it.

use domain::SessionId;
use domain::broker::{Playable, Proof, RecordingView};
use domain::text::sentence;
use leptos::prelude::*;

use crate::parts::{Ago, Icon, Tone, absolute, icon};

/// What stands below the player.
#[component]
pub(super) fn Facts(
    view: RecordingView,
    playable: Playable,
    /// Where the player begins, in microseconds.
    at: u64,
) -> impl IntoView {
    let session = view.session.session.clone();
    let id = session.id;
    view! {
        <div class="halves replay-facts">
            <Integrity id playable=playable.clone() at />
            <section class="panel" aria-labelledby="review-title">
                <h2 id="review-title">"Review"</h2>
                <Review view=view.clone() />
                <dl class="facts">
                    <dt>"Session"</dt>
                    <dd>
                        <a class="mono" href=format!("/sessions/{id}")>
                            {id.to_string()}
                        </a>
                    </dd>
                    <dt>"Asked for"</dt>
                    <dd>{absolute(session.asked_at)}</dd>
                    <dt>"Ended"</dt>
                    <dd>{absolute(playable.ended_at)}</dd>
                </dl>
            </section>
        </div>
    }
    .into_any()
}

/// Whether it is what was recorded.
#[component]
fn Integrity(id: SessionId, playable: Playable, at: u64) -> impl IntoView {
    let (tone, picture) = match &playable.proof {
        None => (Tone::Plain, Icon::Lock),
        Some(Proof::Verified { .. }) => (Tone::Good, Icon::Check),
        Some(Proof::NotLogged { .. }) => (Tone::Warn, Icon::Warning),
        Some(Proof::Differs { .. } | Proof::Broken { .. }) => (Tone::Bad, Icon::Warning),
    };
    let (unproven, second) = (playable.proof.is_none(), at / 1_000_000);
    let said = playable.proof.map_or_else(
        || "Not read whole yet: it is long, so it is verified when you ask.".to_owned(),
        |proof| sentence(&proof.words()),
    );
    view! {
        <section class="panel" aria-labelledby="integrity-title">
            <h2 id="integrity-title">"Integrity"</h2>
            <p class="notice" data-tone=tone.word() id="integrity">
                {icon(picture)}
                <span>{said}</span>
            </p>
            {unproven
                .then(|| {
                    view! {
                        <form method="get" action=format!("/recordings/{id}")>
                            <input type="hidden" name="verify" value="1" />
                            <input type="hidden" name="t" value=second />
                            <button class="button" id="verify">
                                "Verify"
                            </button>
                        </form>
                    }
                })}
            <dl class="facts">
                <dt>"Output"</dt>
                <dd>{format!("{} bytes", playable.sealed.bytes)}</dd>
                <dt>"Written down"</dt>
                <dd>
                    <code>{format!("blake3 {}", playable.sealed.digest)}</code>
                </dd>
            </dl>
        </section>
    }
    .into_any()
}

/// Who reviewed it, or the way to say so.
#[component]
fn Review(view: RecordingView) -> impl IntoView {
    let id = view.session.session.id;
    match view.review {
        Some(review) => view! {
            <p class="notice" data-tone="good">
                {icon(Icon::Check)}
                <span>
                    {format!("Reviewed by {} ", review.by.username)} <Ago at=review.at />
                </span>
            </p>
        }
        .into_any(),
        None if view.may_review => view! {
            <p>"Nobody has reviewed it yet. That you did is an event of the audit log."</p>
            <form method="post" action=format!("/recordings/{id}/review") id="review">
                <button class="button" data-kind="main">
                    "Mark reviewed"
                </button>
            </form>
        }
        .into_any(),
        None => view! {
            <p>"Nobody has reviewed it yet, and nobody reviews the recording of their own session."</p>
        }
        .into_any(),
    }
}
