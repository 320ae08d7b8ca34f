//! How many people of which groups must approve.

use std::collections::BTreeSet;
use std::num::NonZeroU8;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::GroupName;

/// How many people of which groups must approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quorum {
    /// Distinct people, 1 to 255.
    pub count: NonZeroU8,
    /// An approver is in at least one of these groups.
    pub approvers: BTreeSet<GroupName>,
    /// From how many different groups the approvals must come, at most `count`.
    #[serde(default = "one")]
    pub from: NonZeroU8,
    /// Who may decide too once the request has waited for long.
    #[serde(default)]
    pub later: Vec<Escalation>,
}

/// Further approvers, after a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// How long the request has waited by then.
    pub after: Duration,
    /// The groups that may decide from then on.
    pub approvers: BTreeSet<GroupName>,
}

fn one() -> NonZeroU8 {
    NonZeroU8::MIN
}

impl Quorum {
    /// The groups whose members decide, of a request sent and looked at at these instants.
    pub fn approvers_at(
        &self,
        sent_at: Timestamp,
        now: Timestamp,
    ) -> impl Iterator<Item = &GroupName> {
        let due = move |step: &&Escalation| crate::later(sent_at, step.after) <= now;
        let later = self.later.iter().filter(due).flat_map(|step| &step.approvers);
        self.approvers.iter().chain(later)
    }

    /// The steps that were open by an instant, of a request sent at another, the earliest first.
    pub fn opened(&self, sent_at: Timestamp, now: Timestamp) -> Vec<&Escalation> {
        let due = |step: &&Escalation| crate::later(sent_at, step.after) <= now;
        let mut opened: Vec<_> = self.later.iter().filter(due).collect();
        opened.sort_by_key(|step| step.after);
        opened
    }

    /// Every group whose members decide, now or later.
    pub fn all_approvers(&self) -> impl Iterator<Item = &GroupName> {
        self.approvers.iter().chain(self.later.iter().flat_map(|step| &step.approvers))
    }

    /// Whether these approvals are enough. Each is given as the groups its person may speak for,
    /// and speaks for one of them.
    pub fn is_reached(&self, approvals: &[BTreeSet<GroupName>]) -> bool {
        approvals.len() >= usize::from(self.count.get())
            && spoken_for(approvals) >= usize::from(self.from.get())
    }
}

/// For how many groups these people can speak at most, one each: a maximum matching, found by
/// augmenting paths (Kuhn).
fn spoken_for(people: &[BTreeSet<GroupName>]) -> usize {
    let mut taken: Vec<(&GroupName, usize)> = Vec::new();
    (0..people.len())
        .filter(|person| seat(people, *person, &mut taken, &mut BTreeSet::new()))
        .count()
}

fn seat<'p>(
    people: &'p [BTreeSet<GroupName>],
    person: usize,
    taken: &mut Vec<(&'p GroupName, usize)>,
    tried: &mut BTreeSet<&'p GroupName>,
) -> bool {
    for group in &people[person] {
        if !tried.insert(group) {
            continue;
        }
        match taken.iter().position(|(seat, _)| *seat == group) {
            None => {
                taken.push((group, person));
                return true;
            }
            Some(place) if seat(people, taken[place].1, taken, tried) => {
                taken[place].1 = person;
                return true;
            }
            Some(_) => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn groups(names: &[&str]) -> BTreeSet<GroupName> {
        names.iter().map(|name| GroupName::parse(*name).unwrap()).collect()
    }

    fn quorum(count: u8, from: u8) -> Quorum {
        Quorum {
            count: NonZeroU8::new(count).unwrap(),
            approvers: groups(&["a", "b", "c"]),
            from: NonZeroU8::new(from).unwrap(),
            later: Vec::new(),
        }
    }

    #[test]
    fn people_of_one_group_do_not_speak_for_two() {
        assert!(!quorum(2, 2).is_reached(&[groups(&["a"]), groups(&["a"])]));
        assert!(quorum(2, 1).is_reached(&[groups(&["a"]), groups(&["a"])]));
        assert!(!quorum(2, 2).is_reached(&[groups(&["a", "b"])]));
        // Whoever is in both speaks for the one that the other cannot.
        assert!(quorum(2, 2).is_reached(&[groups(&["a", "b"]), groups(&["a"])]));
        assert!(quorum(2, 2).is_reached(&[groups(&["a"]), groups(&["a", "b"])]));
    }

    #[test]
    fn further_approvers_join_when_the_request_has_waited() {
        let mut quorum = quorum(1, 1);
        let later = Escalation { after: Duration::from_mins(10), approvers: groups(&["boss"]) };
        quorum.later.push(later);
        let (sent, boss) = (Timestamp::UNIX_EPOCH, GroupName::parse("boss").unwrap());
        let may = |seconds: u64| {
            let now = crate::later(sent, Duration::from_secs(seconds));
            quorum.approvers_at(sent, now).any(|group| *group == boss)
        };
        assert!(!may(599));
        assert!(may(600));
    }

    /// Tries every way to speak.
    fn by_trying(people: &[BTreeSet<GroupName>], spoken: &BTreeSet<GroupName>) -> usize {
        let Some((first, others)) = people.split_first() else { return spoken.len() };
        let silent = by_trying(others, spoken);
        first
            .iter()
            .map(|group| {
                let mut spoken = spoken.clone();
                spoken.insert(group.clone());
                by_trying(others, &spoken)
            })
            .fold(silent, usize::max)
    }

    proptest! {
        #[test]
        fn the_matching_is_as_large_as_trying_every_way(
            people in prop::collection::vec(prop::collection::btree_set("[a-d]", 0..4), 0..6),
        ) {
            let people: Vec<BTreeSet<GroupName>> = people
                .into_iter()
                .map(|names| names.into_iter().map(|name| GroupName::parse(name).unwrap()).collect())
                .collect();
            prop_assert_eq!(spoken_for(&people), by_trying(&people, &BTreeSet::new()));
        }
    }
}
