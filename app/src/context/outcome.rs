//! The status with which a page is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

/// The HTTP status that a page asks for; 200 unless it says otherwise.
#[derive(Debug, Clone)]
pub struct Outcome(Arc<AtomicU16>);

impl Default for Outcome {
    fn default() -> Self {
        Self(Arc::new(AtomicU16::new(200)))
    }
}

impl Outcome {
    /// The status the page asked for.
    pub fn status(&self) -> u16 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self, status: u16) {
        self.0.store(status, Ordering::Relaxed);
    }
}
