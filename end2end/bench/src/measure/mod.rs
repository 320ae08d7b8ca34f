//! The measurements, a file each, and the stage they share.

mod amounts;
mod chromium;
mod crowd;
mod decisions;
mod echo;
mod flood;
mod interrupt;
mod pages;
mod prompt;
mod recordings;
mod reload;
mod resume;
mod rival;
mod stage;
mod viewers;

use std::time::Duration;

use anyhow::Context as _;

pub use amounts::Amounts;
pub use stage::Stage;

use crate::report::Figure;

/// What takes longer than this does not go on: three times what the slowest takes.
const HANGS_AFTER: Duration = Duration::from_mins(15);

/// What can be measured, in the order in which it is: the last one leaves a thousand terminals
/// open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Measurement {
    /// What policy says of every namespace.
    Decisions,
    /// From "Open shell" to a prompt.
    Prompt,
    /// A keystroke and its echo.
    Echo,
    /// Floods of output.
    Flood,
    /// Ctrl-C under a flood.
    Interrupt,
    /// Viewers that take nothing.
    Viewers,
    /// A terminal whose connection was cut.
    Resume,
    /// A shell whose page is loaded again.
    Reload,
    /// What only a real browser shows.
    Chromium,
    /// What pages weigh.
    Pages,
    /// Entering and searching recordings.
    Recordings,
    /// Many terminals at once.
    Crowd,
}

impl Measurement {
    /// Takes it.
    ///
    /// # Errors
    /// When something does not work; never because it is slow.
    pub async fn take(self, stage: &Stage, amounts: &Amounts) -> anyhow::Result<Vec<Figure>> {
        let amounts = *amounts;
        let taken = async {
            match self {
                Self::Decisions => decisions::measure(amounts.decisions),
                Self::Prompt => prompt::measure(stage, amounts.shells).await,
                Self::Echo => echo::measure(stage, amounts.keystrokes).await,
                Self::Flood => flood::measure(stage, amounts.bulk, amounts.flood).await,
                Self::Interrupt => interrupt::measure(stage, amounts.interrupts).await,
                Self::Viewers => viewers::measure(stage, amounts.viewers, amounts.keystrokes).await,
                Self::Resume => resume::measure(stage, amounts.cuts).await,
                Self::Reload => reload::measure(stage, amounts.reloads).await,
                Self::Chromium => chromium::measure(stage, amounts.pressed, amounts.cuts).await,
                Self::Pages => pages::measure(stage).await,
                Self::Recordings => {
                    recordings::measure(stage, amounts.hours, amounts.recordings).await
                }
                Self::Crowd => crowd::measure(stage, amounts.busy, amounts.terminals).await,
            }
        };
        tokio::time::timeout(HANGS_AFTER, taken).await.context("it hangs")?
    }
}
