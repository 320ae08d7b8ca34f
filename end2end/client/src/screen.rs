//! Somebody who looks at a shell's output.

use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::time::timeout;

use crate::Shell;

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// A shell with what it has said.
///
/// Unlike a terminal it never answers "where is the cursor?", which busybox' line editor asks after
/// each prompt without waiting for it: an answer with a line right behind it, as scripts type, is
/// mistaken for one long key.
pub struct Screen<S> {
    /// The shell. What is read from it directly is not seen here.
    pub shell: S,
    seen: Vec<u8>,
}

impl<S: Shell> Screen<S> {
    /// Looks at a shell from its beginning.
    pub fn new(shell: S) -> Self {
        Self { shell, seen: Vec::new() }
    }

    /// Types a line.
    pub async fn enters(&mut self, line: &str) -> anyhow::Result<()> {
        self.shell.types(format!("{line}\r").as_bytes()).await
    }

    /// Reads up to a shell's prompt, and forgets what came before it.
    pub async fn prompt(&mut self) -> anyhow::Result<()> {
        self.until("a prompt", |seen| {
            let ends = |prompt: &[u8]| find(seen, prompt).map(|at| at + prompt.len());
            ends(b"$ ").or_else(|| ends(b"# "))
        })
        .await
    }

    /// Reads until a text has come, and forgets what came before it.
    pub async fn sees(&mut self, text: &str) -> anyhow::Result<()> {
        let bytes = text.as_bytes();
        self.until(text, |seen| find(seen, bytes).map(|at| at + bytes.len())).await
    }

    /// What has come and was not looked at yet; whoever reads from the shell itself begins with it.
    pub fn unseen(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.seen)
    }

    /// Lets the shell exit, and returns when it is over.
    pub async fn leave(mut self) -> anyhow::Result<()> {
        self.enters("exit").await?;
        let over = async { while self.shell.output().await.is_ok() {} };
        timeout(PATIENCE, over).await.context("the shell does not exit")
    }

    async fn until(
        &mut self,
        what: &str,
        found: impl Fn(&[u8]) -> Option<usize>,
    ) -> anyhow::Result<()> {
        loop {
            if let Some(end) = found(&self.seen) {
                self.seen.drain(..end);
                return Ok(());
            }
            let output = timeout(PATIENCE, self.shell.output()).await;
            match output.context("it says nothing more").flatten() {
                Ok(output) => self.seen.extend_from_slice(&output),
                Err(cause) => {
                    let seen = String::from_utf8_lossy(&self.seen);
                    bail!("waited for {what:?} after {seen:?}: {cause:#}");
                }
            }
        }
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use bytes::Bytes;

    use super::*;

    /// Says its pieces, the last one first.
    struct Scripted(Vec<&'static [u8]>);

    #[async_trait]
    impl Shell for Scripted {
        async fn types(&mut self, _: &[u8]) -> anyhow::Result<()> {
            Ok(())
        }

        async fn output(&mut self) -> anyhow::Result<Bytes> {
            self.0.pop().map(Bytes::from_static).context("over")
        }
    }

    #[tokio::test]
    async fn what_comes_in_pieces_is_seen_and_what_was_seen_is_not_seen_again() {
        let mut screen = Screen::new(Scripted(vec![b" one", b"wo", b"/ $ one t"]));
        screen.prompt().await.unwrap();
        screen.sees("two").await.unwrap();
        screen.sees("o").await.unwrap();
        assert_eq!(screen.unseen(), b"ne");
        assert!(screen.sees("one").await.is_err());
    }
}
