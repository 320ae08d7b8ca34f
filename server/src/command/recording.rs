//! `shorepass recording`: offline, on the files alone.

mod export;
mod list;
mod verify;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use recorder::Keys;

#[derive(Debug, Args)]
pub(super) struct Recording {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Proves that recordings are whole, and says what to compare with the audit log
    Verify(verify::Verify),
    /// Writes what was shown to standard output
    Export(export::Export),
    /// Lists the recordings in a folder
    List(list::List),
}

impl Recording {
    pub(super) fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Verify(verify) => verify.run(),
            Command::Export(export) => export.run(),
            Command::List(list) => list.run(),
        }
    }
}

/// Who can read encrypted recordings.
#[derive(Debug, Args)]
struct Identity {
    /// The age identity that opens encrypted recordings
    #[arg(long, value_name = "KEY")]
    identity: Option<PathBuf>,
}

impl Identity {
    fn keys(&self) -> anyhow::Result<Keys> {
        Keys::of(&[], self.identity.as_deref()).context("no recording can be opened")
    }
}

#[cfg(test)]
mod tests;
