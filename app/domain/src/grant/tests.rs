//! The ways a grant can go, against a reference that keeps only when it was first used and when it
//! was ended.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::testing::{person, place};

/// When grants of these histories begin, in minutes of their time.
const BEGINS: u64 = 10;

fn at(minute: u64) -> Timestamp {
    crate::later(Timestamp::UNIX_EPOCH, minutes(minute))
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// From when a grant's length counts; everything in minutes.
#[derive(Debug, Clone, Copy)]
enum Clock {
    /// From its beginning.
    Runs { length: u64 },
    /// From its beginning; over early where nobody uses it.
    RunsUnused { within: u64, length: u64 },
    /// From its first use, which must be early enough.
    FirstUse { within: u64, length: u64 },
}

fn any_clock() -> impl Strategy<Value = Clock> {
    prop_oneof![
        (1..40_u64).prop_map(|length| Clock::Runs { length }),
        (1..20_u64, 20..40_u64).prop_map(|(within, length)| Clock::RunsUnused { within, length }),
        (1..20_u64, 1..40_u64).prop_map(|(within, length)| Clock::FirstUse { within, length }),
    ]
}

fn grant(clock: Clock) -> Grant {
    let (not_after, unclaimed) = match clock {
        Clock::Runs { length } => (BEGINS + length, None),
        Clock::RunsUnused { within, length } => {
            (BEGINS + within, Some(Unclaimed::Until(at(BEGINS + length))))
        }
        Clock::FirstUse { within, length } => {
            (BEGINS + within, Some(Unclaimed::Lasting(minutes(length))))
        }
    };
    Grant {
        id: GrantId(uuid::Uuid::from_u128(1)),
        request: RequestId(uuid::Uuid::from_u128(2)),
        person: person("ana", &["oncall"]),
        place: place("payments"),
        scope: Scope::Namespace,
        role: RoleName::parse("shell").unwrap(),
        not_before: at(BEGINS),
        not_after: at(not_after),
        extends: None,
        broke_glass: false,
        unclaimed,
        state: GrantState::Active,
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Wait(u64),
    Use,
    Surrender,
    Revoke,
    Expire,
    Lapse,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..12_u64).prop_map(Step::Wait),
        3 => Just(Step::Use),
        1 => Just(Step::Surrender),
        1 => Just(Step::Revoke),
        2 => Just(Step::Expire),
        2 => Just(Step::Lapse),
    ]
}

/// What must be remembered of a grant.
struct Reference {
    clock: Clock,
    first_use: Option<u64>,
    ended: bool,
}

impl Reference {
    /// The first minute in which it may not be used any more, by what has happened so far.
    fn ends(&self) -> u64 {
        match (self.clock, self.first_use) {
            (Clock::Runs { length } | Clock::RunsUnused { length, .. }, Some(_))
            | (Clock::Runs { length }, None) => BEGINS + length,
            (Clock::RunsUnused { within, .. } | Clock::FirstUse { within, .. }, None) => {
                BEGINS + within
            }
            (Clock::FirstUse { length, .. }, Some(used)) => used + length,
        }
    }

    fn is_usable(&self, now: u64) -> bool {
        !self.ended && (BEGINS..self.ends()).contains(&now)
    }

    /// Whether it waits for a first use that must come.
    fn waits(&self) -> bool {
        self.first_use.is_none() && !matches!(self.clock, Clock::Runs { .. })
    }

    fn may_end(&self, how: &GrantEnd, now: u64) -> bool {
        let over = now >= self.ends();
        !self.ended
            && match how {
                GrantEnd::Surrendered | GrantEnd::Revoked { .. } => true,
                GrantEnd::Expired => over && !self.waits(),
                GrantEnd::Unused => over && self.waits(),
            }
    }
}

proptest! {
    /// A long run sets `PROPTEST_CASES=1000000`.
    #[test]
    fn every_history_of_a_grant_is_one_that_the_reference_allows(
        clock in any_clock(),
        steps in prop::collection::vec(any_step(), 0..24),
    ) {
        let mut grant = grant(clock);
        let mut reference = Reference { clock, first_use: None, ended: false };
        let mut now = 0;
        for step in steps {
            let how = match step {
                Step::Wait(minutes) => {
                    now += minutes;
                    None
                }
                Step::Use => {
                    let used = grant.clone().claim(at(now));
                    prop_assert_eq!(used.is_ok(), reference.is_usable(now));
                    if let Ok(used) = used {
                        reference.first_use.get_or_insert(now);
                        grant = used;
                    }
                    None
                }
                Step::Surrender => Some(GrantEnd::Surrendered),
                Step::Revoke => Some(GrantEnd::Revoked { by: (&person("cleo", &[])).into() }),
                Step::Expire => Some(GrantEnd::Expired),
                Step::Lapse => Some(GrantEnd::Unused),
            };
            if let Some(how) = how {
                let may = reference.may_end(&how, now);
                let ended = grant.clone().end(how, at(now));
                prop_assert_eq!(ended.is_ok(), may);
                if let Ok(ended) = ended {
                    reference.ended = true;
                    grant = ended;
                }
            }
            prop_assert_eq!(grant.check(at(now)).is_ok(), reference.is_usable(now));
            let left = if reference.is_usable(now) { reference.ends() - now } else { 0 };
            prop_assert_eq!(grant.remaining(at(now)), minutes(left));
        }
    }
}
