//! What was shown, as lines of text that lead to their second.

use domain::SessionId;
use domain::broker::{Excerpt, Found, Line, Look, Spot};
use leptos::prelude::*;

use crate::pages::address;
use crate::parts::{Icon, Marked, Tone, clock, icon};

/// The transcript: a part of it, and the search in all of it.
#[component]
pub(super) fn Transcript(
    id: SessionId,
    excerpt: Excerpt,
    found: Option<Found>,
    look: Look,
    /// Where the player begins, in microseconds.
    at: u64,
) -> impl IntoView {
    let sought = look.sought;
    let second = (at / 1_000_000).to_string();
    let (total, missing) = (excerpt.total, missing_words(excerpt.missing));
    let turn = move |place: Option<Spot>, name: &'static str, text: &'static str| {
        let Some(Spot::Line(line)) = place else { return None };
        let line = line.to_string();
        let href = address(&format!("/recordings/{id}"), &[("line", Some(line.as_str()))]);
        Some(view! { <a class="quiet" data-turn=name href=href>{text}</a> })
    };
    let lines = match total {
        1 => "1 line".to_owned(),
        total => format!("{total} lines"),
    };
    view! {
        <section class="transcript panel" id="transcript" aria-labelledby="transcript-title">
            <header class="spread">
                <h2 id="transcript-title">"Transcript " <small>{lines}</small></h2>
                <label class="transcript-follow" hidden>
                    <input type="checkbox" id="transcript-follow" checked=true />
                    "Follow"
                </label>
            </header>
            {missing
                .map(|missing| {
                    view! {
                        <p class="notice" data-tone=Tone::Warn.word() id="transcript-missing">
                            {icon(Icon::Warning)}
                            <span>{missing}</span>
                        </p>
                    }
                })}
            <form
                method="get"
                action=format!("/recordings/{id}")
                class="transcript-search"
                role="search"
            >
                <input type="hidden" name="t" value=second />
                <input
                    name="q"
                    id="transcript-q"
                    value=sought.clone()
                    maxlength="200"
                    autocomplete="off"
                    aria-label="Search in this recording"
                    placeholder="Search in this recording"
                    data-key="/"
                />
                <button class="button">"Search"</button>
            </form>
            <div id="transcript-found" class="transcript-found" aria-live="polite">
                {found.zip(sought.clone()).map(|(found, sought)| view! { <Hits id found sought /> })}
            </div>
            <div
                class="transcript-lines"
                id="transcript-lines"
                role="group"
                aria-label="Lines"
                tabindex="0"
                data-first=excerpt.first
                data-total=total
            >
                {turn(excerpt.earlier(), "earlier", "Earlier lines")}
                <ol>
                    {excerpt
                        .lines
                        .clone()
                        .into_iter()
                        .map(|line| view! { <Said id line sought=sought.clone() /> })
                        .collect_view()}
                </ol>
                {(total == 0)
                    .then(|| view! { <p class="muted">"Nothing was shown as text."</p> })}
                {turn(excerpt.later(), "later", "Later lines")}
            </div>
        </section>
    }
    .into_any()
}

/// That the transcript does not have everything.
fn missing_words(missing: u64) -> Option<String> {
    let lines = match missing {
        0 => return None,
        1 => "1 line that was shown is".to_owned(),
        missing => format!("About {missing} lines that were shown are"),
    };
    Some(format!(
        "{lines} not in this transcript, and no search finds them: the player shows them."
    ))
}

/// The lines that show what was looked for.
#[component]
fn Hits(id: SessionId, found: Found, sought: String) -> impl IntoView {
    let said = match found.total {
        0 => format!("No line shows “{sought}”."),
        1 => format!("1 line shows “{sought}”."),
        total if total > Found::LINES => {
            format!("{total} lines show “{sought}”; the first {} are:", Found::LINES)
        }
        total => format!("{total} lines show “{sought}”."),
    };
    view! {
        <p>{said}</p>
        <ol>
            {found
                .lines
                .into_iter()
                .map(|line| view! { <Said id line sought=Some(sought.clone()) /> })
                .collect_view()}
        </ol>
    }
    .into_any()
}

/// A line, and the way to the second by which it is shown.
#[component]
fn Said(id: SessionId, line: Line, sought: Option<String>) -> impl IntoView {
    let second = line.at_us.div_ceil(1_000_000).to_string();
    let href = address(
        &format!("/recordings/{id}"),
        &[("t", Some(second.as_str())), ("q", sought.as_deref())],
    );
    view! {
        <li data-at=line.at_us>
            <a class="at" href=href>
                {clock(line.at_us)}
            </a>
            <code>
                <Marked text=line.text sought=sought.unwrap_or_default() />
            </code>
        </li>
    }
    .into_any()
}
