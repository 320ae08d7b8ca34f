//! `shorepass recording list`

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use domain::text;
use recorder::VerifyError;

use super::Identity;
use crate::command::print;

/// Longest title that is printed, in characters.
const LONGEST_TITLE: usize = 120;

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    identity: Identity,
    /// Where the recordings are
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

impl List {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let keys = self.identity.keys()?;
        let entries = std::fs::read_dir(&self.folder)
            .with_context(|| format!("{} cannot be read", self.folder.display()))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "rec") {
                files.push(path);
            }
        }
        files.sort();
        let mut unread = 0;
        for file in &files {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let name = text::seen(&name, LONGEST_TITLE);
            let told = match recorder::outline(file, &keys) {
                Ok(outline) => format!(
                    "{}  {} s  {} bytes  {}",
                    outline.header.began_at,
                    outline.length_us / 1_000_000,
                    outline.bytes,
                    text::seen(&outline.header.title, LONGEST_TITLE)
                ),
                Err(VerifyError::Locked) => {
                    unread += 1;
                    "encrypted for another key".to_owned()
                }
                Err(cause) => {
                    unread += 1;
                    cause.to_string()
                }
            };
            print(&format!("{name}  {told}\n"))?;
        }
        match (files.len(), unread) {
            (0, _) => bail!("there is no recording in {}", self.folder.display()),
            (_, 0) => Ok(()),
            (all, unread) => bail!("{unread} of {all} recordings cannot be read"),
        }
    }
}
