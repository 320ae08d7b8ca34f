//! Recordings as rows of a table.

use std::time::Duration;

use domain::broker::{Hit, RecordingRow, Searched};
use domain::{Review, SessionId, duration};
use leptos::prelude::*;

use super::unread_words;
use crate::PageContext;
use crate::pages::address;
use crate::parts::{Ago, Marked, Table, Tag, Target, Tone, clock, who};

/// Recordings with what can be done about them.
#[component]
pub(super) fn Recordings(
    rows: Vec<RecordingRow>,
    /// What was looked for in them.
    shown: Option<String>,
    searched: Option<Searched>,
) -> impl IntoView {
    let caption = match (rows.len(), searched) {
        (1, None) => "1 recording".to_owned(),
        (count, None) => format!("{count} recordings, newest first"),
        (count, Some(searched)) => {
            let read = searched.read;
            let unread = unread_words(searched);
            let unread = unread.map(|words| format!("; {words}")).unwrap_or_default();
            format!("{count} of {read} recordings show it, newest first{unread}")
        }
    };
    view! {
        <Table
            class="recordings"
            caption
            columns=&["Container", "Who", "Ended", "Length", "Reviewed"]
        >
            {rows
                .into_iter()
                .map(|row| view! { <Row row shown=shown.clone() /> })
                .collect_view()}
        </Table>
        <Preload />
    }
    .into_any()
}

/// Fetches what a player needs while somebody chooses.
#[component]
fn Preload() -> impl IntoView {
    let assets = PageContext::current().assets;
    ["player.js", "player.css"]
        .into_iter()
        .map(|name| view! { <link rel="prefetch" href=assets.path(name) /> })
        .collect_view()
}

#[component]
fn Row(row: RecordingRow, shown: Option<String>) -> impl IntoView {
    let RecordingRow { session: row, ended_at, sealed, review, hit, .. } = row;
    let id = row.session.id;
    let described = format!("recording-{id}-target");
    let length = Duration::try_from(ended_at.duration_since(row.session.asked_at));
    view! {
        <tr id=format!("recording-{id}") data-item>
            <td class="main">
                <Target
                    row=row.clone()
                    id=described.clone()
                    href=format!("/recordings/{id}")
                />
                {hit.zip(shown).map(|(hit, shown)| view! { <Found id hit shown /> })}
            </td>
            <td data-label="Who">
                {who(&row)}
                <small>
                    <a
                        href=format!("/requests/{}", row.request)
                        aria-describedby=described.clone()
                    >
                        "request"
                    </a>
                </small>
            </td>
            <td data-label="Ended">
                <Ago at=ended_at />
            </td>
            <td data-label="Length">
                {duration::words(length.unwrap_or_default())} <small>{size(sealed.bytes)}</small>
            </td>
            <td data-label="Reviewed">
                <Reviewed review />
            </td>
            <td class="end">
                <div class="row">
                    <a
                        class="button"
                        data-kind="main"
                        href=format!("/recordings/{id}")
                        aria-describedby=described.clone()
                    >
                        "Play"
                    </a>
                    <a
                        class="button"
                        href=format!("/recordings/{id}/download")
                        download
                        aria-describedby=described
                    >
                        "Download"
                    </a>
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// The first line that shows what was looked for, as a link to the second by which it is shown.
#[component]
fn Found(id: SessionId, hit: Hit, shown: String) -> impl IntoView {
    let second = hit.line.at_us.div_ceil(1_000_000).to_string();
    let href = address(
        &format!("/recordings/{id}"),
        &[("t", Some(second.as_str())), ("q", Some(shown.as_str()))],
    );
    let more = match hit.lines {
        0 | 1 => None,
        2 => Some("and 1 more line".to_owned()),
        lines => Some(format!("and {} more lines", lines - 1)),
    };
    view! {
        <a class="hit" href=href>
            <span class="at">{clock(hit.line.at_us)}</span>
            <code>
                <Marked text=hit.line.text sought=shown />
            </code>
        </a>
        {more.map(|more| view! { <small>{more}</small> })}
    }
    .into_any()
}

/// Who reviewed it and when.
#[component]
fn Reviewed(review: Option<Review>) -> impl IntoView {
    match review {
        None => view! { <Tag tone=Tone::Plain text="not yet" /> }.into_any(),
        Some(review) => view! {
            <Tag tone=Tone::Good text=format!("by {}", review.by.username) />
            <small>
                <Ago at=review.at />
            </small>
        }
        .into_any(),
    }
}

/// Bytes in the largest unit that keeps them above one.
fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    UNITS.iter().find(|(_, unit)| bytes >= *unit).map_or_else(
        || format!("{bytes} bytes"),
        |(name, unit)| format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_with_one_decimal() {
        assert_eq!(size(512), "512 bytes");
        assert_eq!(size(1_536), "1.5 KiB");
        assert_eq!(size(104_857_600), "100.0 MiB");
    }
}
