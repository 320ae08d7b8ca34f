//! `shorepass grants`: what is granted, read from the portal's database.

use std::path::PathBuf;

use anyhow::Context as _;
use broker::port::{Clock as _, Store as _, SystemClock};
use clap::{Args, Subcommand};
use domain::{Grant, duration, text};
use jiff::Timestamp;

use super::print;
use crate::compose::existing_database;
use crate::config::Config;

/// Longest username that is printed, in characters.
const LONGEST_NAME: usize = 128;

#[derive(Debug, Args)]
pub(super) struct Grants {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists the grants in force, and those that begin later
    List(List),
}

#[derive(Debug, Args)]
struct List {
    /// The portal's configuration, for its database
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// One JSON document a line, with everything that is known
    #[arg(long)]
    json: bool,
}

impl Grants {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let Command::List(list) = self.command;
        list.run()
    }
}

impl List {
    fn run(self) -> anyhow::Result<()> {
        let config = Config::read(&self.config)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let now = SystemClock.now();
        let grants = runtime.block_on(in_force(&config, now))?;
        if self.json {
            let lines =
                grants.iter().map(|grant| Ok(format!("{}\n", serde_json::to_string(grant)?)));
            return print(&lines.collect::<anyhow::Result<String>>()?);
        }
        if grants.is_empty() {
            return print("Nothing is granted.\n");
        }
        print(&grants.iter().map(|grant| line(grant, now)).collect::<String>())
    }
}

/// Grants that are not over, whether or not the portal has noticed that others are.
async fn in_force(config: &Config, now: Timestamp) -> anyhow::Result<Vec<Grant>> {
    let database = existing_database(config).await?;
    let grants = database.active_grants().await.context("the grants cannot be read")?;
    database.close().await;
    Ok(grants.into_iter().map(|grant| grant.value).filter(|grant| now < grant.not_after).collect())
}

fn line(grant: &Grant, now: Timestamp) -> String {
    let who = text::seen(grant.person.username.as_str(), LONGEST_NAME);
    let left = duration::words(grant.remaining(now));
    let when = if now < grant.not_before {
        format!("begins {}", grant.not_before)
    } else if grant.unclaimed.is_some() {
        format!("not used yet, {left} left to")
    } else {
        format!("{left} left")
    };
    let Grant { id, role, place, request, .. } = grant;
    let scope = grant.scope.words();
    let glass = if grant.broke_glass { "  broken glass" } else { "" };
    format!("{id}  {who}  {role} in {place}, {scope}  {when}{glass}  request {request}\n")
}

#[cfg(test)]
mod tests {
    use domain::{GrantId, GrantState, PersonKey, RequestId, Unclaimed};
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_line_says_who_holds_what_and_for_how_long() {
        let now = Timestamp::UNIX_EPOCH;
        let mut grant = Grant {
            id: GrantId(uuid::Uuid::nil()),
            request: RequestId(uuid::Uuid::nil()),
            person: domain::Person {
                key: PersonKey { issuer: "https://idp.example".into(), subject: "ana".into() },
                username: "ana".parse().unwrap(),
                groups: ["oncall".parse().unwrap()].into(),
                groups_missing: None,
            },
            place: domain::Place {
                cluster: "main".parse().unwrap(),
                namespace: "payments".parse().unwrap(),
            },
            scope: "Pod/web-1".parse().unwrap(),
            role: "shell".parse().unwrap(),
            not_before: now,
            not_after: domain::later(now, Duration::from_mins(30)),
            extends: None,
            broke_glass: false,
            unclaimed: None,
            state: GrantState::Active,
        };
        let id = "00000000-0000-0000-0000-000000000000";
        let told = |when: &str| {
            format!("{id}  ana  shell in main/payments, pod web-1  {when}  request {id}\n")
        };
        assert_eq!(line(&grant, now), told("30 min left"));
        grant.unclaimed = Some(Unclaimed::Lasting(Duration::from_mins(5)));
        assert_eq!(line(&grant, now), told("not used yet, 30 min left to"));
        grant.broke_glass = true;
        assert_eq!(line(&grant, now), told("not used yet, 30 min left to  broken glass"));
    }
}
