//! What comes with a decision, for all rules or for one.

use serde_saphyr::Spanned;

use super::document::{ClockDocument, ReasonDocument, StartDocument, TicketDocument};
use super::field::{length, pattern, words};
use crate::document::Mistake;
use crate::policy::{GrantClock, Terms, TicketRule};

impl Terms {
    /// Takes over what stands in the file; `inside` is the path of the fields, with its last dot.
    pub(super) fn change(
        &mut self,
        inside: &str,
        lapse_after: Option<Spanned<String>>,
        reason: Option<ReasonDocument>,
        ticket: Option<TicketDocument>,
        clock: Option<ClockDocument>,
    ) -> Result<(), Mistake> {
        let field = |part: &str| format!("{inside}{part}");
        if let Some(text) = &lapse_after {
            self.lapse_after = length(text, &field("lapse_after"))?;
        }
        if let Some(reason) = reason {
            if let Some(at_least) = reason.at_least {
                if !(1..=200).contains(&at_least.value) {
                    let problem = "must be 1 to 200 characters";
                    return Err(Mistake::at(&at_least, &field("reason.at_least"), problem));
                }
                self.reason.at_least = at_least.value;
            }
            if let Some(text) = &reason.pattern {
                self.reason.pattern = Some(pattern(text, &field("reason.pattern"))?);
            }
            if let Some(prompt) = reason.prompt {
                self.reason.prompt = Some(words(prompt, &field("reason.prompt"), 200)?);
            }
        }
        if let Some(ticket) = ticket {
            let rule = TicketRule {
                pattern: pattern(&ticket.pattern, &field("ticket.pattern"))?,
                example: words(ticket.example.clone(), &field("ticket.example"), 80)?,
            };
            if rule.check(&rule.example).is_err() {
                let problem = "does not match the pattern";
                return Err(Mistake::at(&ticket.example, &field("ticket.example"), problem));
            }
            self.ticket = Some(rule);
        }
        if let Some(clock) = clock {
            let named = field("clock.use_within");
            let within = clock.use_within.as_ref().map(|text| length(text, &named)).transpose()?;
            self.clock = match (&clock.starts.value, within) {
                (StartDocument::Approval, within) => GrantClock::Approval(within),
                (StartDocument::FirstUse, Some(within)) => GrantClock::FirstUse(within),
                (StartDocument::FirstUse, None) => {
                    let problem = "is missing: a grant does not wait forever for its first use";
                    return Err(Mistake::at(&clock.starts, &named, problem));
                }
            };
        }
        Ok(())
    }
}
