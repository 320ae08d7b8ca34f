//! What comes with a decision: how long it may be waited for, and what must be said.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::TextPattern;
use crate::Unclaimed;
use crate::name::is_unseen;
use crate::text::{self, BadText};

/// How long a request waits, where the policy does not say.
const LAPSE_AFTER: Duration = Duration::from_hours(24);
/// Most characters of a ticket, whatever the policy's pattern lets through.
const LONGEST_TICKET: usize = 200;

/// The conditions under which something is granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// How long a request waits for approvers before it lapses.
    pub lapse_after: Duration,
    /// What a reason must look like.
    pub reason: ReasonRule,
    /// What a ticket must look like; none where none is asked for.
    pub ticket: Option<TicketRule>,
    /// From when the length of a grant counts, and by when it must be used.
    pub clock: GrantClock,
}

/// From when the length of a grant counts, and by when it must be used for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantClock {
    /// From its beginning; it ends where it is not used within so long, if that is said.
    Approval(Option<Duration>),
    /// From its first use, within so long of its beginning.
    FirstUse(Duration),
}

impl Default for GrantClock {
    fn default() -> Self {
        Self::Approval(None)
    }
}

impl GrantClock {
    /// The end of a grant that begins at an instant, and what its first use makes of it.
    pub fn set(self, begins: Timestamp, length: Duration) -> (Timestamp, Option<Unclaimed>) {
        let until = crate::later(begins, length);
        match self {
            Self::Approval(Some(within)) if within < length => {
                (crate::later(begins, within), Some(Unclaimed::Until(until)))
            }
            Self::Approval(_) => (until, None),
            Self::FirstUse(within) => {
                (crate::later(begins, within), Some(Unclaimed::Lasting(length)))
            }
        }
    }
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            lapse_after: LAPSE_AFTER,
            reason: ReasonRule::default(),
            ticket: None,
            clock: GrantClock::default(),
        }
    }
}

/// What a reason must look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonRule {
    /// Fewest characters, after trimming; 1 to 200.
    pub at_least: u16,
    /// What it must contain.
    pub pattern: Option<TextPattern>,
    /// What the form asks, e.g. "What broke, and what will you look at?".
    pub prompt: Option<String>,
}

impl Default for ReasonRule {
    fn default() -> Self {
        Self { at_least: 1, pattern: None, prompt: None }
    }
}

/// What a ticket must look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRule {
    /// The whole ticket matches this.
    pub pattern: TextPattern,
    /// How one looks, in words, e.g. "OPS-123".
    pub example: String,
}

impl Terms {
    /// The ticket as it is kept: what was typed counts even where none is asked for, since a
    /// condition may look at it.
    ///
    /// # Errors
    /// A sentence for the person who wrote it.
    pub fn check_ticket(&self, text: &str) -> Result<Option<String>, String> {
        let ticket = text.trim();
        match &self.ticket {
            Some(rule) => rule.check(ticket).map(Some),
            None if ticket.is_empty() => Ok(None),
            None if is_shown(ticket) => Ok(Some(ticket.to_owned())),
            None => Err(format!("At most {LONGEST_TICKET} characters, all of which can be seen.")),
        }
    }
}

/// Whether a ticket is short enough, and all of it is seen.
fn is_shown(ticket: &str) -> bool {
    ticket.chars().count() <= LONGEST_TICKET && !ticket.chars().any(is_unseen)
}

impl ReasonRule {
    /// The reason as it is kept.
    ///
    /// # Errors
    /// A sentence for the person who wrote it.
    pub fn check(&self, text: &str) -> Result<String, String> {
        let reason = text::reason(text, self.at_least).map_err(|problem| match problem {
            BadText::TooShort(least) => {
                format!("Say why, in at least {least} characters: approvers and auditors read it.")
            }
            other => format!("The reason must have {other}."),
        })?;
        match &self.pattern {
            Some(pattern) if !pattern.is_in(&reason) => {
                let asked = self.prompt.as_deref().unwrap_or("The policy wants more than this.");
                Err(format!("{asked} It must contain something like {pattern}."))
            }
            _ => Ok(reason),
        }
    }
}

impl TicketRule {
    /// The ticket as it is kept.
    ///
    /// # Errors
    /// A sentence for the person who wrote it.
    pub fn check(&self, text: &str) -> Result<String, String> {
        let ticket = text.trim();
        if is_shown(ticket) && self.pattern.is_all_of(ticket) {
            Ok(ticket.to_owned())
        } else {
            Err(format!("Name the ticket, such as {}.", self.example))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_that_nobody_asked_for_is_kept_as_far_as_it_can_be_seen() {
        let terms = Terms::default();
        assert_eq!(terms.check_ticket("  "), Ok(None));
        let longest = "x".repeat(LONGEST_TICKET);
        assert_eq!(terms.check_ticket(&format!(" {longest} ")), Ok(Some(longest.clone())));
        for bad in [format!("{longest}x"), "OPS\u{202e}-1".to_owned(), "OPS\n-1".to_owned()] {
            assert!(terms.check_ticket(&bad).is_err(), "{bad:?}");
        }
    }
}
