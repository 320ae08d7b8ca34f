//! A store of sign-ins that can break.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{MemoryStore, SessionStore};

#[derive(Debug, Clone, Default)]
pub struct FragileStore {
    kept: MemoryStore,
    broken: Arc<AtomicBool>,
}

impl FragileStore {
    pub fn breaks(&self) {
        self.broken.store(true, Ordering::SeqCst);
    }

    pub fn is_mended(&self) {
        self.broken.store(false, Ordering::SeqCst);
    }

    fn works(&self) -> Result<()> {
        if self.broken.load(Ordering::SeqCst) {
            Err(Error::Backend("canary-connection-string".into()))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl SessionStore for FragileStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.works()?;
        self.kept.create(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.works()?;
        self.kept.save(record).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        self.works()?;
        self.kept.load(id).await
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.works()?;
        self.kept.delete(id).await
    }
}
