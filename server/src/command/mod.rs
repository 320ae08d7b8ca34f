//! The command line.

mod audit;
mod check_config;
mod grants;
mod onboard;
mod policy;
mod recording;
mod serve;

use std::io::Write as _;

use clap::{Parser, Subcommand};

/// Just-in-time, recorded access to pods.
#[derive(Debug, Parser)]
#[command(name = "shorepass", version, about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the portal
    Serve(serve::Serve),
    /// Reads the configuration and the policy, and says what is wrong with them
    CheckConfig(check_config::CheckConfig),
    /// Prints what a cluster's operator reviews and applies
    Onboard(onboard::Onboard),
    /// Lists what is granted, from the portal's database
    Grants(grants::Grants),
    /// Proves the audit log, from the portal's database
    Audit(audit::Audit),
    /// Checks, explains, tests and replays policies, without the portal
    Policy(policy::Policy),
    /// Proves, exports and lists recordings, without the portal
    Recording(recording::Recording),
}

impl Arguments {
    /// Does what was asked for.
    ///
    /// # Errors
    /// What went wrong, for the person at the terminal.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(serve) => serve.run(),
            Command::CheckConfig(check) => check.run(),
            Command::Onboard(onboard) => onboard.run(),
            Command::Grants(grants) => grants.run(),
            Command::Audit(audit) => audit.run(),
            Command::Policy(policy) => policy.run(),
            Command::Recording(recording) => recording.run(),
        }
    }
}

/// Says what went wrong, causes included, one a line. What comes from files and servers is shown
/// without its control characters (T-06).
pub fn complain(error: &anyhow::Error) {
    let mut lines = vec![format!("shorepass: {error}")];
    lines.extend(error.chain().skip(1).map(|cause| format!("  because {cause}")));
    let text = lines.join("\n");
    let plain = text.chars().filter(|letter| *letter == '\n' || !letter.is_control());
    // Nothing can be said where standard error is closed.
    let _ = writeln!(std::io::stderr(), "{}", plain.collect::<String>());
}

/// Chooses the process's cryptography for TLS.
fn install_tls() -> anyhow::Result<()> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("another TLS provider is installed already"))
}

/// Prints a result to standard output.
fn print(text: &str) -> anyhow::Result<()> {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}
