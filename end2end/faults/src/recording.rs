//! What is left of sessions: recordings and events, as an auditor gets them.

use anyhow::{Context as _, ensure};
use client::portal::{Person, words};
use domain::SessionId;
use serde_json::Value;

/// All output that a session's recording holds, from its asciicast v3
/// (<https://docs.asciinema.org/manual/asciicast/v3/>); only for output that is UTF-8.
///
/// # Errors
/// When it cannot be downloaded, or is none.
pub async fn recording(auditor: &Person, session: SessionId) -> anyhow::Result<String> {
    let text = auditor.page(&format!("/recordings/{session}/download")).await?.text();
    ensure!(text.ends_with('\n'), "the recording's last line is not whole");
    let mut lines = text.lines();
    let header: Value = serde_json::from_str(lines.next().unwrap_or_default())?;
    ensure!(header["version"] == 3, "this is no asciicast v3: {header}");
    let mut output = String::new();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let (_, code, data): (f64, &str, String) = serde_json::from_str(line)?;
        if code == "o" {
            output += &data;
        }
    }
    Ok(output)
}

/// An event of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1.
    pub number: u64,
    /// Its kind, as `session-ended`.
    pub kind: String,
    /// All that the page says of it.
    pub text: String,
}

/// The audit log, oldest first; of one request, grant or session where it is given.
///
/// # Errors
/// When it cannot be read.
pub async fn events(auditor: &Person, about: Option<&str>) -> anyhow::Result<Vec<Entry>> {
    let about = about.map(|id| format!("&about={id}")).unwrap_or_default();
    let mut entries: Vec<Entry> = Vec::new();
    let mut before = i64::MAX as u64;
    loop {
        let page = auditor.page(&format!("/audit?before={before}{about}")).await?.text();
        let rows = page.split("<li id=\"event-").skip(1);
        let read = rows.map(entry).collect::<anyhow::Result<Vec<_>>>()?;
        let Some(last) = read.last() else { break };
        before = last.number;
        entries.extend(read);
    }
    entries.reverse();
    Ok(entries)
}

fn entry(row: &str) -> anyhow::Result<Entry> {
    let row = row.split("</li>").next().unwrap_or_default();
    let (number, rest) = row.split_once('"').context("an event has no number")?;
    let kind = rest.split("kind mono\">").nth(1).and_then(|kind| kind.split('<').next());
    let kind = kind.context("an event has no kind")?.to_owned();
    Ok(Entry { number: number.parse()?, kind, text: words(&format!("<li {rest}")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_from_its_row() {
        let row = r#"7" data-tone="good"><details><small class="kind mono">session-live</small></details></li><li id="#;
        let read = entry(row).unwrap();
        assert_eq!((read.number, read.kind.as_str()), (7, "session-live"));
        assert_eq!(read.text, "session-live");
    }
}
