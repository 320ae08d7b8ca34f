//! A folder in memory with the recorder's files.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use broker::port::{Clock, Recorder as _, RecorderError};
use domain::SessionId;
use futures::TryStreamExt as _;
use jiff::Timestamp;
use recorder::{Disk, Journal, LocalDisk, OpenError, Settings};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Runs what is asynchronous.
pub static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Time that passes when it is told to.
#[derive(Default)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// Lets time pass.
    pub fn pass(&self, microseconds: u64) {
        self.0.fetch_add(microseconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn since_boot(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A disk that forgets everything when the machine stops, and so never waits.
struct Memory;

impl Disk for Memory {
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<()> {
        LocalDisk.write(file, bytes)
    }

    fn sync(&self, _: &File) -> io::Result<()> {
        Ok(())
    }

    fn free(&self, _: &Path) -> io::Result<u64> {
        Ok(u64::MAX)
    }
}

/// Where a journal and recordings lie.
pub struct Studio {
    folder: TempDir,
    /// The time there.
    pub clock: Arc<ManualClock>,
}

impl Studio {
    /// An empty folder, in memory where the system has some.
    pub fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
        let studio = Self { folder: folder.unwrap(), clock: Arc::default() };
        for folder in ["journal", "recordings"] {
            std::fs::create_dir(studio.folder.path().join(folder)).unwrap();
        }
        studio
    }

    /// Puts a file in its place.
    pub fn put(&self, path: impl AsRef<Path>, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(path);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The recordings with this extension.
    pub fn recordings(&self, extension: &str) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.folder.path().join("recordings")).unwrap();
        let paths = files.map(|file| file.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
    }

    /// A journal on it; one before must be dropped.
    pub fn journal(&self) -> Journal {
        let settings = Settings::new(self.folder.path());
        loop {
            let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as _;
            match Journal::open_on(&settings, clock, Arc::new(Memory)) {
                Ok(journal) => return journal,
                // The threads of the one before are not yet done with the folder.
                Err(OpenError::InUse) => std::thread::yield_now(),
                Err(cause) => panic!("{cause}"),
            }
        }
    }
}

/// The lines of a recording's export.
pub async fn export(journal: &Journal, session: SessionId) -> Result<Vec<u8>, RecorderError> {
    let lines = journal.asciicast(session).await?;
    lines.try_fold(Vec::new(), |all, line| async move { Ok([&all, &line[..]].concat()) }).await
}
