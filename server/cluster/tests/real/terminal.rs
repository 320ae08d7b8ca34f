//! Somebody at a terminal.

use broker::port::{Shell, ShellCut, ShellEvent};
use bytes::Bytes;
use tokio::time::timeout;

use super::stage::PATIENCE;

pub(crate) struct Terminal {
    pub(crate) shell: Shell,
    seen: Vec<u8>,
}

impl Terminal {
    pub(crate) fn at(shell: Shell) -> Self {
        Self { shell, seen: Vec::new() }
    }

    /// At a shell that waits for a command. What is typed before that, the line editor takes for
    /// the answer to its question where the cursor is.
    pub(crate) async fn ready(shell: Shell) -> Self {
        let mut terminal = Self::at(shell);
        terminal.sees("# ").await;
        terminal
    }

    pub(crate) async fn types(&mut self, text: &str) {
        self.shell.input.send(Bytes::copy_from_slice(text.as_bytes())).await.unwrap();
    }

    /// Reads until the text has come, and forgets what stood up to there.
    pub(crate) async fn sees(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = find(&self.seen, text.as_bytes()) {
                let rest = self.seen.split_off(at + text.len());
                let before = std::mem::replace(&mut self.seen, rest);
                return String::from_utf8_lossy(&before[..at]).into_owned();
            }
            let event = self.next().await;
            let Ok(ShellEvent::Output(bytes)) = event else {
                let seen = String::from_utf8_lossy(&self.seen);
                panic!("{event:?} instead of {text:?} after {seen:?}")
            };
            // The line editor of busybox asks where the cursor is, as on every terminal.
            if find(&bytes, b"\x1b[6n").is_some() {
                self.types("\x1b[1;1R").await;
            }
            self.seen.extend_from_slice(&bytes);
        }
    }

    /// Reads to the end and says which it was.
    pub(crate) async fn end(mut self) -> Result<ShellEvent, ShellCut> {
        loop {
            match self.next().await {
                Ok(ShellEvent::Output(_)) => {}
                end => return end,
            }
        }
    }

    /// The bytes that were seen and not looked at.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.seen)
    }

    pub(crate) async fn next(&mut self) -> Result<ShellEvent, ShellCut> {
        let next = timeout(PATIENCE, self.shell.output.next()).await;
        next.unwrap_or_else(|_| panic!("silent after {:?}", String::from_utf8_lossy(&self.seen)))
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
