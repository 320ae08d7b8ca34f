//! Where recordings lie.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use domain::SessionId;

use crate::disk::{self, Disk};

/// A folder of recordings.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// Opens the folder; makes it where it is missing.
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        Ok(Self { folder })
    }

    /// The recording of a session that runs, or was cut off.
    pub(crate) fn part(&self, session: SessionId) -> PathBuf {
        self.folder.join(format!("{session}.part"))
    }

    /// The recording of a session that is over.
    pub(crate) fn sealed(&self, session: SessionId) -> PathBuf {
        self.folder.join(format!("{session}.rec"))
    }

    /// A recording that is not whole, put aside as it was found.
    pub(crate) fn damaged(&self, session: SessionId) -> PathBuf {
        self.folder.join(format!("{session}.damaged"))
    }

    /// The sessions whose recordings are not finished.
    pub(crate) fn unfinished(&self) -> io::Result<BTreeSet<SessionId>> {
        let mut sessions = BTreeSet::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let unfinished = |extension| extension == "part" || extension == "damaged";
            if path.extension().is_some_and(unfinished) {
                sessions.extend(named(&path).filter(|session| !self.sealed(*session).exists()));
            }
        }
        Ok(sessions)
    }

    /// Begins the recording of a session that has none.
    pub(crate) fn create(&self, session: SessionId) -> io::Result<File> {
        if self.sealed(session).exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        disk::create(&self.part(session))
    }

    /// Finishes a recording whose last frame is its seal. This is the one place where a recording
    /// gets its final form.
    pub(crate) fn finish(
        &self,
        session: SessionId,
        file: &File,
        disk: &dyn Disk,
    ) -> io::Result<()> {
        disk.sync(file)?;
        fs::rename(self.part(session), self.sealed(session))?;
        self.sync()
    }

    /// Makes the names in the folder durable.
    pub(crate) fn sync(&self) -> io::Result<()> {
        disk::sync_folder(&self.folder)
    }
}

fn named(path: &Path) -> Option<SessionId> {
    path.file_stem()?.to_str()?.parse().ok()
}
