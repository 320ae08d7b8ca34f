//! From the shell to the tape.

use std::time::Duration;

use broker::port::{ShellCut, ShellEvent, ShellOutput, ShellTrouble, Stream, Tape};
use bytes::{Bytes, BytesMut};
use domain::SessionEnd;
use futures::FutureExt as _;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::fate::Fate;

/// How long the record may stand still while something waits for it. A disk that hangs is one that
/// cannot be written: sessions end within 5 s then (docs/threats.md, invariant 7).
const STALL: Duration = Duration::from_secs(4);

/// The most output that is recorded as one, in bytes.
const TOGETHER: usize = 64 * 1024;

/// How far the shell's output was handed to the tape.
pub(crate) type Recorded = watch::Sender<u64>;

/// Records what the shell writes until it ends; says how it ended.
pub(crate) async fn record(
    output: &mut dyn ShellOutput,
    tape: &dyn Tape,
    recorded: &Recorded,
    fate: &Fate,
) -> SessionEnd {
    let mut ready = None;
    loop {
        let event = match ready.take() {
            Some(event) => event,
            None => output.next().await,
        };
        if fate.is_halted() {
            return SessionEnd::TimeIsUp;
        }
        let (stream, bytes, end) = match event {
            Ok(ShellEvent::Output(bytes)) => (Stream::Output, bytes, None),
            Ok(ShellEvent::Error(bytes)) => (Stream::Error, bytes, None),
            Ok(ShellEvent::Exited { code }) => {
                (Stream::Exit, Bytes::from(code.to_string()), Some(SessionEnd::Exited { code }))
            }
            Ok(ShellEvent::NoShell) => {
                return SessionEnd::NotOpened { why: ShellTrouble::NoShell.to_string() };
            }
            Err(cut) => return SessionEnd::Cut { what: cut.what },
        };
        let bytes = if end.is_none() {
            let (bytes, next) = gather(output, stream, bytes);
            ready = next;
            bytes
        } else {
            bytes
        };
        match timeout(STALL, tape.append(stream, bytes)).await {
            Ok(Ok(end)) => recorded.send_replace(end),
            _ => return SessionEnd::NotRecorded,
        };
        if let Some(end) = end {
            return end;
        }
        // A shell that never pauses must not keep the other half from its turn.
        tokio::task::yield_now().await;
    }
}

/// Joins output with more of its stream that is there already, without waiting for any. A
/// terminal's output comes 4 KiB at a time at most, and each record costs the same whatever its
/// length. What comes next and is something else is returned beside it.
fn gather(
    output: &mut dyn ShellOutput,
    stream: Stream,
    first: Bytes,
) -> (Bytes, Option<Result<ShellEvent, ShellCut>>) {
    let (mut bytes, mut joined) = (first, BytesMut::new());
    while bytes.len() + joined.len() < TOGETHER {
        let more = match output.next().now_or_never() {
            Some(Ok(ShellEvent::Output(more))) if stream == Stream::Output => more,
            Some(Ok(ShellEvent::Error(more))) if stream == Stream::Error => more,
            next => return (together(joined, bytes), next),
        };
        joined.extend_from_slice(&std::mem::replace(&mut bytes, more));
    }
    (together(joined, bytes), None)
}

fn together(mut joined: BytesMut, last: Bytes) -> Bytes {
    if joined.is_empty() {
        return last;
    }
    joined.extend_from_slice(&last);
    joined.freeze()
}

/// Returns when the journal is broken, or stands still while something waits for it.
pub(crate) async fn unrecorded(mut durable: watch::Receiver<u64>, recorded: &Recorded) {
    let mut stalling = durable.clone();
    let broken = async { while durable.changed().await.is_ok() {} };
    let stalled = async {
        let (mut recorded, mut known) = (recorded.subscribe(), 0);
        while recorded.wait_for(|end| *end > known).await.is_ok() {
            match timeout(STALL, stalling.wait_for(|durable| *durable > known)).await {
                Ok(Ok(durable)) => known = *durable,
                _ => return,
            }
        }
    };
    tokio::select! {
        () = broken => {}
        () = stalled => {}
    }
}

/// Waits until everything that was recorded is durable; false when it does not become so.
pub(crate) async fn made_durable(mut durable: watch::Receiver<u64>, recorded: &Recorded) -> bool {
    let end = *recorded.borrow();
    matches!(timeout(STALL, durable.wait_for(|durable| *durable >= end)).await, Ok(Ok(_)))
}
