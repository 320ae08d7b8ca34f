//! A browser that comes back by itself.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use async_trait::async_trait;
use bytes::Bytes;
use client::Shell;
use client::portal::{GoesOn, Heard, Person, Terminal};
use domain::SessionId;
use domain::wire::{BrowserMessage, ServerMessage};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::time::{interval, timeout};

/// How long it may take to be attached again, …
const BACK_WITHIN: Duration = Duration::from_secs(30);
/// … and how often it is tried.
const TRIED_EACH: Duration = Duration::from_millis(10);

/// A terminal that attaches again where it was, and sends again what was not taken.
pub struct Resuming<'a> {
    person: &'a Person,
    session: SessionId,
    address: SocketAddr,
    terminal: Option<Terminal>,
    attaching: Option<BoxFuture<'a, anyhow::Result<Terminal>>>,
    /// Whether the terminal was told that it is attached.
    ready: bool,
    /// The number of the last input that the terminal's socket sent.
    sent: u64,
    /// Up to where output was received, and its turn at typing.
    goes_on: GoesOn,
    /// The number of the last input.
    typed: u64,
    /// Input that was not taken yet, with its number.
    waiting: VecDeque<(u64, Bytes)>,
    /// How often it attached.
    pub attached: u64,
    /// How many inputs it sent again.
    pub sent_again: usize,
}

impl<'a> Resuming<'a> {
    /// Attaches to a session from its beginning, through an address that leads to the portal.
    pub fn new(person: &'a Person, session: SessionId, address: SocketAddr) -> Self {
        Self {
            person,
            session,
            address,
            terminal: None,
            attaching: None,
            ready: false,
            sent: 0,
            goes_on: GoesOn::default(),
            typed: 0,
            waiting: VecDeque::new(),
            attached: 0,
            sent_again: 0,
        }
    }

    /// The terminal; attaches again where there is none. It may be given up at any await: what was
    /// begun goes on the next time.
    async fn terminal(&mut self) -> anyhow::Result<&mut Terminal> {
        if self.terminal.is_none() {
            let (person, address) = (self.person, self.address);
            let (session, goes_on) = (self.session, self.goes_on);
            let attach = || attach(person, address, session, goes_on).boxed();
            let attached = self.attaching.get_or_insert_with(attach).await;
            self.attaching = None;
            self.terminal = Some(attached?);
        }
        self.terminal.as_mut().context("there is no terminal")
    }

    /// Takes note of a message; output is returned.
    fn note(&mut self, heard: Heard) -> anyhow::Result<Option<Bytes>> {
        match heard {
            Heard::Said(ServerMessage::Attached { turn, offset, taken, .. }) => {
                let GoesOn { offset: received, turn: known } = self.goes_on;
                ensure!(known == 0 || turn == known, "turn {known} became {turn}");
                self.goes_on.turn = turn;
                ensure!(offset == received, "it goes on at {offset} instead of {received}");
                self.taken(taken);
                self.attached += 1;
                self.sent_again += self.waiting.iter().filter(|one| one.0 <= self.sent).count();
                (self.ready, self.sent) = (true, 0);
            }
            Heard::Said(ServerMessage::Output { bytes, .. }) => {
                self.goes_on.offset += u64::try_from(bytes.len())?;
                return Ok(Some(bytes.into()));
            }
            Heard::Said(ServerMessage::Taken(number)) => self.taken(number),
            Heard::Said(ServerMessage::Screen { offset, .. }) => {
                bail!("a screen stands for what comes before {offset}: it was left behind")
            }
            Heard::Said(ServerMessage::Ended(how)) => bail!("the session ended: {how}"),
            Heard::Said(_) => {}
            // Nothing but a fault closes it without a code: those are the portal's own reasons.
            Heard::Closed(None) => self.lost(),
            Heard::Closed(Some(code)) => bail!("the portal closed the socket with {code}"),
        }
        Ok(None)
    }

    fn taken(&mut self, number: u64) {
        self.waiting.retain(|(waits, _)| *waits > number);
    }

    fn lost(&mut self) {
        (self.terminal, self.ready) = (None, false);
    }

    /// Sends what this socket has not sent. It may be given up at any await: an input that is sent
    /// twice is taken once.
    async fn send(&mut self) {
        let first = self.waiting.partition_point(|(number, _)| *number <= self.sent);
        for (number, bytes) in self.waiting.iter().skip(first) {
            let Some(terminal) = self.terminal.as_mut().filter(|_| self.ready) else { return };
            let input = BrowserMessage::Input { number: *number, answered: false, bytes };
            if terminal.send(&input).await.is_err() {
                return self.lost();
            }
            self.sent = *number;
        }
    }
}

/// Tries until it is attached: one that was cut while it opened is tried again.
async fn attach(
    person: &Person,
    address: SocketAddr,
    session: SessionId,
    goes_on: GoesOn,
) -> anyhow::Result<Terminal> {
    let trying = async {
        let mut again = interval(TRIED_EACH);
        loop {
            again.tick().await;
            if let Ok(terminal) = person.attach_through(address, session, goes_on).await {
                return terminal;
            }
        }
    };
    timeout(BACK_WITHIN, trying).await.context("it cannot be attached to again")
}

#[async_trait]
impl Shell for Resuming<'_> {
    async fn types(&mut self, keys: &[u8]) -> anyhow::Result<()> {
        self.typed += 1;
        self.waiting.push_back((self.typed, Bytes::copy_from_slice(keys)));
        self.send().await;
        Ok(())
    }

    async fn output(&mut self) -> anyhow::Result<Bytes> {
        loop {
            self.send().await;
            let heard = self.terminal().await?.next().await?;
            if let Some(bytes) = self.note(heard)? {
                return Ok(bytes);
            }
        }
    }
}
