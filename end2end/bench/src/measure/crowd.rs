//! What an idle terminal costs the portal, next to a kubectl that waits.

use std::time::Duration;

use client::Screen;
use client::portal::{Heard, Person, place};
use domain::{RequestId, SessionId};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::task::JoinSet;

use super::Stage;
use crate::report::{Figure, Target};

/// The most that one person may run at once (`broker`).
const TO_A_PERSON: u32 = 20;
/// People who open terminals at the same time: a node starts few processes at once.
const AT_ONCE: usize = 4;
/// Long enough for what opening used to be given back, and for a ping to be answered.
const SETTLES: Duration = Duration::from_secs(10);
const KIB: f64 = 1_024.0;
/// The most for each terminal, in KiB.
const MOST: f64 = 48.0;

/// Somebody with idle terminals.
struct Idler {
    person: Person,
    request: RequestId,
    sessions: Vec<SessionId>,
}

pub(super) async fn measure(stage: &Stage, terminals: u32) -> anyhow::Result<Vec<Figure>> {
    let kubectl = stage.kubectl().await?;
    let by_kubectl = kubectl.shell.process()?.resident()?;
    kubectl.leave().await?;

    let mut idlers = Vec::new();
    for number in 0..terminals.div_ceil(TO_A_PERSON) {
        idlers.push(Idler::arrive(stage, &format!("idler-{number}")).await?);
    }
    let process = stage.stand.process()?;
    tokio::time::sleep(SETTLES).await;
    let before = process.resident()?;

    let shares = (0..terminals).step_by(TO_A_PERSON as usize);
    let shares = shares.map(|begun| (terminals - begun).min(TO_A_PERSON));
    let (idlers, readers): (Vec<_>, Vec<_>) = stream::iter(idlers.into_iter().zip(shares))
        .map(|(idler, count)| idler.open(count))
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<_>>()
        .await?
        .into_iter()
        .unzip();
    tokio::time::sleep(SETTLES).await;
    let after = process.resident()?;

    drop(readers);
    for idler in idlers {
        idler.leave().await?;
    }
    #[expect(clippy::cast_precision_loss, reason = "memory is below 2^53 bytes")]
    let (grown, by_kubectl) = (after.saturating_sub(before) as f64, by_kubectl as f64);
    Ok(vec![
        Figure::of("memory of an idle terminal", "KiB", grown / KIB / f64::from(terminals))
            .beside("kubectl exec", by_kubectl / KIB)
            .should(Target::AtMost(MOST)),
    ])
}

impl Idler {
    /// Signs in, is granted shells in `staging`, and opens one, so that what comes with the first
    /// is not counted.
    async fn arrive(stage: &Stage, name: &str) -> anyhow::Result<Self> {
        stage.stand.introduce(name, &["oncall"]).await?;
        let person = Person::sign_in(&stage.stand.portal, name).await?;
        let staging = place("staging")?;
        let request = person.ask(&staging, "shell", "1h", "idle terminals are weighed").await?;
        let (idler, readers) = Self { person, request, sessions: Vec::new() }.open(1).await?;
        drop(readers);
        idler.person.end(idler.sessions[0]).await?;
        Ok(Self { sessions: Vec::new(), ..idler })
    }

    /// Opens terminals and leaves each at its prompt.
    async fn open(mut self, count: u32) -> anyhow::Result<(Self, JoinSet<()>)> {
        let staging = place("staging")?;
        let targets = self.person.targets(&staging, self.request).await?;
        let mut readers = JoinSet::new();
        for target in targets.iter().cycle().take(count as usize) {
            let session = self.person.open(self.request, target).await?;
            self.sessions.push(session);
            let mut screen = Screen::new(self.person.attach(session, 0).await?);
            screen.prompt().await?;
            // Reading answers pings.
            readers.spawn(async move {
                while matches!(screen.shell.next().await, Ok(Heard::Said(_))) {}
            });
        }
        Ok((self, readers))
    }

    async fn leave(self) -> anyhow::Result<()> {
        self.person.post(&format!("/requests/{}/end", self.request), &[]).await?;
        for session in self.sessions {
            self.person.end(session).await?;
        }
        Ok(())
    }
}
