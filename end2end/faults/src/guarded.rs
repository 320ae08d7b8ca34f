//! A shell whose every byte is timed, at both of its ends.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use client::portal::{Heard, Person, Terminal, place};
use client::{Screen, Shell as _};
use domain::wire::ServerMessage;
use domain::{LeftBehind, RequestId, SessionId, Target};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::{Entry, Portal, events, eventually, pod, since_boot};

/// How often a numbered line is typed.
const TYPED_EACH: Duration = Duration::from_millis(50);
/// A watch this long after the deadline never ends.
const HANGS_AFTER: Duration = Duration::from_mins(1);
/// How long what is left of a session may be looked for and written down.
const SETTLES_WITHIN: Duration = Duration::from_mins(1);

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
        let person = portal.somebody(name).await?;
        let staging = place("staging")?;
        let request = person.ask(&staging, "shell", length, "it must end in time").await?;
        let target = person.targets(&staging, request).await?.remove(0);
        let script = format!("/tmp/{name}-script");
        pod::put(&portal.stand, &target, &script, SCRIPT).await?;
        let session = person.open(request, &target).await?;
        let mut terminal = person.attach_through(address, session, 0).await?;
        let Heard::Said(ServerMessage::Attached { left_ms, .. }) = terminal.next().await? else {
            bail!("it was not attached");
        };
        let deadline = since_boot() + Duration::from_millis(left_ms + 1);
        let mut screen = Screen::new(terminal);
        screen.prompt().await?;
        let notes = notes(session);
        screen.enters(&format!("exec sh {script} {notes}")).await?;
        screen.sees("notes are taken").await?;
        Ok(Self { portal, request, session, target, deadline, terminal: screen.shell })
    }

    /// Types numbered lines, and reads, until the socket is closed. A flood begins at a point in
    /// time, if one is given.
    ///
    /// # Errors
    /// When it goes on long after its deadline, or what comes is not the protocol.
    pub async fn watch(mut self, flood: Option<Duration>) -> anyhow::Result<Ending<'a>> {
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
        let watched = follow(&mut self.terminal, &mut ending, flood);
        timeout(within, watched).await.context("the session does not end")??;
        Ok(ending)
    }
}

async fn follow(
    terminal: &mut Terminal,
    ending: &mut Ending<'_>,
    mut flood: Option<Duration>,
) -> anyhow::Result<()> {
    let mut typing = interval(TYPED_EACH);
    typing.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            heard = terminal.next() => match heard? {
                Heard::Said(ServerMessage::Output { bytes, .. }) => {
                    ending.output.push((since_boot(), bytes.len()));
                }
                Heard::Said(ServerMessage::Ended(words)) => ending.words = Some(words),
                Heard::Said(_) => {}
                Heard::Closed(_) => return Ok(()),
            },
            _ = typing.tick() => {
                let number = ending.typed.len() + 1;
                ending.typed.push(since_boot());
                let mut line = format!("{number}\r");
                if flood.take_if(|at| *at <= since_boot()).is_some() {
                    line += "flood\r";
                }
                // Where nothing can be typed any more, the end is about to be read.
                let _ = terminal.types(line.as_bytes()).await;
            }
        }
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
        let id = self.session.to_string();
        let ended = |log: Vec<Entry>| log.into_iter().find(|entry| entry.kind == "session-ended");
        let said = eventually("the session's end in the record", SETTLES_WITHIN, async || {
            Ok(ended(events(auditor, Some(&id)).await?))
        });
        let said = said.await?.text;
        let processes = pod::processes(&self.portal.stand, &self.target, self.session).await?;
        let nothing = said.contains(&LeftBehind::Nothing.words());
        ensure!(!nothing || processes.is_empty(), "{said:?}, but there are {processes:?}");
        Ok(said)
    }
}

/// Where the pod notes what it reads.
fn notes(session: SessionId) -> String {
    format!("/tmp/{session}-notes")
}
