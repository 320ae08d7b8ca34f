//! One session, from its open shell to its end.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use broker::port::{Carried, Shell, Tape};
use domain::wire::Size;
use domain::{SessionEnd, SessionId};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::{sleep, timeout};

use crate::fate::Fate;
use crate::presence::GrantPresence;
use crate::roster::{Present, Roster};
use crate::shell::{Input, Typing, made_durable, record, record_sizes, type_in, unrecorded};

/// How many inputs may wait for the shell.
const INBOX: usize = 256;
/// How much input may wait for the shell, in bytes. Beyond it the writer's socket is not read.
pub(crate) const INBOX_BYTES: usize = 512 * 1024;
/// How long a shell that takes no input any more may need to say why.
const LAST_WORD: Duration = Duration::from_secs(2);
/// How long viewers may need for the rest of what a shell wrote before it ended.
pub(crate) const DELIVERY: Duration = Duration::from_secs(5);

/// What the task of a session shares with those that serve its viewers.
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) fate: Arc<Fate>,
    pub(crate) tape: Arc<dyn Tape>,
    pub(crate) roster: Arc<Roster>,
    pub(crate) inbox: mpsc::Sender<Input>,
    /// Bytes of the inbox that are free.
    pub(crate) room: Arc<Semaphore>,
    /// The size that the writer's terminal has.
    pub(crate) size: watch::Sender<Option<Size>>,
    /// The number of the last input that the shell has.
    pub(crate) written: watch::Receiver<u64>,
    /// Output up to here was sent to a writer.
    pub(crate) shown: AtomicU64,
    /// When the portal is going to be restarted, if it is, as time since boot.
    pub(crate) restart: watch::Sender<Option<Duration>>,
    pub(crate) opened_in: Duration,
    ended: watch::Sender<bool>,
}

impl Session {
    /// Takes over an open shell; the future runs the session.
    pub(crate) fn begin(
        carried: Carried,
        fate: Arc<Fate>,
        presence: Arc<GrantPresence>,
    ) -> (Arc<Self>, impl Future<Output = ()> + use<>) {
        let Carried { session: id, shell, tape, grace, opened_in, .. } = carried;
        let (inbox, waiting) = mpsc::channel(INBOX);
        let (size, wanted) = watch::channel(None);
        let (written, follow) = watch::channel(0);
        let session = Arc::new(Self {
            id,
            fate,
            tape,
            roster: Roster::new(presence),
            inbox,
            room: Arc::new(Semaphore::new(INBOX_BYTES)),
            size,
            written: follow,
            shown: AtomicU64::new(0),
            restart: watch::Sender::new(None),
            opened_in,
            ended: watch::Sender::new(false),
        });
        let applied = watch::Sender::new(None);
        let typing = Typing { inbox: waiting, wanted, applied, written };
        let ending = Ending(Arc::clone(&session));
        let run = async move { ending.0.run(shell, typing, grace).await };
        (session, run)
    }

    /// Waits until the shell is reset and the viewers had their chance.
    pub(crate) async fn ended(&self) -> SessionEnd {
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
        self.fate.how().cloned().unwrap_or(SessionEnd::PortalStopped)
    }

    async fn run(&self, shell: Shell, typing: Typing, grace: Duration) {
        let recorded = watch::Sender::new(0);
        let how = self.carry(shell, typing, grace, &recorded).await;
        // Both halves of the shell are dropped by now.
        let halted = self.fate.halted();
        let finish = async {
            match how {
                None => {}
                Some(how @ (SessionEnd::Exited { .. } | SessionEnd::Cut { .. })) => {
                    if made_durable(self.tape.durable(), &recorded).await {
                        self.fate.settle(how);
                    } else {
                        self.fate.end(SessionEnd::NotRecorded);
                    }
                    let mut present = self.roster.follow();
                    let _ = timeout(DELIVERY, present.wait_for(Present::is_left)).await;
                }
                Some(how) => self.fate.end(how),
            }
        };
        tokio::select! {
            biased;
            () = halted => {}
            () = finish => {}
        }
    }

    /// Moves bytes until the shell, the tape, the viewers or the session's fate say that it is
    /// enough.
    async fn carry(
        &self,
        shell: Shell,
        typing: Typing,
        grace: Duration,
        recorded: &watch::Sender<u64>,
    ) -> Option<SessionEnd> {
        let Shell { mut output, mut input, .. } = shell;
        let (fate, tape) = (self.fate.as_ref(), self.tape.as_ref());
        let applied = typing.applied.subscribe();
        let typing = async {
            let cut = type_in(input.as_mut(), typing, fate).await;
            sleep(LAST_WORD).await;
            cut
        };
        tokio::select! {
            biased;
            () = fate.halted() => None,
            how = record(output.as_mut(), tape, recorded, fate) => Some(how),
            cut = typing => Some(SessionEnd::Cut { what: cut.what }),
            _ = record_sizes(applied, tape) => Some(SessionEnd::NotRecorded),
            () = unrecorded(tape.durable(), recorded) => Some(SessionEnd::NotRecorded),
            () = abandoned(self.roster.written(), grace) => Some(SessionEnd::Abandoned),
        }
    }
}

/// Returns when nobody wrote, in any session of the grant, for the grace time.
async fn abandoned(mut written: watch::Receiver<usize>, grace: Duration) {
    let mut is_written = *written.borrow_and_update() > 0;
    while is_written || timeout(grace, written.wait_for(|written| *written > 0)).await.is_ok() {
        if written.wait_for(|written| *written == 0).await.is_err() {
            return;
        }
        is_written = false;
    }
}

/// Says that the session ended when its task does, in whichever way that happens.
struct Ending(Arc<Session>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.fate.end(SessionEnd::PortalStopped);
        self.0.ended.send_replace(true);
    }
}
