//! A network that fails on demand.

mod line;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// Passes TCP connections on to one address, until it is told otherwise.
pub struct Proxy {
    address: SocketAddr,
    network: Arc<Network>,
    _accepting: AbortOnDropHandle<()>,
}

/// What has happened, since the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Connections that came.
    pub connections: u64,
    /// Connections that were cut.
    pub cut: u64,
    /// Connections that were reset.
    pub reset: u64,
    /// Connections that ended in the middle of what was sent.
    pub torn: u64,
    /// Bytes that a stall held up.
    pub held: u64,
    /// Bytes that were held up and never delivered, because their sender had reset meanwhile.
    pub lost: u64,
    /// Bytes that were delivered late.
    pub delayed: u64,
}

/// How a connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// Both sides are told that the other one closed.
    Cut,
    /// Both sides get a reset.
    Reset,
}

/// What all connections share.
struct Network {
    upstream: SocketAddr,
    weather: watch::Sender<Weather>,
    connections: AtomicU64,
    cut: AtomicU64,
    reset: AtomicU64,
    torn: AtomicU64,
    held: AtomicU64,
    lost: AtomicU64,
    delayed: AtomicU64,
}

/// What the network does now.
#[derive(Debug, Clone, Copy)]
struct Weather {
    /// What does not move.
    stalled: Option<Stall>,
    /// Everything is this late.
    delay: Duration,
    /// How often all connections broke, and how they did it last.
    broken: (u64, Break),
    /// How many bytes may still pass, both directions together, before their connection is cut.
    budget: Option<u64>,
}

/// What a stall holds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stall {
    Everything,
    Answers,
}

/// The direction in which bytes pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    There,
    Back,
}

impl Weather {
    fn holds(&self, way: Way) -> bool {
        match self.stalled {
            None => false,
            Some(Stall::Everything) => true,
            Some(Stall::Answers) => way == Way::Back,
        }
    }
}

impl Proxy {
    /// Listens on an address of its own.
    ///
    /// # Errors
    /// When there is none.
    pub async fn before(upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let network = Arc::new(Network::to(upstream));
        let accepting = accept(listener, Arc::clone(&network));
        let accepting = AbortOnDropHandle::new(tokio::spawn(accepting));
        Ok(Self { address, network, _accepting: accepting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Breaks every connection there is.
    pub fn break_all(&self, how: Break) {
        self.network.weather.send_modify(|weather| weather.broken = (weather.broken.0 + 1, how));
    }

    /// Lets nothing pass any more, in either direction; what comes waits.
    pub fn stall(&self) {
        self.network.weather.send_modify(|weather| weather.stalled = Some(Stall::Everything));
    }

    /// Lets nothing come back any more: what is behind it takes everything and never answers.
    pub fn stall_answers(&self) {
        self.network.weather.send_modify(|weather| weather.stalled = Some(Stall::Answers));
    }

    /// Ends a stall and a delay. What waits is delivered, unless its sender has reset meanwhile:
    /// a network that is whole again delivers nothing for a sender that is gone.
    pub fn heal(&self) {
        self.network.weather.send_modify(|weather| {
            weather.stalled = None;
            weather.delay = Duration::ZERO;
        });
    }

    /// Delivers everything late.
    pub fn delay(&self, by: Duration) {
        self.network.weather.send_modify(|weather| weather.delay = by);
    }

    /// Cuts a connection after so many more bytes, in the middle of what is sent.
    pub fn tear_after(&self, bytes: u64) {
        self.network.weather.send_modify(|weather| weather.budget = Some(bytes));
    }

    /// What has happened.
    pub fn counts(&self) -> Counts {
        let Network { connections, cut, reset, torn, held, lost, delayed, .. } = &*self.network;
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counts {
            connections: read(connections),
            cut: read(cut),
            reset: read(reset),
            torn: read(torn),
            held: read(held),
            lost: read(lost),
            delayed: read(delayed),
        }
    }
}

impl Counts {
    /// Connections that broke, in whichever way.
    pub fn broken(&self) -> u64 {
        self.cut + self.reset + self.torn
    }
}

impl Network {
    fn to(upstream: SocketAddr) -> Self {
        let weather =
            Weather { stalled: None, delay: Duration::ZERO, broken: (0, Break::Cut), budget: None };
        let [connections, cut, reset, torn, held, lost, delayed] = [const { AtomicU64::new(0) }; 7];
        let weather = watch::Sender::new(weather);
        Self { upstream, weather, connections, cut, reset, torn, held, lost, delayed }
    }
}

async fn accept(listener: TcpListener, network: Arc<Network>) {
    let lines = TaskTracker::new();
    while let Ok((near, _)) = listener.accept().await {
        network.connections.fetch_add(1, Ordering::Relaxed);
        lines.spawn(line::carry(Arc::clone(&network), near));
    }
}
