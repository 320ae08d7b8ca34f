//! What was shown in sessions that are over.

mod filter;
mod rows;

use domain::broker::{RecordingFilter, RecordingList, Reviewed, Searched};
use leptos::prelude::*;

use super::query;
use crate::parts::{Content, Empty, Head, Icon, NothingLeft, Pages, Tab, page};
use filter::{Filter, address, parts};
use rows::Recordings;

/// The recordings page.
#[component]
pub(crate) fn RecordingsPage() -> impl IntoView {
    let filter = RecordingFilter {
        who: query("who"),
        namespace: query("namespace"),
        target: query("target"),
        since: query("since").and_then(|day| day.parse().ok()),
        until: query("until").and_then(|day| day.parse().ok()),
        reviewed: query("reviewed")
            .and_then(|word| Reviewed::ALL.into_iter().find(|known| known.word() == word)),
        shown: query("shown"),
        before: query("before").and_then(|id| id.parse().ok()),
    };
    page(Tab::Recordings, |broker| async move {
        let list = broker.recordings(&filter).await?;
        // What was searched is not searched again by itself: each search is an event.
        let quiet = filter.before.is_some() || filter.shown.is_some();
        Ok(Content {
            title: "Recordings".to_owned(),
            live: if quiet { "" } else { "sessions recordings" },
            body: view! { <RecordingsView list filter /> }.into_any(),
        })
    })
}

#[component]
fn RecordingsView(list: RecordingList, filter: RecordingFilter) -> impl IntoView {
    let line = || "What terminals showed, byte for byte. Reading one is an event of the audit log.";
    let RecordingList { rows, next, searched } = list;
    let next = next.map(|id| address(&RecordingFilter { before: Some(id), ..filter.clone() }));
    let newest = filter
        .before
        .is_some()
        .then(|| address(&RecordingFilter { before: None, ..filter.clone() }));
    let filtered = !parts(&filter).is_empty();
    let shown = filter.shown.clone();
    view! {
        <Head title="Recordings" line />
        <Filter filter=filter.clone() />
        {match (rows.is_empty(), filtered) {
            (false, _) => view! { <Recordings rows shown searched /> }.into_any(),
            (true, false) => view! { <Unrecorded /> }.into_any(),
            (true, true) => view! { <Nothing filter searched older=next.is_some() /> }.into_any(),
        }}
        <Pages newest older=next />
    }
    .into_any()
}

/// Why nothing is listed, and what to do.
fn why_nothing(searched: Option<Searched>, older: bool) -> String {
    let Some(searched) = searched else {
        return "The filter hides all that you may read. Leave a part of it out:".to_owned();
    };
    let read = searched.read;
    let unread = unread_words(searched).map(|words| format!(" {words}.")).unwrap_or_default();
    if older {
        format!("None of the {read} newest shows it.{unread} Look at older ones, or ask for less:")
    } else {
        format!("None of {read} shows it.{unread} Leave a part of it out:")
    }
}

/// What a search could not look at.
fn unread_words(searched: Searched) -> Option<String> {
    let Searched { unread, shortened, .. } = searched;
    let unread = (unread > 0).then(|| format!("{unread} could not be read"));
    let shortened = (shortened > 0).then(|| format!("{shortened} could not be searched whole"));
    let words: Vec<_> = unread.into_iter().chain(shortened).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// Nobody has worked yet.
#[component]
fn Unrecorded() -> impl IntoView {
    view! {
        <Empty picture=Icon::Play title="No recordings">
            <p>
                "Each terminal is recorded while it runs. When it has ended, its recording is sealed and listed here for its person, for those who may approve it, and for auditors."
            </p>
        </Empty>
    }
}

/// Which parts of the filter leave nothing, each with a way to leave it out.
#[component]
fn Nothing(filter: RecordingFilter, searched: Option<Searched>, older: bool) -> impl IntoView {
    let why = why_nothing(searched, older);
    let without = parts(&filter).into_iter().map(|(part, rest)| (part, address(&rest))).collect();
    view! { <NothingLeft picture=Icon::Search title="No recording matches" why without /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_that_finds_nothing_says_how_many_it_could_not_read() {
        let searched = |unread| Searched { read: 41, unread, shortened: 0 };
        let told = |unread, older| why_nothing(Some(searched(unread)), older);
        assert_eq!(told(0, false), "None of 41 shows it. Leave a part of it out:");
        let unread = "None of 41 shows it. 3 could not be read. Leave a part of it out:";
        assert_eq!(told(3, false), unread);
        assert!(told(3, true).starts_with("None of the 41 newest shows it. 3 could not be read."));
        let shortened = Searched { shortened: 2, ..searched(3) };
        let words = "3 could not be read; 2 could not be searched whole";
        assert_eq!(unread_words(shortened).as_deref(), Some(words));
    }
}
