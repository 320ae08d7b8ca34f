//! Ending what a session left in its container.

use std::sync::Arc;
use std::time::Duration;

use broker::port::{Clock, ShellTrouble};
use domain::LeftBehind;
use futures::StreamExt as _;
use tokio::time::timeout;

use super::channel::{Over, Said};
use super::command::{self, LEFT};
use super::impersonator::{Impersonator, Terminal};
use super::output::Output;
use super::pulse::Pulse;
use crate::identity::Identity;

/// How long all of it may take; the script itself looks for about two seconds.
const WITHIN: Duration = Duration::from_secs(5);
/// The most of its output that is kept, in bytes.
const LARGEST_OUTPUT: usize = 1024;

/// Kills every process that carries the session's marker, and looks again.
pub(crate) async fn end_processes(
    impersonator: &Impersonator,
    identity: &Identity,
    clock: Arc<dyn Clock>,
) -> LeftBehind {
    timeout(WITHIN, run(impersonator, identity, clock)).await.unwrap_or(LeftBehind::Unknown)
}

async fn run(
    impersonator: &Impersonator,
    identity: &Identity,
    clock: Arc<dyn Clock>,
) -> LeftBehind {
    let command = command::clean_up(identity.session());
    let stream = match impersonator.exec(identity, &command, Terminal::No).await {
        Ok(stream) => stream,
        // Processes do not outlive their pod.
        Err(ShellTrouble::Gone) => return LeftBehind::Nothing,
        Err(_) => return LeftBehind::Unknown,
    };
    let (_sink, source) = stream.socket.split();
    let mut output = Output::new(source, Arc::new(Pulse::new(clock)));
    let mut text = Vec::new();
    loop {
        match output.said().await {
            Ok(Said::Output(bytes) | Said::Error(bytes))
                if text.len() + bytes.len() <= LARGEST_OUTPUT =>
            {
                text.extend_from_slice(&bytes);
            }
            Ok(Said::Over(Over::Exited(0))) => return count(&text),
            // Nor do they outlive their container.
            Ok(Said::Over(Over::NoContainer)) => return LeftBehind::Nothing,
            _ => return LeftBehind::Unknown,
        }
    }
}

fn count(text: &[u8]) -> LeftBehind {
    let count = std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.lines().last())
        .and_then(|line| line.strip_prefix(LEFT))
        .and_then(|count| count.trim_end().parse().ok());
    match count {
        Some(0) => LeftBehind::Nothing,
        Some(count) => LeftBehind::Processes { count },
        None => LeftBehind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scripts_own_words_are_believed() {
        assert_eq!(count(b"shorepass-left=0\n"), LeftBehind::Nothing);
        assert_eq!(count(b"noise\nshorepass-left=3\n"), LeftBehind::Processes { count: 3 });
        for text in ["", "shorepass-left=", "0", "shorepass-left=-1", "shorepass-left=0\nx"] {
            assert_eq!(count(text.as_bytes()), LeftBehind::Unknown, "{text:?}");
        }
    }
}
