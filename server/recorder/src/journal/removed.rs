//! Recordings that were removed while the journal still had their frames.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use domain::SessionId;

use crate::disk;

/// Marks beside the journal, an empty file each: a recovery puts nothing back that has one. A mark
/// goes with the last segment in which frames of its session can be.
#[derive(Debug, Clone)]
pub(super) struct Removed {
    folder: PathBuf,
}

impl Removed {
    pub(super) fn beside(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Marks a recording; durable on return.
    pub(super) fn mark(&self, session: SessionId) -> io::Result<()> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.path(session))?;
        disk::sync_folder(&self.folder)
    }

    /// The recordings that are marked.
    pub(super) fn marked(&self) -> io::Result<BTreeSet<SessionId>> {
        let mut sessions = BTreeSet::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "removed") {
                let named = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
                sessions.extend::<Option<SessionId>>(named);
            }
        }
        Ok(sessions)
    }

    /// Takes marks away, once it is durable that the segments before are gone.
    pub(super) fn forget(&self, sessions: &BTreeSet<SessionId>) -> io::Result<()> {
        if sessions.is_empty() {
            return Ok(());
        }
        disk::sync_folder(&self.folder)?;
        sessions.iter().try_for_each(|session| disk::remove(&self.path(*session)))
    }

    fn path(&self, session: SessionId) -> PathBuf {
        self.folder.join(format!("{session}.removed"))
    }
}
