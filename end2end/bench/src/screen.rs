//! Somebody who looks at a shell's output.

use std::time::Duration;

use anyhow::{Context as _, bail};
use bytes::Bytes;

use crate::Shell;

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// "Where is the cursor?" (ECMA-48, 8.3.35); busybox' line editor asks after each prompt.
const QUERY: &[u8] = b"\x1b[6n";
/// Row 1, column 5: behind a prompt such as `/ $ `.
const ANSWER: &[u8] = b"\x1b[1;5R";

/// A shell with what it has said.
pub struct Screen<S> {
    /// The shell. What is read from it directly is not seen here.
    pub shell: S,
    seen: Vec<u8>,
    /// Queries are looked for from here on.
    unasked: usize,
}

impl<S: Shell> Screen<S> {
    /// Looks at a shell from its beginning.
    pub fn new(shell: S) -> Self {
        Self { shell, seen: Vec::new(), unasked: 0 }
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

    /// The next output, with the terminal's questions answered.
    ///
    /// # Errors
    /// When the shell is over, or says nothing for a minute.
    pub async fn output(&mut self) -> anyhow::Result<Bytes> {
        let output = tokio::time::timeout(PATIENCE, self.shell.output()).await;
        let output = output.context("the shell says nothing")??;
        self.seen.extend_from_slice(&output);
        while let Some(at) = find(&self.seen[self.unasked..], QUERY) {
            self.unasked += at + QUERY.len();
            self.shell.answers(ANSWER).await?;
        }
        // The beginning of a query may stand at the end.
        self.unasked = self.unasked.max(self.seen.len().saturating_sub(QUERY.len() - 1));
        Ok(output)
    }

    /// Lets the shell exit, and returns when it is over.
    pub async fn leave(mut self) -> anyhow::Result<()> {
        self.enters("exit").await?;
        while self.output().await.is_ok() {}
        Ok(())
    }

    async fn until(
        &mut self,
        what: &str,
        found: impl Fn(&[u8]) -> Option<usize>,
    ) -> anyhow::Result<()> {
        loop {
            if let Some(end) = found(&self.seen) {
                self.seen.drain(..end);
                self.unasked = self.unasked.saturating_sub(end);
                return Ok(());
            }
            if let Err(cause) = self.output().await {
                let seen = String::from_utf8_lossy(&self.seen);
                bail!("waited for {what:?} after {seen:?}: {cause:#}");
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

    use super::*;

    /// Says its pieces and keeps what it is told.
    struct Scripted {
        pieces: Vec<&'static [u8]>,
        told: Vec<u8>,
    }

    #[async_trait]
    impl Shell for Scripted {
        async fn types(&mut self, keys: &[u8]) -> anyhow::Result<()> {
            self.told.extend_from_slice(keys);
            Ok(())
        }

        async fn output(&mut self) -> anyhow::Result<Bytes> {
            let piece = self.pieces.pop().context("over")?;
            Ok(Bytes::from_static(piece))
        }
    }

    fn screen(mut pieces: Vec<&'static [u8]>) -> Screen<Scripted> {
        pieces.reverse();
        Screen::new(Scripted { pieces, told: Vec::new() })
    }

    #[tokio::test]
    async fn a_query_is_answered_once_even_when_it_comes_in_pieces() {
        let mut screen = screen(vec![b"/ $ \x1b[", b"6n", b"x", b"\x1b[6n\x1b[6n", b"end"]);
        screen.prompt().await.unwrap();
        screen.sees("end").await.unwrap();
        assert_eq!(screen.shell.told, ANSWER.repeat(3));
    }

    #[tokio::test]
    async fn what_was_seen_is_not_seen_again() {
        let mut screen = screen(vec![b"one two", b" one"]);
        screen.sees("one").await.unwrap();
        screen.sees("one").await.unwrap();
        assert!(screen.sees("one").await.is_err());
    }
}
