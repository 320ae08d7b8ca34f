//! How much room there is for more.

use std::path::PathBuf;
use std::sync::Arc;

use broker::port::Shortage;

use crate::disk::Disk;

/// The room on the disk of a folder.
#[derive(Clone)]
pub(super) struct Room {
    folder: PathBuf,
    /// How much must be free, in bytes.
    needed: u64,
    disk: Arc<dyn Disk>,
}

impl Room {
    pub(super) fn new(folder: PathBuf, needed: u64, disk: Arc<dyn Disk>) -> Self {
        Self { folder, needed, disk }
    }

    /// Whether there is too little.
    pub(super) fn shortage(&self) -> Option<Shortage> {
        // A disk that does not even say how full it is shows at the next write.
        let free = self.disk.free(&self.folder).unwrap_or(u64::MAX);
        (free < self.needed).then_some(Shortage { free, needed: self.needed })
    }
}
