//! The half that is read.

use std::sync::Arc;

use async_trait::async_trait;
use broker::port::{ShellCut, ShellEvent, ShellOutput};
use futures::StreamExt as _;
use futures::stream::SplitStream;
use tokio::time::timeout;

use super::channel::{self, Over, Said, broken, cut, no_status};
use super::pulse::Pulse;
use super::upgrade::Socket;

/// What a program writes.
pub(crate) struct Output {
    source: SplitStream<Socket>,
    pulse: Arc<Pulse>,
}

impl Output {
    pub(crate) fn new(source: SplitStream<Socket>, pulse: Arc<Pulse>) -> Self {
        Self { source, pulse }
    }

    /// The next thing said. Cancelling loses nothing: a message is either still in the socket or
    /// returned.
    pub(crate) async fn said(&mut self) -> Result<Said, ShellCut> {
        loop {
            let message = match timeout(self.pulse.patience(), self.source.next()).await {
                Ok(Some(Ok(message))) => message,
                Ok(Some(Err(cause))) => return Err(broken(&cause)),
                Ok(None) => return Err(no_status()),
                Err(_) if self.pulse.is_dead() => {
                    return Err(cut("it gave no sign of life for too long"));
                }
                Err(_) => continue,
            };
            self.pulse.heard();
            match channel::read(message)? {
                Said::Nothing => {}
                said => return Ok(said),
            }
        }
    }
}

#[async_trait]
impl ShellOutput for Output {
    async fn next(&mut self) -> Result<ShellEvent, ShellCut> {
        match self.said().await? {
            Said::Output(bytes) => Ok(ShellEvent::Output(bytes)),
            Said::Error(bytes) => Ok(ShellEvent::Error(bytes)),
            Said::Over(Over::Exited(code)) => Ok(ShellEvent::Exited { code }),
            Said::Over(Over::NoProgram) => Ok(ShellEvent::NoShell),
            Said::Over(Over::NoContainer) => Err(cut("the container does not run any more")),
            Said::Over(Over::Failed(what)) => Err(cut(&what)),
            Said::Nothing => Err(no_status()),
        }
    }
}
