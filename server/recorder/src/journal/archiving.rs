//! Sealed recordings on their way to their final form.
//!
//! A recording is sealed as it was written, so that the end of a session waits for nothing. Who
//! owns the journal then archives it: beside it first, then, once the audit log has the archive's
//! digest, in its place. A crash in between leaves the recording as it was sealed, to be archived
//! after the next start.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};

use broker::port::RecorderError;
use domain::SessionId;
use tokio::sync::{Notify, OnceCell};

use super::Journal;
use crate::lock;
use crate::recording::{ArchiveError, Archived, Stored, archive};

/// Sealed recordings that are not archived yet.
#[derive(Default)]
pub(crate) struct Waiting {
    sessions: Mutex<BTreeSet<SessionId>>,
    /// Those that are left alone until they are looked at again.
    postponed: Mutex<BTreeSet<SessionId>>,
    more: Notify,
    /// Set once those of earlier processes are among them.
    found: OnceCell<()>,
}

impl Waiting {
    /// Adds one.
    pub(crate) fn add(&self, session: SessionId) {
        lock(&self.sessions).insert(session);
        self.more.notify_one();
    }
}

impl Journal {
    /// Waits for a sealed recording that is not archived; for ever where nothing is encrypted.
    /// Whoever takes it archives it, or postpones it.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn unarchived(&self) -> Result<SessionId, RecorderError> {
        if !self.keys.encrypt() {
            return std::future::pending().await;
        }
        self.waiting.found.get_or_try_init(|| self.find_unarchived()).await?;
        loop {
            let more = self.waiting.more.notified();
            if let Some(session) = lock(&self.waiting.sessions).pop_first() {
                return Ok(session);
            }
            more.await;
        }
    }

    async fn find_unarchived(&self) -> Result<(), RecorderError> {
        let shelf = self.shelf.clone();
        for session in blocking(move || shelf.unarchived()).await? {
            self.waiting.add(session);
        }
        Ok(())
    }

    /// Leaves a recording alone, so that others have their turn, until [`Journal::resume`].
    pub fn postpone(&self, session: SessionId) {
        lock(&self.waiting.postponed).insert(session);
    }

    /// Whether a recording was postponed.
    pub fn postponed(&self) -> bool {
        !lock(&self.waiting.postponed).is_empty()
    }

    /// Lets those that were postponed wait again.
    pub fn resume(&self) {
        let postponed = std::mem::take(&mut *lock(&self.waiting.postponed));
        for session in postponed {
            self.waiting.add(session);
        }
    }

    /// Makes the archive of a recording beside it; none where it is archived already, or is not
    /// whole and stays as it is.
    ///
    /// # Errors
    /// The archive cannot be written.
    pub async fn archive(&self, session: SessionId) -> Result<Option<Archived>, RecorderError> {
        let turn = Arc::clone(&self.archives).acquire_owned().await;
        let (shelf, disk) = (self.shelf.clone(), Arc::clone(&self.disk));
        let keys = Arc::clone(&self.keys);
        blocking(move || {
            let _turn = turn;
            let Some(file) = shelf.begin_archive(session)? else { return Ok(None) };
            let archived = archive(&shelf.sealed(session), &file, disk.as_ref(), &keys);
            if archived.is_err() {
                shelf.drop_archive(session)?;
            }
            match archived {
                Ok(archived) => Ok(Some(archived)),
                Err(ArchiveError::Io(cause)) => Err(cause),
                Err(ArchiveError::Flawed(cause)) => {
                    let error = domain::text::causes(&cause);
                    tracing::error!(session.id = %session, error, "a recording is damaged");
                    Ok(None)
                }
            }
        })
        .await
    }

    /// Puts an archive in the place of its recording.
    ///
    /// # Errors
    /// It cannot be put there.
    pub async fn adopt(&self, session: SessionId) -> Result<(), RecorderError> {
        let shelf = self.shelf.clone();
        blocking(move || shelf.adopt(session)).await
    }

    /// The recordings that are over, oldest first; not those that wait to be archived.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn stored(&self) -> Result<Vec<Stored>, RecorderError> {
        let shelf = self.shelf.clone();
        let mut stored = blocking(move || shelf.stored()).await?;
        let (waiting, postponed) = (lock(&self.waiting.sessions), lock(&self.waiting.postponed));
        let waits = |session: &SessionId| waiting.contains(session) || postponed.contains(session);
        stored.retain(|stored| !waits(&stored.session));
        Ok(stored)
    }

    /// Removes a recording for good: no later start makes it again from the journal.
    ///
    /// # Errors
    /// It cannot be removed.
    pub async fn remove(&self, session: SessionId) -> Result<(), RecorderError> {
        let (removed, shelf) = (self.removed.clone(), self.shelf.clone());
        blocking(move || {
            removed.mark(session)?;
            shelf.remove(session)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, RecorderError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|cause| RecorderError::Unreadable(cause.to_string()))??)
}
