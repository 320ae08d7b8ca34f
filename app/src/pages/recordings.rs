//! What was shown in sessions that are over.

use std::time::Duration;

use domain::broker::RecordingRow;
use domain::duration;
use leptos::prelude::*;

use crate::parts::{Ago, Content, Empty, Head, Icon, RiskTag, Tab, page};

/// The recordings page.
#[component]
pub(crate) fn RecordingsPage() -> impl IntoView {
    page(Tab::Recordings, |broker| async move {
        let rows = broker.recordings().await?;
        Ok(Content {
            title: "Recordings".to_owned(),
            live: "sessions",
            body: view! { <RecordingsView rows /> }.into_any(),
        })
    })
}

#[component]
fn RecordingsView(rows: Vec<RecordingRow>) -> impl IntoView {
    let line = || "What terminals showed, byte for byte. Reading one is an event of the audit log.";
    view! {
        <Head title="Recordings" line />
        {if rows.is_empty() {
            view! {
                <Empty picture=Icon::Play title="No recordings">
                    <p>
                        "Each terminal is recorded while it runs. When it has ended, its recording is sealed and listed here for its person and for auditors."
                    </p>
                </Empty>
            }
            .into_any()
        } else {
            view! { <Table rows /> }.into_any()
        }}
    }
    .into_any()
}

#[component]
fn Table(rows: Vec<RecordingRow>) -> impl IntoView {
    let caption = match rows.len() {
        1 => "1 recording".to_owned(),
        count => format!("{count} recordings, newest first"),
    };
    view! {
        <table>
            <caption>{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"Container"</th>
                    <th scope="col">"Who"</th>
                    <th scope="col">"Ended"</th>
                    <th scope="col">"Length"</th>
                    <th scope="col">"Seal"</th>
                    <th scope="col">
                        <span class="unseen">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody data-list>{rows.into_iter().map(|row| view! { <Row row /> }).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Row(row: RecordingRow) -> impl IntoView {
    let RecordingRow { session: row, ended_at, sealed } = row;
    let id = row.session.id;
    let target = row.session.target;
    let described = format!("recording-{id}-target");
    let length = Duration::try_from(ended_at.duration_since(row.session.asked_at));
    let seal = sealed.digest.get(..12).unwrap_or(&sealed.digest).to_owned();
    view! {
        <tr id=format!("recording-{id}") data-item>
            <td class="main">
                <a id=described.clone() href=format!("/sessions/{id}") class="name">
                    {target.pod.to_string()}
                </a>
                <small>
                    {format!("container {}", target.container)} " · "
                    {target.place.namespace.to_string()} " " <RiskTag risk=row.risk />
                </small>
            </td>
            <td data-label="Who">
                {if row.own { "you".to_owned() } else { row.session.person.username.to_string() }}
            </td>
            <td data-label="Ended">
                <Ago at=ended_at />
            </td>
            <td data-label="Length">
                {duration::words(length.unwrap_or_default())} <small>{size(sealed.bytes)}</small>
            </td>
            <td data-label="Seal">
                <code title=format!("blake3 {}", sealed.digest)>{seal}</code>
                <small>
                    <a href=format!("/requests/{}", row.request)>"request"</a>
                </small>
            </td>
            <td class="end">
                <a
                    class="button"
                    href=format!("/recordings/{id}/download")
                    download
                    aria-describedby=described
                >
                    "Download"
                </a>
            </td>
        </tr>
    }
    .into_any()
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
