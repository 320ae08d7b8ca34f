//! One recording: its player, its transcript, and what it proves.

mod facts;
mod player;
mod transcript;
mod unplayable;

use domain::SessionId;
use domain::broker::{Condition, Look, Proving, RecordingView, Spot};
use leptos::prelude::*;

use super::{param, query};
use crate::parts::{Ago, Content, GlassTag, Head, RiskTag, STILL, Tab, page, who};
use facts::Facts;
use player::Player;
use transcript::Transcript;
use unplayable::Unplayable;

/// A recording's page.
#[component]
pub(crate) fn RecordingPage() -> impl IntoView {
    let id = param::<SessionId>("id");
    let at = query("t").and_then(|text| seconds(&text)).unwrap_or_default();
    let line = query("line").and_then(|number| number.parse().ok());
    let look = Look {
        place: line.map_or(Spot::At(at), Spot::Line),
        sought: query("q"),
        proof: query("verify").map_or(Proving::WhereShort, |_| Proving::Always),
    };
    page(Tab::Recordings, move |broker| async move {
        let view = broker.recording(id?, &look).await?;
        let target = &view.session.session.target;
        let playable = matches!(view.condition, Condition::Playable(_));
        Ok(Content {
            title: format!("Recording of {} in {}", target.pod, target.place.namespace),
            // What can be played does not change under whoever watches it, and each time it is
            // fetched is an event.
            live: if playable { STILL } else { "sessions" },
            body: view! { <Recording view at look /> }.into_any(),
        })
    })
}

/// Microseconds from an address: whole seconds, as links have them.
fn seconds(text: &str) -> Option<u64> {
    text.parse::<u32>().ok().map(|seconds| u64::from(seconds) * 1_000_000)
}

#[component]
fn Recording(view: RecordingView, at: u64, look: Look) -> impl IntoView {
    let row = view.session.clone();
    let id = row.session.id;
    let target = row.session.target.clone();
    let who = who(&row);
    let ended_at = match &view.condition {
        Condition::Playable(playable) => Some(playable.ended_at),
        _ => None,
    };
    let line = move || {
        view! {
            {format!("{who} · container {} · {} ", target.container, target.place.namespace)}
            <RiskTag risk=row.risk />
            {row.broke_glass.then(|| view! { " " <GlassTag /> })}
            {ended_at.map(|at| view! { " · ended " <Ago at /> })}
        }
        .into_any()
    };
    let title = view.session.session.target.pod.to_string();
    let request = format!("/requests/{}", view.session.request);
    let body = match view.condition.clone() {
        Condition::Playable(playable) => {
            let length_us = playable.length_us;
            let (excerpt, found) = (playable.excerpt.clone(), playable.found.clone());
            view! {
                <div class="replay" id="replay">
                    <Player id at=at.min(length_us) length_us />
                    <Transcript id excerpt found look at />
                    <Facts view playable at />
                </div>
            }
            .into_any()
        }
        condition => view! { <Unplayable view condition /> }.into_any(),
    };
    view! {
        <Head title line>
            <div class="row">
                <a class="button" href=request>
                    "Request"
                </a>
                {ended_at
                    .map(|_| {
                        view! {
                            <a class="button" href=format!("/recordings/{id}/download") download>
                                "Download"
                            </a>
                        }
                    })}
            </div>
        </Head>
        {body}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_a_whole_second() {
        assert_eq!(seconds("83"), Some(83_000_000));
        for text in ["", "-1", "1e9", "83.5", "99999999999"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
