//! Where recordings lie.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use domain::SessionId;
use jiff::Timestamp;

use super::PREFACE;
use crate::disk::{self, Disk};

/// A recording that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Whose it is.
    pub session: SessionId,
    /// When the session was asked for; where its name does not say so, when the file was written.
    pub began_at: Timestamp,
    /// Bytes on the disk.
    pub bytes: u64,
    /// Whether a file `SESSION.keep` lies beside it.
    pub kept: bool,
}

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

    /// An archive that is made; nothing reads it before it has its place.
    fn archive(&self, session: SessionId) -> PathBuf {
        self.folder.join(format!("{session}.archive"))
    }

    /// Says that a recording is to be kept, whatever its age.
    fn keep(&self, session: SessionId) -> PathBuf {
        self.folder.join(format!("{session}.keep"))
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

    /// Finishes a recording whose last frame is its seal. It gets its final form later, see
    /// `archive`.
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

    /// The recordings that are sealed and not archived. Archives that were not completed are
    /// removed.
    pub(crate) fn unarchived(&self) -> io::Result<Vec<SessionId>> {
        let mut sessions = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("archive") => fs::remove_file(&path)?,
                Some("rec") if is_plain(&path)? => sessions.extend(named(&path)),
                _ => {}
            }
        }
        Ok(sessions)
    }

    /// Begins the archive of a sealed recording, anew where one was begun; none where it is
    /// archived already, or gone.
    pub(crate) fn begin_archive(&self, session: SessionId) -> io::Result<Option<File>> {
        if !is_plain(&self.sealed(session))? {
            return Ok(None);
        }
        self.drop_archive(session)?;
        disk::create(&self.archive(session)).map(Some)
    }

    /// Gives up an archive.
    pub(crate) fn drop_archive(&self, session: SessionId) -> io::Result<()> {
        disk::remove(&self.archive(session))
    }

    /// Puts an archive in the place of its recording.
    pub(crate) fn adopt(&self, session: SessionId) -> io::Result<()> {
        fs::rename(self.archive(session), self.sealed(session))?;
        self.sync()
    }

    /// The recordings that are over, oldest first.
    pub(crate) fn stored(&self) -> io::Result<Vec<Stored>> {
        let mut stored = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let Some(session) = named(&path).filter(|session| self.sealed(*session) == path) else {
                continue;
            };
            let metadata = fs::metadata(&path)?;
            let began_at = began_at(session).map_or_else(|| metadata.modified(), Ok)?;
            let began_at = Timestamp::try_from(began_at).map_err(io::Error::other)?;
            let kept = self.keep(session).exists();
            stored.push(Stored { session, began_at, bytes: metadata.len(), kept });
        }
        stored.sort_by_key(|stored| (stored.began_at, stored.session));
        Ok(stored)
    }

    /// Removes a finished recording, and what was put aside of it: a recovery would make another
    /// one of that.
    pub(crate) fn remove(&self, session: SessionId) -> io::Result<()> {
        disk::remove(&self.damaged(session))?;
        disk::remove(&self.sealed(session))?;
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

/// Whether a sealed recording lies there as it was written.
fn is_plain(path: &Path) -> io::Result<bool> {
    let mut beginning = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(PREFACE.len() as u64).read_to_end(&mut beginning)?,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(cause) => return Err(cause),
    };
    Ok(beginning == PREFACE)
}

/// When a session was asked for: its name says so.
fn began_at(session: SessionId) -> Option<SystemTime> {
    let (seconds, nanoseconds) = session.0.get_timestamp()?.to_unix();
    SystemTime::UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds))
}
