//! A shell whose every byte is timed, at both of its ends.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use client::portal::{GoesOn, Heard, Person, Terminal, place};
use client::{Screen, Shell as _};
use domain::wire::ServerMessage;
use domain::{LeftBehind, RequestId, SessionId, Target};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::{Entry, Portal, events, eventually, pod, since_boot};

/// How often a numbered line is typed.
const TYPED_EACH: Duration = Duration::from_millis(50);
/// A watch this long after the deadline never ends.
const HANGS_AFTER: Duration = Duration::from_mins(1);
/// How long what is left of a session may be looked for and written down.
const SETTLES_WITHIN: Duration = Duration::from_mins(1);
/// How long what was out of reach may take to be looked into again.
const LOOKED_AGAIN_WITHIN: Duration = Duration::from_mins(2);
/// The processes that the script starts, and itself.
const PROCESSES: usize = 5;

/// What runs in the pod: it notes when each line comes, beside processes that are hard to end. The
/// line `flood` begins a flood.
const SCRIPT: &str = r#"
(trap '' HUP; exec sleep 86401) &
setsid sleep 86402 &
nohup sleep 86403 >/dev/null 2>&1 &
setsid sh -c 'trap "" HUP TERM INT; while :; do sleep 1; done' &
echo note''s are taken
while IFS= read -r line; do
  read -r up rest </proc/uptime
  echo "$up $line" >>"$1"
  if [ "$line" = flood ]; then yes "a line of a flood that is long enough to be one" & fi
done
"#;

/// A session that must end at a point in time.
pub struct Guarded<'a> {
    portal: &'a Portal,
    /// Its request.
    pub request: RequestId,
    session: SessionId,
    target: Target,
    /// The first instant at which it may not run any more, as [`since_boot`] says it.
    pub deadline: Duration,
    terminal: Terminal,
    shown: watch::Sender<usize>,
}

/// How a session went that was watched to its end.
pub struct Ending<'a> {
    portal: &'a Portal,
    session: SessionId,
    target: Target,
    /// The first instant at which it might not run any more.
    pub deadline: Duration,
    /// When output came, and how many bytes.
    pub output: Vec<(Duration, usize)>,
    /// When each line was typed; they are numbered from 1.
    pub typed: Vec<Duration>,
    /// The portal's last words, if they came.
    pub words: Option<String>,
}

impl<'a> Guarded<'a> {
    /// Lets somebody new ask for a shell of this length, and open it through an address that leads
    /// to the portal. Returns when it notes what it reads.
    ///
    /// # Errors
    /// When that is refused.
    pub async fn open(
        portal: &'a Portal,
        name: &str,
        length: &str,
        address: SocketAddr,
    ) -> anyhow::Result<Self> {
        let connect = async { Ok(TcpStream::connect(address).await?) };
        Self::over(portal, name, length, connect).await
    }

    /// The same over a connection that is made in another way.
    ///
    /// # Errors
    /// When that is refused.
    pub async fn over(
        portal: &'a Portal,
        name: &str,
        length: &str,
        connect: impl Future<Output = anyhow::Result<TcpStream>>,
    ) -> anyhow::Result<Self> {
        let person = portal.somebody(name).await?;
        let staging = place("staging")?;
        let request = person.ask(&staging, "shell", length, "it must end in time").await?;
        let target = person.targets(&staging, request).await?.remove(0);
        // Of its own: other tests have people of this name.
        let script = format!("/tmp/{request}-script");
        pod::put(&portal.stand, &target, &script, SCRIPT).await?;
        let session = person.open(request, &target).await?;
        let mut terminal = person.attach_over(connect.await?, session, GoesOn::default()).await?;
        let Heard::Said(ServerMessage::Attached { left_ms, .. }) = terminal.next().await? else {
            bail!("it was not attached");
        };
        let deadline = since_boot() + Duration::from_millis(left_ms + 1);
        let mut screen = Screen::new(terminal);
        screen.prompt().await?;
        let notes = notes(session);
        screen.enters(&format!("exec sh {script} {notes}")).await?;
        screen.sees("notes are taken").await?;
        let there = eventually("all of its processes", SETTLES_WITHIN, async || {
            let there = pod::processes(&portal.stand, &target, session).await?;
            ensure!(there.len() >= PROCESSES, "there are only {there:?}");
            Ok(Some(()))
        });
        there.await?;
        let (shown, terminal) = (watch::Sender::new(0), screen.shell);
        Ok(Self { portal, request, session, target, deadline, terminal, shown })
    }

    /// How many bytes of output it has shown, while it is followed.
    pub fn shown(&self) -> watch::Receiver<usize> {
        self.shown.subscribe()
    }

    /// Types numbered lines, and reads, until the socket is closed. A flood begins at a point in
    /// time, if one is given.
    ///
    /// # Errors
    /// When it goes on long after its deadline, or what comes is not the protocol.
    pub async fn watch(self, flood: Option<Duration>) -> anyhow::Result<Ending<'a>> {
        Ok(self.follow(flood, |_| false).await?.0)
    }

    /// The same until it is enough; then the terminal is returned, too.
    pub(crate) async fn follow(
        mut self,
        flood: Option<Duration>,
        enough: impl Fn(&Ending<'_>) -> bool,
    ) -> anyhow::Result<(Ending<'a>, Option<Terminal>)> {
        let within = (self.deadline + HANGS_AFTER).saturating_sub(since_boot());
        let mut ending = Ending {
            portal: self.portal,
            session: self.session,
            target: self.target.clone(),
            deadline: self.deadline,
            output: Vec::new(),
            typed: Vec::new(),
            words: None,
        };
        let watched = self.note_in(&mut ending, flood, enough);
        let open = timeout(within, watched).await.context("the session does not end")??;
        Ok((ending, open.then_some(self.terminal)))
    }

    /// Whether it was enough before the socket was closed.
    async fn note_in(
        &mut self,
        ending: &mut Ending<'_>,
        mut flood: Option<Duration>,
        enough: impl Fn(&Ending<'_>) -> bool,
    ) -> anyhow::Result<bool> {
        let mut typing = interval(TYPED_EACH);
        typing.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !enough(ending) {
            tokio::select! {
                heard = self.terminal.next() => match heard? {
                    Heard::Said(ServerMessage::Output { bytes, .. }) => {
                        ending.output.push((since_boot(), bytes.len()));
                        self.shown.send_modify(|shown| *shown += bytes.len());
                    }
                    Heard::Said(ServerMessage::Ended(words)) => ending.words = Some(words),
                    Heard::Said(_) => {}
                    Heard::Closed(_) => return Ok(false),
                },
                _ = typing.tick() => {
                    let number = ending.typed.len() + 1;
                    ending.typed.push(since_boot());
                    let mut line = format!("{number}\r");
                    if flood.take_if(|at| *at <= since_boot()).is_some() {
                        line += "flood\r";
                    }
                    // Where nothing can be typed any more, the end is about to be read.
                    let _ = self.terminal.types(line.as_bytes()).await;
                }
            }
        }
        Ok(true)
    }
}

impl Ending<'_> {
    /// When the last output came.
    ///
    /// # Errors
    /// When there was none.
    pub fn last_output(&self) -> anyhow::Result<Duration> {
        Ok(self.output.last().context("there was no output")?.0)
    }

    /// Bytes of output that came after a point in time.
    pub fn output_since(&self, at: Duration) -> usize {
        self.output.iter().filter(|(came, _)| *came > at).map(|(_, bytes)| bytes).sum()
    }

    /// Which lines the pod read, and when.
    ///
    /// # Errors
    /// When it cannot be looked, or a line came twice or in disorder.
    pub async fn notes(&self) -> anyhow::Result<Vec<(Duration, usize)>> {
        let notes = notes(self.session);
        let text = pod::inside(&self.portal.stand, &self.target, &["cat", &notes]).await?;
        let mut read = Vec::new();
        for line in text.lines().filter(|line| !line.ends_with("flood")) {
            let (at, number) = line.split_once(' ').context("a note is not whole")?;
            let number: usize = number.parse()?;
            ensure!(number == read.len() + 1, "line {number} came as number {}", read.len() + 1);
            read.push((Duration::from_secs_f64(at.parse()?), number));
        }
        Ok(read)
    }

    /// Fails unless its processes in the container are gone, or the record says that they may
    /// not be; says what the record does.
    ///
    /// # Errors
    /// When neither comes to be.
    pub async fn is_cleaned_up(&self, auditor: &Person) -> anyhow::Result<String> {
        let said = self.recorded(auditor, "session-ended", SETTLES_WITHIN).await?;
        if said.contains(&LeftBehind::Nothing.words()) {
            self.is_empty().await?;
        }
        Ok(said)
    }

    /// Fails unless the container, which was out of reach at the end, is looked into again, and
    /// nothing is left there then.
    ///
    /// # Errors
    /// When that does not come to be.
    pub async fn is_cleaned_up_later(&self, auditor: &Person) -> anyhow::Result<()> {
        let said = self.recorded(auditor, "session-cleaned-up", LOOKED_AGAIN_WITHIN).await?;
        ensure!(said.contains(&LeftBehind::Nothing.words()), "{said}");
        self.is_empty().await
    }

    /// What the record says of the session in an event of this kind, once it does.
    async fn recorded(
        &self,
        auditor: &Person,
        kind: &str,
        within: Duration,
    ) -> anyhow::Result<String> {
        let id = self.session.to_string();
        let of_kind = |log: Vec<Entry>| log.into_iter().find(|entry| entry.kind == kind);
        let said =
            eventually(kind, within, async || Ok(of_kind(events(auditor, Some(&id)).await?)));
        Ok(said.await?.text)
    }

    async fn is_empty(&self) -> anyhow::Result<()> {
        let processes = pod::processes(&self.portal.stand, &self.target, self.session).await?;
        ensure!(processes.is_empty(), "it is said to be empty, but there are {processes:?}");
        Ok(())
    }
}

/// Where the pod notes what it reads.
fn notes(session: SessionId) -> String {
    format!("/tmp/{session}-notes")
}
