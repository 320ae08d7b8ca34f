//! What every way into a pod gives.

use async_trait::async_trait;
use bytes::Bytes;

/// A terminal's end of a shell in a pod.
#[async_trait]
pub trait Shell: Send {
    /// Sends what a person types.
    async fn types(&mut self, keys: &[u8]) -> anyhow::Result<()>;

    /// The next output, never empty.
    ///
    /// # Errors
    /// When the shell is over, or the way to it is lost.
    async fn output(&mut self) -> anyhow::Result<Bytes>;

    /// Bytes of output, since this was asked last, for which a screen came instead.
    fn skipped(&mut self) -> u64 {
        0
    }
}

#[async_trait]
impl<S: Shell + ?Sized> Shell for Box<S> {
    async fn types(&mut self, keys: &[u8]) -> anyhow::Result<()> {
        (**self).types(keys).await
    }

    async fn output(&mut self) -> anyhow::Result<Bytes> {
        (**self).output().await
    }

    fn skipped(&mut self) -> u64 {
        (**self).skipped()
    }
}
