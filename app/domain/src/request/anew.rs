//! What policy says by now of a request that waits.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Request, Signer};
use crate::GroupName;
use crate::policy::{Account, Aliases, Decision, Quorum, Ruling};

impl Request {
    /// When its grant begins if it is made at this instant.
    pub fn begins(&self, now: Timestamp) -> Timestamp {
        self.starts_at.map_or(now, |starts_at| starts_at.max(now))
    }

    /// Waits for those whom policy asks by now. Where these are others than before, or another
    /// number, what was approved is void; it is told whose that was.
    #[must_use]
    pub fn asked_anew(mut self, today: Ruling) -> (Self, Vec<Signer>) {
        if self.other_quorum(&today).is_none() {
            return (self, Vec::new());
        }
        self.ruling = today;
        let void = std::mem::take(&mut self.approvals);
        (self, void.into_iter().map(|approval| approval.by).collect())
    }

    /// Whether those who approved it are enough by what policy says now, too.
    pub fn is_enough_under(&self, today: &Ruling) -> bool {
        let Some(quorum) = self.other_quorum(today) else { return true };
        let speak = self.approvals.iter().filter_map(|approval| {
            let asked = quorum.approvers_at(self.sent_at, approval.at);
            let groups: BTreeSet<GroupName> =
                asked.filter(|group| approval.groups.contains(*group)).cloned().collect();
            (!groups.is_empty()).then_some(groups)
        });
        quorum.is_reached(&speak.collect::<Vec<_>>())
    }

    /// Those who approved it though they are the requester, or somebody who approved before, under
    /// another account: it may have been declared as theirs since.
    pub fn approved_twice(&self, aliases: &Aliases) -> Vec<Signer> {
        let mut people: Vec<Account<'_>> = vec![(&self.person).into()];
        let mut twice = Vec::new();
        for approval in &self.approvals {
            let account = (&approval.by).into();
            if people.iter().any(|known| aliases.are_one(known, &account)) {
                twice.push(approval.by.clone());
            } else {
                people.push(account);
            }
        }
        twice
    }

    /// Whom policy asks by now, where that is not whom it asked before.
    fn other_quorum<'a>(&self, today: &'a Ruling) -> Option<&'a Quorum> {
        match (self.quorum(), &today.decision) {
            (Some(before), Decision::Ask(quorum)) if before != quorum => Some(quorum),
            _ => None,
        }
    }
}
