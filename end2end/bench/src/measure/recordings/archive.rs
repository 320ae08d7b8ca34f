//! Recordings that nobody had the time to make: written by the recorder itself, on a clock that
//! runs fast, archived for the portal's key, and noted in its audit log as sessions are that ended.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use broker::port::{Clock, Recorder as _, RecordingHeader, Store as _, Stream, SystemClock, Tape};
use bytes::Bytes;
use client::Stand;
use domain::{Event, Fact, LeftBehind, Sealed, Session, SessionEnd, SessionId, SessionState};
use recorder::{Disk, Journal, Keys, Level, LocalDisk, Settings};
use store::{Database, DatabaseUrl};
use tempfile::TempDir;

use super::clock::FastClock;

/// What is looked for.
pub(super) const NEEDLE: &str = "needle-in-a-haystack";
/// Longer ago than all of them together take.
const AGO: Duration = Duration::from_hours(72);
/// Seconds of a short recording, with a line each.
const SHORT: u64 = 120;
/// Now and then a program draws the whole screen, in colours.
const DRAWN_EACH: u64 = 300;
const DRAWINGS: usize = 16;
const PROMPT: &[u8] = b"/ $ ";

/// The portal's recordings, as its own processes write them.
pub(super) struct Archive {
    data: PathBuf,
    folder: TempDir,
    journal: Journal,
    clock: Arc<FastClock>,
    database: Database,
    /// A session that was real: the others are its person's, in its container.
    model: Session,
}

/// What is written here is for one run.
struct Unsynced;

impl Disk for Unsynced {
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<()> {
        LocalDisk.write(file, bytes)
    }

    fn sync(&self, _: &File) -> io::Result<()> {
        Ok(())
    }

    fn free(&self, folder: &Path) -> io::Result<u64> {
        LocalDisk.free(folder)
    }
}

impl Archive {
    /// Opens a portal's database and its key beside it.
    ///
    /// # Errors
    /// When either cannot be used, or knows no such session.
    pub(super) async fn open(stand: &Stand, model: SessionId) -> anyhow::Result<Self> {
        let data = stand.data.clone();
        let database = Database::open(&DatabaseUrl::file(data.join("shorepass.db"))).await?;
        let model = database.session(model).await?.context("there is no such session")?.value;
        let folder = tempfile::tempdir_in(&data)?;
        let keys = Keys::own(&data.join("recordings.key"))?;
        let settings = Settings { keys, level: Level::Process, ..Settings::new(folder.path()) };
        let clock = Arc::new(FastClock::from(SystemClock.now() - AGO));
        let journal = Journal::open_on(&settings, Arc::clone(&clock) as _, Arc::new(Unsynced))?;
        Ok(Self { data, folder, journal, clock, database, model })
    }

    /// A recording of some hours, with a line each second.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) async fn long(&self, hours: u32) -> anyhow::Result<SessionId> {
        self.record(u64::from(hours) * 3_600, None).await
    }

    /// Many short ones, of which one in so many shows the needle; how many do.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) async fn many(&self, count: u32, shown_in: u32) -> anyhow::Result<usize> {
        let mut shown = 0;
        for number in 0..count {
            let shows = number % shown_in == 0;
            self.record(SHORT, shows.then_some(NEEDLE)).await?;
            shown += usize::from(shows);
        }
        Ok(shown)
    }

    async fn record(&self, seconds: u64, last: Option<&str>) -> anyhow::Result<SessionId> {
        let clock: &dyn Clock = &*self.clock;
        let (session, began_at) = (clock.session_id(), clock.now());
        let title = format!("{} in {}", self.model.person.username, self.model.target);
        let header = RecordingHeader { session, began_at, size: (80, 24), title };
        let tape = self.journal.begin(&header).await?;
        show(&*tape, PROMPT.to_vec()).await?;
        for second in 0..seconds {
            show(&*tape, line_at(second).into_bytes()).await?;
            if second % DRAWN_EACH == DRAWN_EACH - 1 {
                show(&*tape, drawing(second)).await?;
            }
            self.clock.pass(Duration::from_secs(1));
        }
        if let Some(last) = last {
            show(&*tape, format!("{last}\r\n").into_bytes()).await?;
        }
        tape.append(Stream::Exit, Bytes::from_static(b"0")).await?;
        let sealed = tape.seal().await?;
        let archived = self.journal.archive(session).await?.context("it was not archived")?;
        self.journal.adopt(session).await?;
        let name = format!("recordings/{session}.rec");
        fs::rename(self.folder.path().join(&name), self.data.join(&name))?;
        let archived = Fact::RecordingArchived { bytes: archived.bytes, digest: archived.digest };
        self.note(session, began_at, sealed, archived).await?;
        Ok(session)
    }

    /// Writes down that it was a session, and how its recording is sealed and archived.
    async fn note(
        &self,
        id: SessionId,
        asked_at: jiff::Timestamp,
        sealed: Sealed,
        archived: Fact,
    ) -> anyhow::Result<()> {
        let clock: &dyn Clock = &*self.clock;
        let (how, left) = (SessionEnd::Exited { code: 0 }, LeftBehind::Nothing);
        let recording = Some(sealed);
        let ended = Fact::SessionEnded { how: how.clone(), left, recording: recording.clone() };
        let state = SessionState::Ended { at: clock.now(), how, left, recording };
        let session = Session { id, asked_at, state, ..self.model.clone() };
        let event = |fact| Event {
            id: clock.event_id(),
            at: clock.now(),
            actor: None,
            place: Some(session.target.place.clone()),
            request: None,
            grant: Some(session.grant),
            session: Some(id),
            fact,
        };
        let events = [event(ended), event(archived)];
        self.database.insert_session(&session, &events).await?;
        Ok(())
    }
}

async fn show(tape: &dyn Tape, bytes: Vec<u8>) -> anyhow::Result<()> {
    tape.append(Stream::Output, bytes.into()).await?;
    Ok(())
}

/// What a recording shows at a second.
pub(super) fn line_at(second: u64) -> String {
    format!("second {second}: INFO payment={} authorised currency=EUR\r\n", second * 7 + 4_000)
}

/// Whole screens in colours.
fn drawing(second: u64) -> Vec<u8> {
    let row = |row: usize| {
        let colour = 31 + (row + usize::try_from(second).unwrap_or_default()) % 6;
        format!("\x1b[{};1H\x1b[1;{colour}m{:<79}\x1b[0m", row + 1, "a row of a table".repeat(4))
    };
    let screen: String = (0..24).map(row).collect();
    format!("\x1b[2J{}", screen.repeat(DRAWINGS)).into_bytes()
}
