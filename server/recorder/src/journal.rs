//! The one file into which everything is written first.

mod archiving;
mod recovery;
mod removed;
mod room;
mod segments;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use archiving::Waiting;
pub(crate) use writer::{Command, Seal};

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use broker::port::{
    Clock, Outline, Recorder, RecorderError, RecordingHeader, Shortage, Stretch, Tape, Transcript,
};
use bytes::Bytes;
use domain::{Sealed, SessionId};
use futures::stream::BoxStream;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio::time::timeout;

use crate::disk::{Disk, LocalDisk};
use crate::frame::LARGEST;
use crate::recording::{self, Keys, Shelf, VerifyError};
use crate::tape::{Means, Reel, Track};
use recovery::Leftovers;
use removed::Removed;
use room::Room;
use segments::Segments;
use writer::Writer;

/// How many commands may wait for the writing thread. Their bytes are bounded per session.
const QUEUE: usize = 1_024;
/// How long a recording may take to begin. A disk that hangs is one that cannot be written.
const PATIENCE: Duration = Duration::from_secs(4);
/// How many recordings are read at once: it is work for processors, and may last.
const READERS: usize = 2;
/// How many screens are drawn at once. They have turns of their own, because a terminal waits for
/// each: whoever reads recordings again and again holds up no session.
const SCREENS: usize = 2;
/// How many recordings are archived at once, whatever is read meanwhile.
const ARCHIVES: usize = 1;

/// How the journal is kept.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where `journal` and `recordings` lie; one process at a time uses it.
    pub folder: PathBuf,
    /// When a payload counts as durable.
    pub level: Level,
    /// A segment is closed when it is larger than this, in bytes.
    pub segment_bytes: u64,
    /// No recording begins while less than this is free on the disk, in bytes.
    pub reserve_bytes: u64,
    /// For whom recordings are encrypted once they are over, and who can read them.
    pub keys: Keys,
}

impl Settings {
    /// Level disk, in segments of 64 MiB, 512 MiB in reserve, without keys: recordings stay as they
    /// were written.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            level: Level::Disk,
            segment_bytes: 64 * 1024 * 1024,
            reserve_bytes: 512 * 1024 * 1024,
            keys: Keys::default(),
        }
    }
}

/// When a payload counts as durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// When it survives a power cut.
    Disk,
    /// When it survives the end of the process.
    Process,
}

/// Why the journal is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process uses the folder.
    #[error("another process uses the folder")]
    InUse,
    /// The folder cannot be used.
    #[error("the folder {folder} cannot be used")]
    Unusable {
        /// Which one.
        folder: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}

/// The journal of this process: implements [`Recorder`].
///
/// It works until the first write that fails. From then on nothing is written, in this process,
/// ever again: what the disk holds behind a failed sync is unknown.
pub struct Journal {
    room: Room,
    shelf: Shelf,
    removed: Removed,
    clock: Arc<dyn Clock>,
    disk: Arc<dyn Disk>,
    queue: mpsc::Sender<Command>,
    leftovers: Leftovers,
    readers: Arc<Semaphore>,
    screens: Arc<Semaphore>,
    archives: Arc<Semaphore>,
    keys: Arc<Keys>,
    waiting: Arc<Waiting>,
    _claim: Arc<File>,
}

impl Journal {
    /// Opens the journal on the machine's disk.
    ///
    /// # Errors
    /// The folder cannot be written, or another process uses it.
    pub fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        Self::open_on(settings, clock, Arc::new(LocalDisk))
    }

    /// Opens the journal on another disk: one that counts, or fails.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn open_on(
        settings: &Settings,
        clock: Arc<dyn Clock>,
        disk: Arc<dyn Disk>,
    ) -> Result<Self, OpenError> {
        let folder = &settings.folder;
        let unusable = |cause| OpenError::Unusable { folder: folder.clone(), cause };
        let journal = folder.join("journal");
        DirBuilder::new().recursive(true).mode(0o700).create(&journal).map_err(unusable)?;
        let claim = Arc::new(claim(&journal)?);
        let shelf = Shelf::open(folder.join("recordings")).map_err(unusable)?;
        let keys = Arc::new(settings.keys.clone());
        let removed = Removed::beside(journal.clone());
        let (on, by) = (Arc::clone(&disk), Arc::clone(&keys));
        let leftovers = Leftovers::find(&journal, &removed, &shelf, on, by).map_err(unusable)?;
        let (queue, commands) = mpsc::channel(QUEUE);
        let segments = Segments::begin(
            journal,
            Arc::clone(&claim),
            leftovers.next_segment(),
            settings.segment_bytes,
            shelf.clone(),
            Arc::clone(&disk),
            queue.downgrade(),
        )
        .map_err(unusable)?;
        let room = Room::new(folder.clone(), settings.reserve_bytes, Arc::clone(&disk));
        let by = Arc::clone(&disk);
        let writer = Writer::new(commands, segments, by, settings.level, room.clone());
        writer.start().map_err(unusable)?;
        Ok(Self {
            room,
            shelf,
            removed,
            clock,
            disk,
            queue,
            leftovers,
            readers: Arc::new(Semaphore::new(READERS)),
            screens: Arc::new(Semaphore::new(SCREENS)),
            archives: Arc::new(Semaphore::new(ARCHIVES)),
            keys,
            waiting: Arc::default(),
            _claim: claim,
        })
    }
}

impl Journal {
    async fn start(&self, header: &RecordingHeader) -> Result<Arc<dyn Tape>, RecorderError> {
        let payload = serde_json::to_vec(header)
            .map_err(|cause| RecorderError::Unreadable(cause.to_string()))?;
        if payload.len() > LARGEST {
            return Err(RecorderError::Unreadable("the header is too large".to_owned()));
        }
        let place = self.queue.reserve().await.map_err(|_| RecorderError::Broken)?;
        let (shelf, session) = (self.shelf.clone(), header.session);
        let created = tokio::task::spawn_blocking(move || shelf.create(session)).await;
        let file = created.map_err(|cause| RecorderError::Unreadable(cause.to_string()))??;
        let track = Arc::new(Track::new(file, header.size));
        let (durable, follow) = watch::channel(0);
        let means = Means {
            clock: Arc::clone(&self.clock),
            disk: Arc::clone(&self.disk),
            shelf: self.shelf.clone(),
            queue: self.queue.clone(),
            screens: Arc::clone(&self.screens),
            waiting: Arc::clone(&self.waiting),
        };
        let reel = Reel::new(session, means, Arc::clone(&track), follow);
        let (done, answer) = oneshot::channel();
        place.send(Command::Begin { session, track, durable, payload, done });
        answer.await.map_err(|_| RecorderError::Broken)?;
        Ok(Arc::new(reel))
    }

    /// Reads a sealed recording, beside few others. The work is told whether somebody still waits
    /// for it.
    async fn read<T: Send + 'static>(
        &self,
        session: SessionId,
        work: impl FnOnce(&Path, &Keys, &dyn Fn() -> bool) -> Result<T, VerifyError> + Send + 'static,
    ) -> Result<T, RecorderError> {
        let turn = Arc::clone(&self.readers).acquire_owned().await;
        let (path, keys) = (self.shelf.sealed(session), Arc::clone(&self.keys));
        // It goes with this future.
        let caller = Arc::new(());
        let called = Arc::downgrade(&caller);
        let read = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&path, &keys, &|| called.strong_count() > 0)
        });
        let read = read.await;
        drop(caller);
        read.map_err(|cause| RecorderError::Unreadable(cause.to_string()))?
            .map_err(RecorderError::from)
    }
}

#[async_trait]
impl Recorder for Journal {
    async fn begin(&self, header: &RecordingHeader) -> Result<Arc<dyn Tape>, RecorderError> {
        let silent = |_| RecorderError::Unreadable("the disk does not answer".to_owned());
        timeout(PATIENCE, self.start(header)).await.map_err(silent)?
    }

    async fn recover(&self) -> Result<Vec<(SessionId, Sealed)>, RecorderError> {
        let leftovers = self.leftovers.clone();
        let recovered = tokio::task::spawn_blocking(move || leftovers.recover())
            .await
            .map_err(|cause| RecorderError::Unreadable(cause.to_string()))??;
        for (session, _) in &recovered {
            self.waiting.add(*session);
        }
        Ok(recovered)
    }

    async fn outline(&self, session: SessionId) -> Result<Outline, RecorderError> {
        self.read(session, |path, keys, _| recording::outline(path, keys)).await
    }

    async fn stretch(&self, session: SessionId, at_us: u64) -> Result<Stretch, RecorderError> {
        self.read(session, move |path, keys, _| recording::stretch(path, keys, at_us)).await
    }

    async fn transcript(&self, session: SessionId) -> Result<Transcript, RecorderError> {
        self.read(session, |path, keys, _| recording::transcript(path, keys)).await
    }

    async fn prove(&self, session: SessionId) -> Result<(Sealed, Option<String>), RecorderError> {
        let (verified, file) = self.read(session, recording::prove).await?;
        Ok((verified.sealed, file))
    }

    async fn asciicast(
        &self,
        session: SessionId,
    ) -> Result<BoxStream<'static, Result<Bytes, RecorderError>>, RecorderError> {
        let path = self.shelf.sealed(session);
        if !tokio::fs::try_exists(&path).await? {
            return Err(RecorderError::NotFound);
        }
        Ok(recording::asciicast(path, Arc::clone(&self.keys)))
    }

    fn works(&self) -> bool {
        !self.queue.is_closed()
    }

    fn shortage(&self) -> Option<Shortage> {
        self.room.shortage()
    }
}

/// Makes this process the only one in the folder, until its threads are done with it or it ends,
/// however it ends.
fn claim(journal: &Path) -> Result<File, OpenError> {
    let path = journal.join("lock");
    let unusable = |cause| OpenError::Unusable { folder: journal.to_owned(), cause };
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
        Err(TryLockError::Error(cause)) => Err(unusable(cause)),
    }
}
