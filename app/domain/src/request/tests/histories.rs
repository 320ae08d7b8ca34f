//! The ways a request can go, against a reference that keeps only what must be remembered.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// One step that somebody tries.
#[derive(Debug, Clone)]
enum Step {
    Wait(u64),
    /// Approve what stands there, or what stood there some changes ago.
    Approve {
        by: usize,
        stale: bool,
    },
    TakeBack {
        by: usize,
    },
    Grant,
    Deny {
        by: usize,
    },
    Withdraw {
        by: usize,
    },
    Change {
        by: usize,
        minutes: u64,
    },
    Narrow {
        by: usize,
        minutes: u64,
    },
    /// Ask as many as policy wants by now.
    Reask {
        count: u8,
    },
    Lapse,
}

fn any_step() -> impl Strategy<Value = Step> {
    let by = 0..PEOPLE.len();
    prop_oneof![
        2 => (0..15_u64).prop_map(Step::Wait),
        8 => (by.clone(), prop::bool::weighted(0.1))
            .prop_map(|(by, stale)| Step::Approve { by, stale }),
        1 => by.clone().prop_map(|by| Step::TakeBack { by }),
        3 => Just(Step::Grant),
        1 => by.clone().prop_map(|by| Step::Deny { by }),
        1 => by.clone().prop_map(|by| Step::Withdraw { by }),
        1 => (by.clone(), 1..60_u64).prop_map(|(by, minutes)| Step::Change { by, minutes }),
        1 => (by, 0..60_u64).prop_map(|(by, minutes)| Step::Narrow { by, minutes }),
        1 => (1..4_u8).prop_map(|count| Step::Reask { count }),
        1 => Just(Step::Lapse),
    ]
}

/// What must be remembered of a request: whether it is open, since when, how long it asks for, and
/// which people stand behind exactly that, since when and for which groups.
struct Reference {
    count: u8,
    from: u8,
    open: bool,
    sent: u64,
    minutes: u64,
    behind: BTreeMap<&'static str, (u64, Vec<&'static str>)>,
    granted: bool,
}

/// The one person behind an account.
fn human(by: usize) -> &'static str {
    match PEOPLE[by].0 {
        "ana-admin" => "ana",
        "ben-admin" => "ben",
        name => name,
    }
}

impl Reference {
    fn waits(&self, now: u64) -> bool {
        self.open && now < self.sent + LAPSES
    }

    /// The approver groups that somebody speaks for.
    fn speaks_for(&self, by: usize, now: u64) -> Vec<&'static str> {
        let later = now >= self.sent + LATER;
        let counts = |group: &&&'static str| **group == "leads" || **group == "platform" && later;
        PEOPLE[by].1.iter().filter(counts).copied().collect()
    }

    fn decides(&self, by: usize, now: u64) -> bool {
        self.waits(now) && human(by) != "ana" && !self.speaks_for(by, now).is_empty()
    }

    fn is_enough(&self) -> bool {
        self.open
            && self.behind.len() >= usize::from(self.count)
            && distinct(&self.behind) >= usize::from(self.from)
    }

    /// Minutes are longer than the time in which an approver may think again.
    fn is_due(&self, now: u64) -> bool {
        self.is_enough() && self.behind.values().all(|(at, _)| *at < now)
    }
}

proptest! {
    /// A long run sets `PROPTEST_CASES=1000000`.
    #[test]
    fn every_history_of_a_request_is_one_that_the_reference_allows(
        count in 1..4_u8,
        spread in 1..3_u8,
        steps in prop::collection::vec(any_step(), 0..24),
    ) {
        let from = spread.min(count);
        let aliases = aliases();
        let mut request = asked(count, from);
        let first_digest = request.digest();
        let mut reference = Reference {
            count,
            from,
            open: true,
            sent: 0,
            minutes: 30,
            behind: BTreeMap::new(),
            granted: false,
        };
        let mut now = 0;
        for step in steps {
            let before = request.clone();
            match step {
                Step::Wait(minutes) => now += minutes,
                Step::Approve { by, stale } => {
                    let shown = if stale { first_digest.clone() } else { request.digest() };
                    let may = reference.decides(by, now)
                        && shown == request.digest()
                        && !reference.behind.contains_key(human(by))
                        && !reference.is_enough();
                    match before.clone().approve(&who(by), &shown, &aliases, at(now)) {
                        Err(_) => prop_assert!(!may),
                        Ok(approved) => {
                            prop_assert!(may);
                            let groups = reference.speaks_for(by, now);
                            reference.behind.insert(human(by), (now, groups));
                            request = approved;
                        }
                    }
                }
                Step::TakeBack { by } => {
                    let may = (reference.waits(now) || reference.is_enough())
                        && reference.behind.contains_key(human(by));
                    match before.clone().take_back(&who(by), &aliases, at(now)) {
                        Err(_) => prop_assert!(!may),
                        Ok(fewer) => {
                            prop_assert!(may);
                            reference.behind.remove(human(by));
                            request = fewer;
                        }
                    }
                }
                Step::Grant => match before.clone().grant(GRANT, at(now)) {
                    Err(_) => prop_assert!(!reference.is_due(now)),
                    Ok((granted, grant)) => {
                        prop_assert!(reference.is_due(now));
                        prop_assert_eq!(lasts(&grant), reference.minutes);
                        prop_assert_eq!(&grant.person, &request.person);
                        reference.open = false;
                        reference.granted = true;
                        request = granted;
                    }
                },
                Step::Deny { by } => {
                    match before.clone().deny(&who(by), "no".into(), &aliases, at(now)) {
                        Ok(denied) => {
                            prop_assert!(reference.decides(by, now));
                            (reference.open, request) = (false, denied);
                        }
                        Err(_) => prop_assert!(!reference.decides(by, now)),
                    }
                }
                Step::Withdraw { by } => match before.clone().withdraw(&who(by), at(now)) {
                    Ok(withdrawn) => {
                        prop_assert!(by == 0 && reference.waits(now));
                        (reference.open, request) = (false, withdrawn);
                    }
                    Err(_) => prop_assert!(by != 0 || !reference.waits(now)),
                },
                Step::Change { by, minutes } => {
                    let change = Change {
                        scope: Scope::Namespace,
                        length: Duration::from_secs(minutes * 60),
                        reason: format!("now for {minutes} at {now}"),
                        ticket: None,
                        starts_at: None,
                        ruling: before.ruling.clone(),
                        circumstances: Circumstances::default(),
                    };
                    match before.clone().change(&who(by), change, at(now)) {
                        Ok(other) => {
                            prop_assert!(by == 0 && reference.waits(now));
                            reference.behind.clear();
                            (reference.minutes, reference.sent) = (minutes, now);
                            request = other;
                        }
                        Err(_) => prop_assert!(by != 0 || !reference.waits(now)),
                    }
                }
                Step::Narrow { by, minutes } => {
                    let less = minutes > 0 && minutes < reference.minutes;
                    let may = reference.decides(by, now) && less;
                    let narrowing = Narrowing {
                        role: before.role.clone(),
                        length: Duration::from_secs(minutes * 60),
                        scope: Scope::Namespace,
                    };
                    let today = before.ruling.clone();
                    match before.clone().narrow(&who(by), narrowing, today, &aliases, at(now)) {
                        Ok(less) => {
                            prop_assert!(may);
                            reference.behind.clear();
                            reference.minutes = minutes;
                            request = less;
                        }
                        Err(_) => prop_assert!(!may),
                    }
                }
                Step::Reask { count } => {
                    let mut today = before.ruling.clone();
                    today.decision = Decision::Ask(quorum(count, reference.from.min(count)));
                    if !reference.open {
                        continue;
                    }
                    let (anew, void) = before.clone().asked_anew(today.clone());
                    let other = today.decision != before.ruling.decision;
                    let voided = if other { reference.behind.len() } else { 0 };
                    prop_assert_eq!(void.len(), voided);
                    if other {
                        reference.behind.clear();
                    }
                    (reference.count, reference.from) = (count, reference.from.min(count));
                    request = anew;
                }
                Step::Lapse => match before.clone().lapse(at(now)) {
                    Ok(lapsed) => {
                        prop_assert!(reference.open && !reference.waits(now));
                        prop_assert!(!reference.is_enough());
                        (reference.open, request) = (false, lapsed);
                    }
                    Err(_) => prop_assert!(
                        !reference.open || reference.waits(now) || reference.is_enough()
                    ),
                },
            }
            let granted = matches!(request.state, RequestState::Approved { .. });
            prop_assert_eq!(granted, reference.granted);
            prop_assert_eq!(matches!(request.state, RequestState::Pending), reference.open);
        }
    }
}

fn lasts(grant: &Grant) -> u64 {
    u64::try_from(grant.not_after.duration_since(grant.not_before).as_mins()).unwrap()
}

/// For how many groups the people speak, where each speaks for one: there are only two groups.
fn distinct(behind: &BTreeMap<&str, (u64, Vec<&str>)>) -> usize {
    let leads = behind.values().any(|(_, groups)| groups.contains(&"leads"));
    let platform = behind.values().any(|(_, groups)| groups.contains(&"platform"));
    match (leads, platform) {
        (true, true) if behind.len() > 1 => 2,
        (false, false) => 0,
        _ => 1,
    }
}
