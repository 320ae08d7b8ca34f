//! The files the journal consists of.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use domain::SessionId;
use tokio::sync::mpsc::WeakSender;

use super::Command;
use super::removed::Removed;
use crate::disk::{self, Disk};
use crate::recording::Shelf;

/// What a segment begins with: a mark, the version, three zeros.
pub(super) const PREFACE: [u8; 8] = *b"SPJN\x01\0\0\0";

/// How many closed segments may wait for their recordings to be synced. Beyond it the journal
/// waits: a disk that cannot keep up must not be filled.
const CLOSED: usize = 16;

/// The segment that is written, and those that wait to be deleted.
pub(super) struct Segments {
    folder: PathBuf,
    number: u64,
    path: PathBuf,
    file: File,
    bytes: u64,
    largest: u64,
    disk: Arc<dyn Disk>,
    removed: Removed,
    closed: SyncSender<Closed>,
    /// Nobody else uses the folder before both threads are done with it.
    _claim: Arc<File>,
}

/// A segment that nothing is added to.
struct Closed {
    path: PathBuf,
    /// Every recording that has frames in it.
    recordings: Vec<Arc<File>>,
    /// Recordings that are removed: later segments have no frames of them.
    marked: BTreeSet<SessionId>,
}

impl Segments {
    /// Begins the first segment of this process.
    pub(super) fn begin(
        folder: PathBuf,
        claim: Arc<File>,
        number: u64,
        largest: u64,
        shelf: Shelf,
        disk: Arc<dyn Disk>,
        queue: WeakSender<Command>,
    ) -> io::Result<Self> {
        let (path, file) = create(&folder, number, disk.as_ref())?;
        let removed = Removed::beside(folder.clone());
        let (closed, waiting) = sync_channel::<Closed>(CLOSED);
        let (by, held, marks) = (Arc::clone(&disk), Arc::clone(&claim), removed.clone());
        thread::Builder::new().name("journal-sweep".to_owned()).spawn(move || {
            let _held = held;
            for segment in waiting {
                if let Err(cause) = segment.delete(&shelf, &marks, by.as_ref()) {
                    tracing::error!(%cause, "recordings cannot be synced");
                    if let Some(queue) = queue.upgrade() {
                        let _ = queue.blocking_send(Command::Break);
                    }
                    return;
                }
            }
        })?;
        let bytes = PREFACE.len() as u64;
        Ok(Self {
            folder,
            number,
            path,
            file,
            bytes,
            largest,
            disk,
            removed,
            closed,
            _claim: claim,
        })
    }

    /// Writes frames.
    pub(super) fn write(&mut self, frames: &[u8]) -> io::Result<()> {
        self.bytes += frames.len() as u64;
        self.disk.write(&self.file, frames)
    }

    /// Returns once everything written survives a power cut.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.disk.sync(&self.file)
    }

    /// Whether the segment is to be closed.
    pub(super) fn is_full(&self) -> bool {
        self.bytes > self.largest
    }

    /// Closes the segment and begins the next. It is deleted once these recordings are synced.
    pub(super) fn turn(&mut self, recordings: Vec<Arc<File>>) -> io::Result<()> {
        let (path, file) = create(&self.folder, self.number + 1, self.disk.as_ref())?;
        let path = std::mem::replace(&mut self.path, path);
        self.file = file;
        self.number += 1;
        self.bytes = PREFACE.len() as u64;
        let gone = |_| io::Error::other("the recordings are not synced any more");
        let marked = self.removed.marked()?;
        self.closed.send(Closed { path, recordings, marked }).map_err(gone)
    }
}

impl Closed {
    fn delete(self, shelf: &Shelf, removed: &Removed, disk: &dyn Disk) -> io::Result<()> {
        for recording in &self.recordings {
            disk.sync(recording)?;
        }
        shelf.sync()?;
        fs::remove_file(&self.path)?;
        removed.forget(&self.marked)
    }
}

/// The segments in a folder, in the order of writing.
pub(super) fn list(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut segments = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "journal") {
            let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
            segments.extend(number.map(|number| (number, path)));
        }
    }
    segments.sort();
    Ok(segments)
}

fn create(folder: &Path, number: u64, disk: &dyn Disk) -> io::Result<(PathBuf, File)> {
    let path = folder.join(format!("{number:020}.journal"));
    let file = disk::create(&path)?;
    disk.write(&file, &PREFACE)?;
    disk.sync(&file)?;
    disk::sync_folder(folder)?;
    Ok((path, file))
}
