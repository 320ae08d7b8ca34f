//! `shorepass policy replay`

use std::path::PathBuf;

use broker::port::{Clock as _, RequestQuery, Store as _};
use clap::Args;
use domain::policy::{Asked, Asker, Decision, Policy, Question, Ruling, Urgency};
use domain::{Request, text};
use jiff::SignedDuration;

use crate::command::print;
use crate::compose::existing_database;
use crate::config::Config;
use crate::policy_files::read;

/// Longest username that is printed, in characters.
const LONGEST_NAME: usize = 128;

#[derive(Debug, Args)]
pub(super) struct Replay {
    /// The portal's configuration, for its database
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// The policy that shall decide
    #[arg(long, value_name = "FILE")]
    against: PathBuf,
    /// How many days back
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    days: u16,
    /// Print a table in Markdown, for a pull request
    #[arg(long)]
    markdown: bool,
    /// Fail when a request would be decided otherwise
    #[arg(long)]
    exit_code: bool,
}

impl Replay {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let policy = read(&self.against)?;
        let config = Config::read(&self.config)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let requests = runtime.block_on(sent_since(&config, self.days))?;
        let differences: Vec<_> = requests
            .iter()
            .filter_map(|request| Difference::between(request, decided(&policy, request)))
            .collect();
        let (all, differ, days) = (requests.len(), differences.len(), self.days);
        let digest = policy.digest().short();
        let which = if all == usize::from(RequestQuery::MOST_SENT) { "the latest " } else { "" };
        let summary = format!(
            "Policy {digest} decides {differ} of {which}{all} requests of the last {days} days otherwise.\n"
        );
        print(&summary)?;
        if differ > 0 {
            print(&if self.markdown { markdown(&differences) } else { plain(&differences) })?;
        }
        if self.exit_code && differ > 0 {
            anyhow::bail!("requests would be decided otherwise");
        }
        Ok(())
    }
}

async fn sent_since(config: &Config, days: u16) -> anyhow::Result<Vec<Request>> {
    let database = existing_database(config).await?;
    let now = broker::port::SystemClock.now();
    let since = now.checked_sub(SignedDuration::from_hours(i64::from(days) * 24))?;
    let found = database.requests(&RequestQuery::SentSince(since)).await;
    database.close().await;
    Ok(found?.into_iter().map(|found| found.value).collect())
}

/// What another policy says of a request, as things were when it was sent.
fn decided(policy: &Policy, request: &Request) -> Ruling {
    let circumstances = &request.circumstances;
    policy.decide(&Question {
        asker: Asker {
            person: &request.person,
            at: request.begins(request.sent_at),
            holds: &circumstances.holds,
        },
        place: &request.place,
        labels: &circumstances.labels,
        role: &request.role,
        urgency: if request.broke_glass() { Urgency::BreakGlass } else { Urgency::Usual },
        asked: Some(Asked {
            scope: &request.scope,
            length: request.length,
            reason: &request.reason,
            ticket: request.ticket.as_deref().unwrap_or_default(),
        }),
    })
}

/// A request that is decided otherwise.
struct Difference<'a> {
    request: &'a Request,
    before: String,
    after: String,
}

impl<'a> Difference<'a> {
    fn between(request: &'a Request, after: Ruling) -> Option<Self> {
        let before = &request.ruling;
        let terms = terms(request, &after);
        if before.decision == after.decision && terms.is_empty() {
            return None;
        }
        let words = [vec![said(&after)], terms].concat().join(", ");
        Some(Self { request, before: said(before), after: words })
    }

    fn cells(&self) -> [String; 5] {
        let request = self.request;
        [
            request.sent_at.strftime("%Y-%m-%d %H:%M").to_string(),
            text::seen(request.person.username.as_str(), LONGEST_NAME),
            format!("{} in {}", request.role, request.place.namespace),
            self.before.clone(),
            self.after.clone(),
        ]
    }
}

/// What of a request another policy would not have taken as it is.
fn terms(request: &Request, after: &Ruling) -> Vec<String> {
    if !after.decision.is_requestable() {
        return Vec::new();
    }
    let ticket = request.ticket.as_deref().unwrap_or_default();
    let wanted = &after.terms;
    let ticket_fits = wanted.ticket.as_ref().is_none_or(|rule| rule.check(ticket).is_ok());
    let otherwise = [
        (after.longest < request.length, "for a shorter time"),
        (wanted.reason.check(&request.reason).is_err(), "with another reason"),
        (!ticket_fits, "with another ticket"),
        (wanted.clock != request.ruling.terms.clock, "with another clock"),
    ];
    let words = otherwise.into_iter().filter(|(differs, _)| *differs);
    words.map(|(_, words)| words.to_owned()).collect()
}

fn said(ruling: &Ruling) -> String {
    let rule = ruling.rule.as_ref().map(|rule| format!(" ({rule})")).unwrap_or_default();
    let decided = match &ruling.decision {
        Decision::Ask(quorum) => quorum.words(),
        other => other.word().to_owned(),
    };
    format!("{decided}{rule}")
}

fn plain(differences: &[Difference<'_>]) -> String {
    let line = |difference: &Difference<'_>| {
        let [at, who, what, before, after] = difference.cells();
        format!("{at}  {who}  {what}\n    was {before}\n    now {after}\n")
    };
    differences.iter().map(line).collect()
}

fn markdown(differences: &[Difference<'_>]) -> String {
    let lines: String = differences.iter().map(|difference| row(difference.cells())).collect();
    format!("\n| Sent (UTC) | Who | What | Was | Now |\n|---|---|---|---|---|\n{lines}")
}

fn row(cells: [String; 5]) -> String {
    format!("| {} |\n", cells.map(|cell| escaped(&cell)).join(" | "))
}

/// A text as itself in a cell of a Markdown table. It is foreign: whoever asked chose the words.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            // GitHub makes links of `@name` and `#1` in what was rendered, where no backslash is
            // left. It takes no comment for a part of a name.
            '@' | '#' => escaped.extend(['\\', character].into_iter().chain("<!-- -->".chars())),
            // CommonMark 0.31, section 2.4: any of them may be escaped.
            _ if character.is_ascii_punctuation() => escaped.extend(['\\', character]),
            _ if character.is_whitespace() || character.is_control() => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use domain::Username;

    use super::*;

    #[test]
    fn a_foreign_text_adds_no_cells_links_or_markup_to_a_table() {
        for (text, cell) in [
            ("ana", "ana"),
            ("Zoë 7", "Zoë 7"),
            ("a|b", "a\\|b"),
            ("a\\|b", "a\\\\\\|b"),
            ("a\r\nb\tc", "a  b c"),
            ("<img src=x>", "&lt;img src\\=x\\>"),
            ("&lt;b&gt;", "&amp;lt\\;b&amp;gt\\;"),
            ("[a](https://evil.example)", "\\[a\\]\\(https\\:\\/\\/evil\\.example\\)"),
            ("![a]", "\\!\\[a\\]"),
            ("www.evil.example", "www\\.evil\\.example"),
            ("**a** __b__ ~~c~~ `d`", "\\*\\*a\\*\\* \\_\\_b\\_\\_ \\~\\~c\\~\\~ \\`d\\`"),
            ("ana@example.com", "ana\\@<!-- -->example\\.com"),
            ("fixes #1", "fixes \\#<!-- -->1"),
        ] {
            assert_eq!(escaped(text), cell, "{text:?}");
        }
    }

    #[test]
    fn a_username_of_every_mark_stays_in_its_cell() {
        let marks: String = ('!'..='~').filter(char::is_ascii_punctuation).collect();
        let username = Username::parse(marks.as_str()).unwrap();
        let cells = ["at", &text::seen(username.as_str(), LONGEST_NAME), "what", "was", "now"];
        assert_eq!(
            row(cells.map(str::to_owned)),
            "| at | \\!\\\"\\#<!-- -->\\$\\%&amp;\\'\\(\\)\\*\\+\\,\\-\\.\\/\\:\\;&lt;\\=\\>\\?\
             \\@<!-- -->\\[\\\\\\]\\^\\_\\`\\{\\|\\}\\~ \
             | what | was | now |\n"
        );
    }
}
