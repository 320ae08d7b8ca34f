//! A folder, a clock that is moved by hand, and a disk that counts, waits and fails.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::{Disk, Journal, Keys, LocalDisk, OpenError, Settings, Verified, VerifyError};
use broker::port::{Clock, Recorder, RecordingHeader, Stream, Tape};
use bytes::Bytes;
use domain::SessionId;
use futures::TryStreamExt as _;
use jiff::Timestamp;

/// Time that only passes when it is told to.
#[derive(Default)]
pub(crate) struct ManualClock(AtomicU64);

impl ManualClock {
    pub(crate) fn pass(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.since_boot()
    }

    fn since_boot(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// The local disk with a tap: it can be shut, and it can be full.
pub(crate) struct TestDisk {
    /// How much of each file survives a power cut, by inode.
    synced: Mutex<HashMap<u64, u64>>,
    pub(crate) syncs: AtomicUsize,
    pub(crate) failures: AtomicUsize,
    room: Mutex<u64>,
    /// What writes and syncs are answered, as the system numbers it.
    pub(crate) write_fault: AtomicI32,
    pub(crate) sync_fault: AtomicI32,
    shut: Mutex<bool>,
    opened: Condvar,
}

impl Default for TestDisk {
    fn default() -> Self {
        Self {
            synced: Mutex::default(),
            syncs: AtomicUsize::new(0),
            failures: AtomicUsize::new(0),
            room: Mutex::new(u64::MAX),
            write_fault: AtomicI32::new(0),
            sync_fault: AtomicI32::new(0),
            shut: Mutex::new(false),
            opened: Condvar::new(),
        }
    }
}

impl TestDisk {
    /// Lets this many more bytes in.
    pub(crate) fn leave_room(&self, bytes: u64) {
        *self.room.lock().unwrap() = bytes;
    }

    /// Lets nothing be written until it is dropped.
    pub(crate) fn freeze(&self) -> impl Drop {
        self.room.lock().unwrap()
    }

    /// How many bytes of a file survive a power cut.
    pub(crate) fn synced(&self, path: &Path) -> u64 {
        let inode = fs::metadata(path).map_or(0, |metadata| metadata.ino());
        self.synced.lock().unwrap().get(&inode).copied().unwrap_or(0)
    }

    fn answer(&self, fault: &AtomicI32) -> io::Result<()> {
        match fault.load(Ordering::SeqCst) {
            0 => Ok(()),
            code => {
                self.failures.fetch_add(1, Ordering::SeqCst);
                Err(io::Error::from_raw_os_error(code))
            }
        }
    }

    /// Makes every sync wait.
    pub(crate) fn shut(&self) {
        *self.shut.lock().unwrap() = true;
    }

    /// Lets waiting syncs go on.
    pub(crate) fn open(&self) {
        *self.shut.lock().unwrap() = false;
        self.opened.notify_all();
    }
}

impl Disk for TestDisk {
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<()> {
        self.answer(&self.write_fault)?;
        let mut room = self.room.lock().unwrap();
        let fits = usize::try_from(*room).unwrap_or(usize::MAX).min(bytes.len());
        LocalDisk.write(file, &bytes[..fits])?;
        *room -= fits as u64;
        if fits < bytes.len() {
            self.failures.fetch_add(1, Ordering::SeqCst);
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::SeqCst);
        let shut = self.shut.lock().unwrap();
        drop(self.opened.wait_while(shut, |shut| *shut).unwrap());
        self.answer(&self.sync_fault)?;
        let metadata = file.metadata()?;
        LocalDisk.sync(file)?;
        self.synced.lock().unwrap().insert(metadata.ino(), metadata.len());
        Ok(())
    }

    fn free(&self, _: &Path) -> io::Result<u64> {
        Ok(*self.room.lock().unwrap())
    }
}

/// What a test records with.
pub(crate) struct Studio {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) disk: Arc<TestDisk>,
}

impl Default for Studio {
    fn default() -> Self {
        let (clock, disk) = (Arc::default(), Arc::default());
        Self { folder: tempfile::tempdir().unwrap(), clock, disk }
    }
}

impl Studio {
    pub(crate) fn settings(&self) -> Settings {
        Settings::new(self.folder.path())
    }

    pub(crate) fn journal(&self) -> Journal {
        self.journal_with(&self.settings())
    }

    /// Opens the journal; waits until the threads of the one before are gone.
    pub(crate) fn journal_with(&self, settings: &Settings) -> Journal {
        loop {
            match Journal::open_on(settings, self.clock.clone(), self.disk.clone()) {
                Err(OpenError::InUse) => std::thread::yield_now(),
                opened => return opened.unwrap(),
            }
        }
    }

    /// Waits until the journal's threads are gone: the last write to a recording comes after its
    /// frame is known to be durable.
    pub(crate) fn wait_for_silence(&self) {
        let lock = self.folder.path().join("journal").join("lock");
        File::open(lock).unwrap().lock().unwrap();
    }

    pub(crate) fn sealed(&self, number: u128) -> PathBuf {
        self.folder.path().join("recordings").join(format!("{}.rec", session(number)))
    }

    pub(crate) fn part(&self, number: u128) -> PathBuf {
        self.sealed(number).with_extension("part")
    }

    pub(crate) fn removed(&self, number: u128) -> PathBuf {
        self.folder.path().join("journal").join(format!("{}.removed", session(number)))
    }

    pub(crate) fn damaged(&self, number: u128) -> PathBuf {
        self.sealed(number).with_extension("damaged")
    }

    /// The recordings that this process has open.
    pub(crate) fn open_recordings(&self) -> Vec<PathBuf> {
        let folder = self.folder.path().join("recordings");
        let files = fs::read_dir("/proc/self/fd").unwrap();
        let paths = files.filter_map(|file| fs::read_link(file.unwrap().path()).ok());
        paths.filter(|path| path.starts_with(&folder)).collect()
    }

    pub(crate) fn segments(&self) -> Vec<PathBuf> {
        let mut segments: Vec<PathBuf> = fs::read_dir(self.folder.path().join("journal"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "journal"))
            .collect();
        segments.sort();
        segments
    }
}

pub(crate) fn session(number: u128) -> SessionId {
    SessionId(uuid::Uuid::from_u128(number))
}

pub(crate) fn header(number: u128) -> RecordingHeader {
    RecordingHeader {
        session: session(number),
        began_at: Timestamp::from_second(1_700_000_000).unwrap(),
        size: (80, 24),
        title: "ana in main/payments/web-1/web".to_owned(),
    }
}

pub(crate) async fn begin(journal: &Journal, number: u128) -> Arc<dyn Tape> {
    journal.begin(&header(number)).await.unwrap()
}

/// Appends output and waits until it is durable.
pub(crate) async fn show(tape: &dyn Tape, bytes: &[u8]) -> u64 {
    let end = tape.append(Stream::Output, Bytes::copy_from_slice(bytes)).await.unwrap();
    tape.durable().wait_for(|durable| *durable >= end).await.unwrap();
    end
}

/// Everything that is durable, read in pieces.
pub(crate) async fn read_all(tape: &dyn Tape, piece: usize) -> Vec<u8> {
    let mut read = Vec::new();
    loop {
        let chunk = tape.read(read.len() as u64, piece).await.unwrap();
        assert_eq!(chunk.offset, read.len() as u64);
        assert!(chunk.bytes.len() <= piece);
        if chunk.bytes.is_empty() {
            return read;
        }
        read.extend_from_slice(&chunk.bytes);
    }
}

/// Proves a recording that is not encrypted.
pub(crate) fn verify(path: &Path) -> Result<Verified, VerifyError> {
    crate::verify(path, &Keys::default())
}

/// The output in a sealed recording's file: everything in it is checked first.
pub(crate) fn output(path: &Path) -> Vec<u8> {
    verify(path).unwrap();
    let (bytes, mut output, mut at) = (fs::read(path).unwrap(), Vec::new(), 8);
    while at < bytes.len() {
        let length = u32::from_be_bytes(bytes[at + 48..at + 52].try_into().unwrap()) as usize;
        if bytes[at + 4] == 2 {
            output.extend_from_slice(&bytes[at + 88..at + 88 + length]);
        }
        at += 88 + length;
    }
    output
}

/// The lines of an export.
pub(crate) async fn lines(journal: &Journal, number: u128) -> Vec<String> {
    let lines: Vec<Bytes> =
        journal.asciicast(session(number)).await.unwrap().try_collect().await.unwrap();
    lines.iter().map(|line| std::str::from_utf8(line).unwrap().to_owned()).collect()
}
