//! `shorepass recording verify`

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use domain::{hex, text};
use recorder::{Closing, Keys, VerifyError};
use sha2::{Digest as _, Sha256};

use super::Identity;
use crate::command::print;

/// Longest title that is printed, in characters.
const LONGEST_TITLE: usize = 200;

#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    identity: Identity,
    /// The recordings
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Verify {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let keys = self.identity.keys()?;
        let mut unproven = 0;
        for file in &self.files {
            let (name, digest) = (file.display().to_string(), digest(file));
            let name = text::seen(&name, usize::MAX);
            let told = match recorder::verify(file, &keys) {
                Ok(verified) => sound(&verified),
                Err(cause) => {
                    unproven += 1;
                    unsound(&cause, &keys)
                }
            };
            let digest = digest.unwrap_or_else(|_| "cannot be read".to_owned());
            print(&format!("{name}\n{told}  file      SHA-256 {digest}\n"))?;
        }
        match unproven {
            0 => Ok(()),
            _ => bail!("{unproven} of {} recordings are not proven", self.files.len()),
        }
    }
}

fn sound(verified: &recorder::Verified) -> String {
    let recorder::Verified { header, sealed, closing, frames } = verified;
    let title = text::seen(&header.title, LONGEST_TITLE);
    let closing = match closing {
        Closing::Orderly => "sealed when its session ended",
        Closing::Interrupted => "sealed after the portal had stopped without sealing it",
    };
    format!(
        "  whole     {frames} frames, {} bytes of output, {closing}\n  session   {}\n  \
         of        {title}\n  began     {}\n  seal      blake3 {}\n            \
         The audit log must have the same for this session.\n",
        sealed.bytes, header.session, header.began_at, sealed.digest
    )
}

fn unsound(cause: &VerifyError, keys: &Keys) -> String {
    let hint = match cause {
        VerifyError::Locked if !keys.decrypt() => " (--identity names a key)",
        _ => "",
    };
    format!("  not proven: {cause}{hint}\n")
}

/// SHA-256 of the file as it lies on the disk: it needs no key.
fn digest(file: &Path) -> anyhow::Result<String> {
    let mut digest = Sha256::new();
    io::copy(&mut File::open(file)?, &mut digest).context("it cannot be read")?;
    Ok(hex(&digest.finalize()))
}
