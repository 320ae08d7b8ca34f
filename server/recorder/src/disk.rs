//! How bytes get onto a disk: the joint at which tests make it fail.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Writes and syncs; everything that must survive goes through it.
pub trait Disk: Send + Sync + 'static {
    /// Appends bytes, all of them.
    ///
    /// # Errors
    /// Some of the bytes may have been written then.
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<()>;

    /// Returns once everything written to the file survives a power cut.
    fn sync(&self, file: &File) -> io::Result<()>;

    /// Bytes that are free where a folder lies, for whom this process runs as.
    ///
    /// # Errors
    /// The system does not say.
    fn free(&self, folder: &Path) -> io::Result<u64>;
}

/// The machine's own disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocalDisk;

impl Disk for LocalDisk {
    fn write(&self, mut file: &File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn free(&self, folder: &Path) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(folder)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}

/// Creates a file that must not be there yet, for its owner's eyes only.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create_new(true).mode(0o600).open(path)
}

/// Opens a file that is there, to read it and to write at its end.
pub(crate) fn reopen(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).open(path)
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
