//! Somebody with many terminals.

use client::portal::{Person, place};
use client::{Screen, Shell};
use domain::RequestId;

use crate::measure::Stage;

/// The most that one person may run at once (`broker`).
pub(super) const TO_A_PERSON: u32 = 20;

/// Somebody who may open shells in `staging`.
pub(super) struct Idler {
    person: Person,
    request: RequestId,
}

impl Idler {
    /// Signs in, is granted shells, and opens one, so that what comes with the first is not
    /// counted.
    pub(super) async fn arrive(stage: &Stage, name: &str) -> anyhow::Result<Self> {
        stage.stand.introduce(name, &["oncall"]).await?;
        let person = Person::sign_in(&stage.stand.portal, name).await?;
        let staging = place("staging")?;
        let request = person.ask(&staging, "shell", "1h", "idle terminals are weighed").await?;
        let target = person.targets(&staging, request).await?.remove(0);
        let session = person.open(request, &target).await?;
        let mut screen = Screen::new(person.attach(session, 0).await?);
        screen.prompt().await?;
        person.end(session).await?;
        Ok(Self { person, request })
    }

    /// Opens terminals and leaves each at its prompt.
    pub(super) async fn open(&self, count: u32) -> anyhow::Result<Vec<Box<dyn Shell>>> {
        let targets = self.person.targets(&place("staging")?, self.request).await?;
        let mut shells: Vec<Box<dyn Shell>> = Vec::new();
        for target in targets.iter().cycle().take(count as usize) {
            let session = self.person.open(self.request, target).await?;
            let mut screen = Screen::new(self.person.attach(session, 0).await?);
            screen.prompt().await?;
            shells.push(Box::new(screen.shell));
        }
        Ok(shells)
    }
}
