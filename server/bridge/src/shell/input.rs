//! From the writer to the shell.

use std::time::Duration;

use broker::port::{ShellCut, ShellInput};
use bytes::Bytes;
use domain::wire::Size;
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio::time::{MissedTickBehavior, interval};

use crate::fate::Fate;

/// The most bytes that are given to the shell at once.
const LARGEST: usize = 16 * 1024;
/// The most inputs that are given to the shell together.
const TOGETHER: usize = 64;
/// How often the shell is asked for a sign of life.
const PING: Duration = Duration::from_secs(10);
/// The shortest time between two changes of the terminal's size (W-07).
const PACE: Duration = Duration::from_millis(50);

/// Input that was accepted.
pub(crate) struct Input {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// What was typed.
    pub(crate) bytes: Bytes,
    /// Its share of what may wait, given back once the shell has it.
    pub(crate) _room: OwnedSemaphorePermit,
}

/// What the shell is told, and what is learnt of it.
pub(crate) struct Typing {
    /// Input that waits.
    pub(crate) inbox: mpsc::Receiver<Input>,
    /// The size that is wanted.
    pub(crate) wanted: watch::Receiver<Option<Size>>,
    /// The size that the shell was told last.
    pub(crate) applied: watch::Sender<Option<Size>>,
    /// The number of the last input that the shell has.
    pub(crate) written: watch::Sender<u64>,
}

/// Gives the shell what was typed, the latest size, and pings; returns when the stream breaks.
pub(crate) async fn type_in(
    input: &mut dyn ShellInput,
    mut typing: Typing,
    fate: &Fate,
) -> ShellCut {
    let (mut ping, mut pace) = (interval(PING), interval(PACE));
    ping.reset();
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut resized = typing.wanted.borrow_and_update().is_some();
    let mut waiting = Vec::new();
    loop {
        let sent = tokio::select! {
            _ = typing.inbox.recv_many(&mut waiting, TOGETHER) => {
                write(input, &mut waiting, &typing.written, fate).await
            }
            Ok(()) = typing.wanted.changed(), if !resized => {
                resized = true;
                Ok(())
            }
            _ = pace.tick(), if resized => {
                resized = false;
                resize(input, &mut typing).await
            }
            _ = ping.tick() => input.ping().await,
        };
        if let Err(cut) = sent {
            return cut;
        }
    }
}

async fn write(
    input: &mut dyn ShellInput,
    waiting: &mut Vec<Input>,
    written: &watch::Sender<u64>,
    fate: &Fate,
) -> Result<(), ShellCut> {
    let Some(last) = waiting.last().map(|input| input.number) else {
        // Nobody can type any more.
        return std::future::pending().await;
    };
    let mut bytes = match waiting.as_slice() {
        [only] => only.bytes.clone(),
        several => several.iter().map(|input| &input.bytes[..]).collect::<Vec<_>>().concat().into(),
    };
    while !bytes.is_empty() && !fate.is_halted() {
        input.send(bytes.split_to(bytes.len().min(LARGEST))).await?;
    }
    waiting.clear();
    written.send_replace(last);
    Ok(())
}

async fn resize(input: &mut dyn ShellInput, typing: &mut Typing) -> Result<(), ShellCut> {
    let wanted = *typing.wanted.borrow_and_update();
    match wanted {
        Some(size) if *typing.applied.borrow() != wanted => {
            input.resize(size).await?;
            typing.applied.send_replace(wanted);
            Ok(())
        }
        _ => Ok(()),
    }
}
