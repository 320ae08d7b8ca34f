//! `shorepass policy`: a policy is reviewed like production code, and tested like it.
//!
//! Everything here works on files, without the portal. What is wrong is the exit code: 0 where all
//! is well, 1 otherwise.

mod check;
mod explain;
mod replay;
mod scenario;
mod schema;
mod test;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(super) struct Policy {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads a policy, and says what is wrong with it
    Check(check::Check),
    /// Says what a policy decides of somebody, and of each rule why it applies or not
    Explain(explain::Explain),
    /// Compares what a policy decides with the cases beside it
    Test(test::Test),
    /// Decides the requests of the last days by another policy, and prints what would differ
    Replay(replay::Replay),
    /// Prints the JSON Schema of policies, for editors
    Schema(schema::Schema),
}

impl Policy {
    pub(super) fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Check(check) => check.run(),
            Command::Explain(explain) => explain.run(),
            Command::Test(test) => test.run(),
            Command::Replay(replay) => replay.run(),
            Command::Schema(schema) => schema.run(),
        }
    }
}
