//! For whom recordings are encrypted, how long they are kept, and how safely they are written.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::document::Mistake;
use domain::duration;
use recorder::Level;
use serde::Deserialize;
use serde_saphyr::Spanned;

/// What an operator decides of recordings.
#[derive(Debug)]
pub struct RecordingsConfig {
    /// Age recipients, as text; none for a key of the portal's own.
    pub recipients: Vec<String>,
    /// The identities with which pages play recordings.
    pub identity_file: Option<PathBuf>,
    /// Recordings that are older are removed; none keeps them for good.
    pub keep: Option<Duration>,
    /// What all recordings together may take, in bytes; the oldest are removed first.
    pub quota: Option<u64>,
    /// No session starts while less than this is free on the disk, in bytes; none for the
    /// recorder's own choice.
    pub reserve: Option<u64>,
    /// When output counts as recorded.
    pub durable: Level,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordingsDocument {
    #[serde(default)]
    recipients: Vec<Spanned<String>>,
    identity_file: Option<Spanned<PathBuf>>,
    keep: Option<Spanned<String>>,
    quota: Option<Spanned<String>>,
    reserve: Option<Spanned<String>>,
    durable: Option<Durable>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Durable {
    Disk,
    Process,
}

impl RecordingsDocument {
    pub(super) fn checked(self, base: &Path) -> Result<RecordingsConfig, Mistake> {
        for text in &self.recipients {
            recorder::Keys::of(std::slice::from_ref(&text.value), None)
                .map_err(|bad| Mistake::at(text, "recordings.recipients", &bad.to_string()))?;
        }
        if let (true, Some(file)) = (self.recipients.is_empty(), &self.identity_file) {
            let problem = "needs recipients: what it reads must be encrypted for it";
            return Err(Mistake::at(file, "recordings.identity_file", problem));
        }
        let keep = self.keep.as_ref().map(|text| {
            duration::parse(&text.value)
                .map_err(|problem| Mistake::at(text, "recordings.keep", &problem))
        });
        Ok(RecordingsConfig {
            recipients: self.recipients.into_iter().map(|text| text.value).collect(),
            identity_file: self.identity_file.map(|file| base.join(file.value)),
            keep: keep.transpose()?,
            quota: bytes(self.quota.as_ref(), "recordings.quota")?,
            reserve: bytes(self.reserve.as_ref(), "recordings.reserve")?,
            durable: match self.durable {
                None | Some(Durable::Disk) => Level::Disk,
                Some(Durable::Process) => Level::Process,
            },
        })
    }
}

fn bytes(text: Option<&Spanned<String>>, field: &str) -> Result<Option<u64>, Mistake> {
    let read = |text: &Spanned<String>| {
        size(&text.value).ok_or_else(|| {
            let problem = format!("{:?} is not a size such as 500 MiB or 50GiB", text.value);
            Mistake::at(text, field, &problem)
        })
    };
    text.map(read).transpose()
}

/// Reads a number of bytes with its unit; zero is none.
fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim_start() {
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        "TiB" => 40,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(1 << shift).filter(|bytes| *bytes > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_unit() {
        assert_eq!(size("50GiB"), Some(50 << 30));
        assert_eq!(size(" 500 MiB"), Some(500 << 20));
        for wrong in ["", "50", "50GB", "-1GiB", "0 MiB", "GiB", "99999999999TiB", "1.5GiB"] {
            assert_eq!(size(wrong), None, "{wrong:?}");
        }
    }
}
