//! A session with everything around it in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use broker::port::{Attachment, Bridge as _, Carried, Clock, Deadline, LiveTerminal, Shell};
use domain::wire::{CloseCode, Size};
use domain::{GrantId, LoginId, SessionEnd, SessionId};
use jiff::Timestamp;
use tokio::task::JoinHandle;

use super::browser::{Browser, Socket};
use super::shell::{Pod, Script, TestInput};
use super::tape::MemoryTape;
use crate::Pump;

pub(crate) const SIZE: Size = Size { columns: 80, rows: 24 };
/// The deadline of every session here; its clock begins at zero.
pub(crate) const DEADLINE: Duration = Duration::from_hours(1);
pub(crate) const GRACE: Duration = Duration::from_mins(1);

/// Time that only passes when it is told to.
#[derive(Default)]
pub(crate) struct ManualClock(AtomicU64);

impl ManualClock {
    pub(crate) fn pass(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn since_boot(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A session that runs.
pub(crate) struct Stage {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) tape: Arc<MemoryTape>,
    pub(crate) pod: Pod,
    pub(crate) terminal: Arc<dyn LiveTerminal>,
    pump: Arc<Pump>,
}

impl Stage {
    /// A session whose shell does what it is told.
    pub(crate) fn new() -> Self {
        Self::with(MemoryTape::default(), Script::Told)
    }

    /// A session with a tape and a shell of some kind.
    pub(crate) fn with(tape: MemoryTape, script: Script) -> Self {
        let clock = Arc::new(ManualClock::default());
        let pump = Arc::new(Pump::new(clock.clone()).unwrap());
        Self::on(clock, pump, tape, script)
    }

    /// Another session of the same grant, whose shell does what it is told.
    pub(crate) fn beside(&self) -> Self {
        let (clock, pump) = (Arc::clone(&self.clock), Arc::clone(&self.pump));
        Self::on(clock, pump, MemoryTape::default(), Script::Told)
    }

    fn on(clock: Arc<ManualClock>, pump: Arc<Pump>, tape: MemoryTape, script: Script) -> Self {
        let tape = Arc::new(tape);
        let (pod, output) = Pod::new(script);
        let input = Box::new(TestInput::of(&pod));
        let shell = Shell { protocol: "v5.channel.k8s.io".to_owned(), output, input };
        let terminal = pump.carry(Carried {
            session: SessionId(uuid::Uuid::from_u128(1)),
            grant: GrantId(uuid::Uuid::from_u128(2)),
            shell,
            tape: tape.clone(),
            deadline: Deadline { since_boot: DEADLINE },
            grace: GRACE,
            opened_in: Duration::from_millis(42),
        });
        Self { clock, tape, pod, terminal, pump }
    }

    /// Attaches a browser.
    pub(crate) fn attach(&self, attachment: Attachment) -> (Browser, JoinHandle<CloseCode>) {
        self.attach_by(attachment, usize::MAX >> 4)
    }

    /// Attaches a browser whose socket takes only so many messages that are not read.
    pub(crate) fn attach_by(
        &self,
        attachment: Attachment,
        messages: usize,
    ) -> (Browser, JoinHandle<CloseCode>) {
        let (browser, socket) = Socket::pair(attachment.offset, messages, self.clock.clone());
        let terminal = Arc::clone(&self.terminal);
        let served = tokio::spawn(async move {
            let mut socket = socket;
            terminal.attach(attachment, &mut socket).await
        });
        (browser, served)
    }

    /// How the session ended, once it has; both halves of the shell are gone then.
    pub(crate) async fn ended(&self) -> SessionEnd {
        let how = self.terminal.ended().await;
        assert!(self.pod.is_reset(), "the shell is reset");
        how
    }
}

pub(crate) fn login(number: u128) -> LoginId {
    LoginId(uuid::Uuid::from_u128(number))
}

pub(crate) fn writer(name: &str) -> Attachment {
    let name = name.to_owned();
    Attachment { name, login: login(1), writer: true, turn: 0, offset: 0, size: SIZE }
}

pub(crate) fn watcher(name: &str) -> Attachment {
    Attachment { writer: false, login: login(2), ..writer(name) }
}

/// Lets everything that can go on without time passing go on.
pub(crate) async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

/// Begins to measure the runtime's time.
#[expect(clippy::disallowed_methods, reason = "it is paused time, which no clock of ours tells")]
pub(crate) fn stopwatch() -> tokio::time::Instant {
    tokio::time::Instant::now()
}
