//! One connection through the proxy.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::try_join;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::time::sleep;

use super::{Break, Network, Way};

/// Bytes on their way at once, in each direction.
const CHUNK: usize = 16 * 1024;

/// Why a connection ended before both sides had closed it.
enum Broken {
    /// One side has reset it, so the other one is told in the same way.
    ByItself,
    /// Its bytes were used up.
    Torn,
    /// All connections broke.
    WithAll(Break),
}

/// Passes bytes in both directions until both sides have closed, or it breaks.
pub(super) async fn carry(network: Arc<Network>, mut near: TcpStream) {
    let mut weather = network.weather.subscribe();
    let known = weather.borrow().broken.0;
    let broke = async {
        match weather.wait_for(|weather| weather.broken.0 != known).await {
            Ok(weather) => weather.broken.1,
            Err(_) => Break::Cut,
        }
    };
    let mut far = None;
    let ended = tokio::select! {
        biased;
        how = broke => Err(Broken::WithAll(how)),
        ended = pass(&network, &mut near, &mut far) => ended,
    };
    let count = |counter: &AtomicU64| counter.fetch_add(1, Ordering::Relaxed);
    match ended {
        Ok(()) => {}
        Err(Broken::ByItself) => reset(&near, far.as_ref()),
        Err(Broken::Torn) => drop(count(&network.torn)),
        Err(Broken::WithAll(Break::Cut)) => drop(count(&network.cut)),
        Err(Broken::WithAll(Break::Reset)) => {
            reset(&near, far.as_ref());
            count(&network.reset);
        }
    }
}

/// Makes both ends reset when they are dropped.
fn reset(near: &TcpStream, far: Option<&TcpStream>) {
    for stream in [Some(near), far].into_iter().flatten() {
        // One that is gone already cannot be reset, and need not be.
        let _ = stream.set_zero_linger();
    }
}

async fn pass(
    network: &Network,
    near: &mut TcpStream,
    far: &mut Option<TcpStream>,
) -> Result<(), Broken> {
    // Who calls during a stall is not answered, and may have given up when it ends.
    calm(network, Way::There).await;
    if !matches!(near.take_error(), Ok(None)) {
        return Err(Broken::ByItself);
    }
    let opened = TcpStream::connect(network.upstream).await.map_err(|_| Broken::ByItself)?;
    let far = far.insert(opened);
    for stream in [&*near, &*far] {
        stream.set_nodelay(true).map_err(|_| Broken::ByItself)?;
    }
    let ((from_near, to_near), (from_far, to_far)) = (near.split(), far.split());
    let there = pump(network, Way::There, from_near, to_far);
    let back = pump(network, Way::Back, from_far, to_near);
    try_join(there, back).await.map(drop)
}

async fn pump(
    network: &Network,
    way: Way,
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
) -> Result<(), Broken> {
    let mut buffer = vec![0; CHUNK];
    loop {
        let read = from.read(&mut buffer).await.map_err(|_| Broken::ByItself)?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        let now = *network.weather.borrow();
        if now.holds(way) {
            network.held.fetch_add(bytes, Ordering::Relaxed);
            calm(network, way).await;
            // The system hands out what arrived before a reset; a network would not have it.
            if !matches!(from.as_ref().take_error(), Ok(None)) {
                network.lost.fetch_add(bytes, Ordering::Relaxed);
                return Err(Broken::ByItself);
            }
        }
        if !now.delay.is_zero() {
            network.delayed.fetch_add(bytes, Ordering::Relaxed);
            sleep(now.delay).await;
        }
        if read == 0 {
            return to.shutdown().await.map_err(|_| Broken::ByItself);
        }
        let pass = allowance(network, read);
        to.write_all(&buffer[..pass]).await.map_err(|_| Broken::ByItself)?;
        if pass < read {
            return Err(Broken::Torn);
        }
    }
}

/// Waits until there is no stall on this way.
async fn calm(network: &Network, way: Way) {
    // The sender is part of the network, so it cannot be gone.
    let _ = network.weather.subscribe().wait_for(|weather| !weather.holds(way)).await;
}

/// How many of these bytes may pass; takes them from the budget, and the budget away with the last.
fn allowance(network: &Network, bytes: usize) -> usize {
    let mut pass = bytes;
    network.weather.send_if_modified(|weather| {
        if let Some(left) = weather.budget {
            pass = bytes.min(usize::try_from(left).unwrap_or(usize::MAX));
            let rest = left - u64::try_from(pass).unwrap_or(left);
            weather.budget = (pass == bytes).then_some(rest);
        }
        false
    });
    pass
}
