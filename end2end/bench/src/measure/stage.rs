//! A granted request, and the ways into one of its containers.

use anyhow::Context as _;
use client::portal::{Person, Terminal, place};
use client::{Screen, Stand};
use domain::{RequestId, SessionId, Target};

use crate::way::Ways;

/// Longer than all measurements together; the demo's policy allows it.
const LENGTH: &str = "2h";
const REASON: &str = "what a shell costs is measured";
/// The container everything is measured in.
const CONTAINER: &str = "web";

/// Where it is measured.
pub struct Stage {
    /// What was started for it.
    pub stand: Stand,
    /// Who uses Shorepass.
    pub ana: Person,
    /// Her request, which ben approved.
    pub request: RequestId,
    /// The container.
    pub target: Target,
    /// The other ways into it.
    pub ways: Ways,
}

impl Stage {
    /// Lets ana ask for shells in `payments`, and ben approve.
    ///
    /// # Errors
    /// When either is refused.
    pub async fn set(stand: Stand) -> anyhow::Result<Self> {
        let ana = Person::sign_in(&stand.portal, "ana").await?;
        let ben = Person::sign_in(&stand.portal, "ben").await?;
        let payments = place("payments")?;
        let request = ana.ask(&payments, "shell", LENGTH, REASON).await?;
        ben.approve(request).await?;
        ana.granted(request).await?;
        let targets = ana.targets(&payments, request).await?;
        let target = targets.into_iter().find(|target| target.container.as_str() == CONTAINER);
        let target = target.with_context(|| format!("no container is called {CONTAINER}"))?;
        let ways = Ways::into(&stand, &target).await?;
        Ok(Self { stand, ana, request, target, ways })
    }

    /// Opens a shell through Shorepass, as the page does: the session, the page itself, a ticket,
    /// a socket. Returns at the prompt.
    ///
    /// # Errors
    /// When there is none.
    pub async fn shorepass(&self) -> anyhow::Result<(SessionId, Screen<Terminal>)> {
        let session = self.ana.open(self.request, &self.target).await?;
        self.ana.page(&format!("/sessions/{session}")).await?;
        let mut screen = Screen::new(self.ana.attach(session, 0).await?);
        screen.prompt().await?;
        Ok((session, screen))
    }
}
