//! A recording in the making.

mod index;
mod screen;
mod tail;
mod track;

pub(crate) use track::Track;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use broker::port::{Chunk, Clock, RecorderError, Screen, Stream, Tape};
use bytes::Bytes;
use domain::{Sealed, SessionId};
use tokio::sync::{OnceCell, Semaphore, mpsc, watch};
use tokio::time::timeout;

use crate::disk::Disk;
use crate::frame::{Kind, LARGEST};
use crate::journal::{Command, Seal, Waiting};
use crate::lock;
use crate::recording::Shelf;

/// How much of one session may be on its way to the disk, in bytes: enough to keep the disk busy
/// between two syncs, and little enough that a flood leaves room for the others.
const ON_ITS_WAY: usize = 256 * 1024;

/// How long a seal may take: a long recording is synced. What takes longer is sealed at the next
/// start.
const PATIENCE: Duration = Duration::from_mins(1);

/// The handle by which a session is recorded.
pub(crate) struct Reel {
    session: SessionId,
    began: Duration,
    clock: Arc<dyn Clock>,
    disk: Arc<dyn Disk>,
    shelf: Shelf,
    queue: mpsc::Sender<Command>,
    room: Arc<Semaphore>,
    pen: Mutex<Pen>,
    track: Arc<Track>,
    screens: Arc<Semaphore>,
    waiting: Arc<Waiting>,
    durable: watch::Receiver<u64>,
    /// Kept with the sender of `durable`, so that the end of a recording is not taken for a
    /// broken journal.
    sealed: OnceCell<(Sealed, Option<watch::Sender<u64>>)>,
}

/// What was handed over: frames are numbered in the order in which the pen is held.
struct Pen {
    offset: u64,
    sealed: bool,
}

/// What a recording is made with.
pub(crate) struct Means {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) shelf: Shelf,
    pub(crate) queue: mpsc::Sender<Command>,
    /// Who draws a screen takes a turn.
    pub(crate) screens: Arc<Semaphore>,
    /// Where it is archived once it is sealed.
    pub(crate) waiting: Arc<Waiting>,
}

impl Reel {
    pub(crate) fn new(
        session: SessionId,
        means: Means,
        track: Arc<Track>,
        durable: watch::Receiver<u64>,
    ) -> Self {
        let Means { clock, disk, shelf, queue, screens, waiting } = means;
        Self {
            session,
            began: clock.since_boot(),
            clock,
            disk,
            shelf,
            queue,
            room: Arc::new(Semaphore::new(ON_ITS_WAY)),
            pen: Mutex::new(Pen { offset: 0, sealed: false }),
            track,
            screens,
            waiting,
            durable,
            sealed: OnceCell::new(),
        }
    }

    fn time_us(&self) -> u64 {
        let time = self.clock.since_boot().saturating_sub(self.began);
        u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
    }

    /// Hands over one frame.
    async fn hand_over(&self, kind: Kind, bytes: Bytes) -> Result<u64, RecorderError> {
        let length = bytes.len();
        let weight = u32::try_from(length).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(weight).await.map_err(broken)?;
        let place = self.queue.reserve().await.map_err(broken)?;
        let mut pen = lock(&self.pen);
        if pen.sealed {
            return Err(RecorderError::Unreadable("the recording is sealed".to_owned()));
        }
        if kind.is_shown() {
            pen.offset += length as u64;
        }
        let (session, time_us) = (self.session, self.time_us());
        place.send(Command::Append { session, kind, time_us, bytes, room });
        Ok(pen.offset)
    }

    async fn close(&self) -> Result<(Sealed, Option<watch::Sender<u64>>), RecorderError> {
        let (done, answer) = tokio::sync::oneshot::channel();
        {
            let place = self.queue.reserve().await.map_err(broken)?;
            let mut pen = lock(&self.pen);
            if std::mem::replace(&mut pen.sealed, true) {
                return Err(RecorderError::Unreadable("the seal was given up".to_owned()));
            }
            place.send(Command::Seal { session: self.session, time_us: self.time_us(), done });
        }
        let Seal { sealed, durable } = answer.await.map_err(broken)?;
        let (shelf, disk, session) = (self.shelf.clone(), Arc::clone(&self.disk), self.session);
        let (track, waiting) = (Arc::clone(&self.track), Arc::clone(&self.waiting));
        let finished = tokio::task::spawn_blocking(move || {
            shelf.finish(session, track.file(), disk.as_ref())?;
            waiting.add(session);
            Ok::<_, std::io::Error>(())
        });
        match finished.await {
            Ok(Ok(())) => {
                // Where there is no room, its file stays open until the segment is closed.
                let _ = self.queue.try_send(Command::Finished { session });
                Ok((sealed, durable))
            }
            failed => {
                tracing::error!(session.id = %session, ?failed, "a recording was not finished");
                let _ = self.queue.send(Command::Break).await;
                Err(RecorderError::Broken)
            }
        }
    }
}

#[async_trait]
impl Tape for Reel {
    async fn append(&self, stream: Stream, mut bytes: Bytes) -> Result<u64, RecorderError> {
        let kind = match stream {
            Stream::Output => Kind::Output,
            Stream::Error => Kind::Error,
            Stream::Size => Kind::Size,
            Stream::Exit => Kind::Exit,
        };
        loop {
            // Whether the journal is broken or a flood was ended: nothing is kept any more.
            if self.durable.has_changed().is_err() {
                return Err(RecorderError::Broken);
            }
            let piece = bytes.split_to(bytes.len().min(LARGEST));
            let end = self.hand_over(kind, piece).await?;
            if bytes.is_empty() {
                return Ok(end);
            }
        }
    }

    fn durable(&self) -> watch::Receiver<u64> {
        self.durable.clone()
    }

    async fn read(&self, offset: u64, most: usize) -> Result<Chunk, RecorderError> {
        let durable = *self.durable.borrow();
        let most = usize::try_from(durable.saturating_sub(offset)).unwrap_or(most).min(most);
        if most == 0 {
            return Ok(Chunk { offset, stream: Stream::Output, bytes: Bytes::new() });
        }
        if let Some((stream, bytes)) = self.track.recent(offset, most) {
            return Ok(Chunk { offset, stream, bytes });
        }
        let track = Arc::clone(&self.track);
        let read = tokio::task::spawn_blocking(move || track.older(offset, most));
        let read = read.await.map_err(|cause| RecorderError::Unreadable(cause.to_string()))?;
        let (stream, bytes) = read?;
        Ok(Chunk { offset, stream, bytes })
    }

    async fn screen(&self, back: u64) -> Result<Option<Screen>, RecorderError> {
        let until = self.durable.borrow().saturating_sub(back);
        if until == 0 {
            return Ok(None);
        }
        let (track, turn) = (Arc::clone(&self.track), Arc::clone(&self.screens).acquire_owned());
        let turn = turn.await;
        let drawn = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            track.screen(until)
        });
        drawn.await.map_err(|cause| RecorderError::Unreadable(cause.to_string()))?.map(Some)
    }

    async fn seal(&self) -> Result<Sealed, RecorderError> {
        let silent = |_| RecorderError::Unreadable("the disk does not answer".to_owned());
        let close = async || timeout(PATIENCE, self.close()).await.map_err(silent)?;
        self.sealed.get_or_try_init(close).await.map(|(sealed, _)| sealed.clone())
    }
}

/// The writing thread is gone: it never goes before the journal is broken.
fn broken<E>(_: E) -> RecorderError {
    RecorderError::Broken
}
