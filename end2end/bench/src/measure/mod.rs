//! The measurements, a file each, and the stage they share.

mod echo;
mod flood;
mod memory;
mod pages;
mod prompt;
mod stage;

use std::time::Duration;

use anyhow::Context as _;

pub use stage::Stage;

use crate::report::Figure;

/// What takes longer than this does not go on: ten times what the slowest takes.
const HANGS_AFTER: Duration = Duration::from_mins(20);

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Measurement {
    /// From "Open shell" to a prompt.
    Prompt,
    /// A keystroke and its echo.
    Echo,
    /// A flood of output.
    Flood,
    /// What an idle terminal costs.
    Memory,
    /// What pages weigh.
    Pages,
}

/// How often, and how much.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Amounts {
    /// Shells to open on each path
    #[arg(long, default_value_t = 20)]
    pub shells: u32,
    /// Keystrokes on each path
    #[arg(long, default_value_t = 1_000)]
    pub keystrokes: u32,
    /// Size of the flood on each path, in MiB
    #[arg(long, default_value_t = 1_024, value_parser = clap::value_parser!(u32).range(4..))]
    pub flood: u32,
    /// Idle terminals, 20 to a person
    #[arg(long, default_value_t = 200)]
    pub terminals: u32,
}

impl Measurement {
    /// Takes it.
    ///
    /// # Errors
    /// When something does not work; never because it is slow.
    pub async fn take(self, stage: &Stage, amounts: &Amounts) -> anyhow::Result<Vec<Figure>> {
        let taken = async {
            match self {
                Self::Prompt => prompt::measure(stage, amounts.shells).await,
                Self::Echo => echo::measure(stage, amounts.keystrokes).await,
                Self::Flood => flood::measure(stage, amounts.flood).await,
                Self::Memory => memory::measure(stage, amounts.terminals).await,
                Self::Pages => pages::measure(stage).await,
            }
        };
        tokio::time::timeout(HANGS_AFTER, taken).await.context("it hangs")?
    }
}
