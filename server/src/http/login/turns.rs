//! One at a time, for each sign-in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::Key;

/// Hands out turns. Whoever waits for one waits only for those with the same key.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<Key, Weak<tokio::sync::Mutex<()>>>>);

impl Turns {
    pub(super) async fn take(&self, key: Key) -> tokio::sync::OwnedMutexGuard<()> {
        self.queue(key).lock_owned().await
    }

    fn queue(&self, key: Key) -> Arc<tokio::sync::Mutex<()>> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queues.retain(|_, queue| queue.strong_count() > 0);
        if let Some(queue) = queues.get(&key).and_then(Weak::upgrade) {
            return queue;
        }
        let queue = Arc::default();
        queues.insert(key, Arc::downgrade(&queue));
        queue
    }
}
