//! The one thread that writes.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use broker::port::Shortage;
use bytes::Bytes;
use domain::{Sealed, SessionId, hex};
use tokio::runtime::{self, Runtime};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::Level;
use super::room::Room;
use super::segments::Segments;
use crate::disk::Disk;
use crate::frame::{Chain, HEAD, Kind};
use crate::recording::{Closing, PREFACE};
use crate::tape::Track;

/// The most that is written between two syncs, in bytes.
const BATCH: usize = 4 * 1024 * 1024;
/// How often memory that is not needed is given back while sessions run, and a flood that fills the
/// disk is ended.
const REST: Duration = Duration::from_secs(1);
/// While the disk is nearly full, a session may write this part of what is free. The less is free,
/// the less it takes to be ended; whoever only types stays far below it until nothing is left.
const SHARE: u64 = 16;

/// What the thread is told.
pub(crate) enum Command {
    /// Begin a recording.
    Begin {
        session: SessionId,
        track: Arc<Track>,
        durable: watch::Sender<u64>,
        payload: Vec<u8>,
        done: oneshot::Sender<()>,
    },
    /// Add a frame.
    Append {
        session: SessionId,
        kind: Kind,
        time_us: u64,
        bytes: Bytes,
        /// Given back when the frame is durable.
        room: OwnedSemaphorePermit,
    },
    /// End a recording.
    Seal { session: SessionId, time_us: u64, done: oneshot::Sender<Seal> },
    /// Close the file of a sealed recording: it is synced, and needs the journal no more.
    Finished { session: SessionId },
    /// Stop for good: a file could not be synced elsewhere.
    Break,
}

/// A seal that is durable and in the recording's file.
pub(crate) struct Seal {
    pub(crate) sealed: Sealed,
    /// Goes on living with the tape; none where the session was ended before.
    pub(crate) durable: Option<watch::Sender<u64>>,
}

/// The thread's state. Dropping it is what breaks the journal: the queue closes, every sender of
/// a durable offset and every answer that is waited for goes.
pub(super) struct Writer {
    commands: mpsc::Receiver<Command>,
    segments: Segments,
    disk: Arc<dyn Disk>,
    level: Level,
    room: Room,
    live: HashMap<SessionId, Live>,
    batch: Batch,
    /// Recordings that were sealed or left and are not known to be synced, with frames in this
    /// segment.
    finished: HashMap<SessionId, Arc<File>>,
}

/// A session that is recorded.
struct Live {
    /// Gone when nobody can add to it any more.
    track: Weak<Track>,
    file: Arc<File>,
    /// None once nothing but the seal is added: whoever follows it hears that.
    durable: Option<watch::Sender<u64>>,
    chain: Chain,
    /// Length of the recording's file, in bytes.
    position: u64,
    /// What that was when the disk had room last, in bytes.
    before_shortage: u64,
    /// Whether it has frames in this segment.
    here: bool,
}

/// Frames that become durable together.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    frames: HashMap<SessionId, Vec<Frame>>,
    rooms: Vec<OwnedSemaphorePermit>,
    begun: Vec<oneshot::Sender<()>>,
    sealed: Vec<(SessionId, oneshot::Sender<Seal>)>,
}

/// A frame of the batch.
struct Frame {
    kind: Kind,
    offset: u64,
    place: Range<usize>,
}

impl Writer {
    /// A writer that has nothing to do yet.
    pub(super) fn new(
        commands: mpsc::Receiver<Command>,
        segments: Segments,
        disk: Arc<dyn Disk>,
        level: Level,
        room: Room,
    ) -> Self {
        let (live, batch, finished) = (HashMap::new(), Batch::default(), HashMap::new());
        Self { commands, segments, disk, level, room, live, batch, finished }
    }

    /// Starts the thread; it runs until the journal is dropped or broken.
    pub(super) fn start(mut self) -> io::Result<()> {
        // The queue is asynchronous for the sake of the sessions; here only its clock is needed.
        let runtime = runtime::Builder::new_current_thread().enable_time().build()?;
        thread::Builder::new().name("journal".to_owned()).spawn(move || {
            if let Err(cause) = self.run(&runtime) {
                tracing::error!(%cause, "the journal is broken");
            }
        })?;
        Ok(())
    }

    fn run(&mut self, runtime: &Runtime) -> io::Result<()> {
        let mut pause = runtime.block_on(async { interval(REST) });
        pause.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while let Some(command) = runtime.block_on(self.next(&mut pause)) {
            self.take(command)?;
            while self.batch.bytes.len() < BATCH
                && let Ok(command) = self.commands.try_recv()
            {
                self.take(command)?;
            }
            self.commit()?;
        }
        Ok(())
    }

    /// Waits for a command; meanwhile gives memory back.
    async fn next(&mut self, pause: &mut Interval) -> Option<Command> {
        // Where the queue is never empty, the runtime's clock would not go on without it.
        tokio::task::yield_now().await;
        loop {
            tokio::select! {
                biased;
                _ = pause.tick(), if !self.live.is_empty() => self.rest(),
                command = self.commands.recv() => return command,
            }
        }
    }

    fn rest(&mut self) {
        let left = |live: &Live| live.track.upgrade().inspect(|track| track.rest()).is_none();
        let left = self.live.extract_if(|_, live| left(live));
        self.finished.extend(left.map(|(session, live)| (session, live.file)));
        self.batch.bytes.shrink_to(HEAD);
        self.end_flood();
    }

    /// While the disk is nearly full, ends the session that has written the most since it became
    /// so: one that floods must not take the room in which the others go on (T-08).
    fn end_flood(&mut self) {
        let Some(Shortage { free, .. }) = self.room.shortage() else {
            for live in self.live.values_mut() {
                live.before_shortage = live.position;
            }
            return;
        };
        let running = self.live.iter_mut().filter(|(_, live)| live.durable.is_some());
        if let Some((session, live)) = running.max_by_key(|(_, live)| live.grown())
            && live.grown() > free / SHARE
        {
            let grown = live.grown();
            tracing::error!(session.id = %session, grown, free, "a session fills the disk: it ends");
            live.durable = None;
        }
    }

    /// Puts a command's frame into the batch.
    fn take(&mut self, command: Command) -> io::Result<()> {
        match command {
            Command::Begin { session, track, durable, payload, done } => {
                self.disk.write(track.file(), &PREFACE)?;
                let live = Live {
                    file: Arc::clone(track.file()),
                    track: Arc::downgrade(&track),
                    durable: Some(durable),
                    chain: Chain::new(session),
                    position: PREFACE.len() as u64,
                    before_shortage: PREFACE.len() as u64,
                    here: false,
                };
                self.live.insert(session, live);
                self.frame(session, Kind::Header, 0, &payload);
                self.batch.begun.push(done);
            }
            Command::Append { session, kind, time_us, bytes, room } => {
                self.frame(session, kind, time_us, &bytes);
                self.batch.rooms.push(room);
            }
            Command::Seal { session, time_us, done } => {
                self.frame(session, Kind::Seal, time_us, Closing::Orderly.letter());
                self.batch.sealed.push((session, done));
            }
            Command::Finished { session } => drop(self.finished.remove(&session)),
            Command::Break => return Err(io::Error::other("a recording could not be synced")),
        }
        Ok(())
    }

    fn frame(&mut self, session: SessionId, kind: Kind, time_us: u64, payload: &[u8]) {
        // A session whose tape is gone has nobody left to tell.
        let Some(live) = self.live.get_mut(&session) else { return };
        if live.durable.is_none() && kind != Kind::Seal {
            return;
        }
        let (begin, offset) = (self.batch.bytes.len(), live.chain.offset());
        live.chain.write(kind, time_us, payload, &mut self.batch.bytes);
        live.here = true;
        let place = begin..self.batch.bytes.len();
        self.batch.frames.entry(session).or_default().push(Frame { kind, offset, place });
    }

    /// Makes the batch durable, then known, then part of the recordings.
    fn commit(&mut self) -> io::Result<()> {
        if !self.batch.bytes.is_empty() {
            self.segments.write(&self.batch.bytes)?;
            if self.level == Level::Disk {
                self.segments.sync()?;
            }
        }
        for (session, frames) in &self.batch.frames {
            if let Some(live) = self.live.get(session) {
                live.publish(frames, &self.batch.bytes);
            }
        }
        for done in self.batch.begun.drain(..) {
            let _ = done.send(());
        }
        self.batch.rooms.clear();
        for (session, frames) in &self.batch.frames {
            if let Some(live) = self.live.get_mut(session) {
                live.write(frames, &self.batch.bytes, self.disk.as_ref())?;
            }
        }
        for (session, done) in self.batch.sealed.drain(..) {
            if let Some(live) = self.live.remove(&session) {
                let digest = hex(live.chain.link());
                let sealed = Sealed { bytes: live.chain.offset(), digest };
                self.finished.insert(session, live.file);
                let _ = done.send(Seal { sealed, durable: live.durable });
            }
        }
        self.batch.bytes.clear();
        self.batch.frames.clear();
        if self.segments.is_full() { self.turn() } else { Ok(()) }
    }

    fn turn(&mut self) -> io::Result<()> {
        let mut recordings: Vec<_> = self.finished.drain().map(|(_, file)| file).collect();
        for live in self.live.values_mut().filter(|live| live.here) {
            live.here = false;
            recordings.push(Arc::clone(&live.file));
        }
        self.segments.turn(recordings)
    }
}

impl Live {
    /// Lets readers have what is durable.
    fn publish(&self, frames: &[Frame], batch: &[u8]) {
        if let Some(track) = self.track.upgrade() {
            let output = frames.iter().filter(|frame| frame.kind.is_shown());
            track.push(
                output.map(|frame| (frame.kind, &batch[frame.place.start + HEAD..frame.place.end])),
            );
        }
        let offset = self.chain.offset();
        if let Some(durable) = &self.durable {
            durable.send_if_modified(|known| std::mem::replace(known, offset) != offset);
        }
    }

    /// How much it has written since the disk had room, in bytes.
    fn grown(&self) -> u64 {
        self.position - self.before_shortage
    }

    /// Adds the frames to the recording, neighbours in one write.
    fn write(&mut self, frames: &[Frame], batch: &[u8], disk: &dyn Disk) -> io::Result<()> {
        for run in frames.chunk_by(|one, next| one.place.end == next.place.start) {
            if let [first, .., last] | [first @ last] = run {
                disk.write(&self.file, &batch[first.place.start..last.place.end])?;
            }
        }
        let track = self.track.upgrade();
        for frame in frames {
            if let Some(track) = &track {
                track.written(frame.offset, self.position);
            }
            self.position += frame.place.len() as u64;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
