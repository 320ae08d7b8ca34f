//! The grant of a request: when it begins, and when it ends.

use super::*;
use crate::GrantEnd;
use crate::policy::GrantClock;

/// The grant of a request that ben approved after a minute, made a minute later.
fn granted(request: Request) -> Grant {
    let shown = request.digest();
    let approved = request.approve(&who(2), &shown, &aliases(), at(1)).unwrap();
    approved.grant(GRANT, at(2)).unwrap().1
}

#[test]
fn a_grant_begins_when_it_was_asked_for_and_goes_on_where_it_prolongs() {
    let times = |request: Request| {
        let grant = granted(request);
        (grant.not_before, grant.not_after)
    };
    assert_eq!(times(asked(1, 1)), (at(2), at(32)));
    let later = Request { starts_at: Some(at(20)), ..asked(1, 1) };
    assert_eq!(times(later), (at(20), at(50)));
    let base = Extension { grant: GrantId(uuid::Uuid::from_u128(9)), until: at(12) };
    let longer = Request { extends: Some(base), ..asked(1, 1) };
    assert_eq!(times(longer), (at(2), at(42)));
}

#[test]
fn a_clock_may_start_with_the_first_use_and_what_is_not_used_ends() {
    let with = |clock| {
        let mut request = asked(1, 1);
        request.ruling.terms.clock = clock;
        granted(request)
    };
    let waits = with(GrantClock::FirstUse(MINUTE * 10));
    assert_eq!((waits.not_before, waits.not_after), (at(2), at(12)));
    let used = waits.clone().claim(at(11)).unwrap();
    assert_eq!((used.not_after, used.unclaimed), (at(41), None));
    assert_eq!(used.clone().claim(at(30)).unwrap(), used, "a second use changes nothing");
    assert_eq!(waits.clone().claim(at(12)), Err(crate::GrantRefusal::Ended));
    let how = waits.lapse();
    assert_eq!(how, GrantEnd::Unused);
    assert_eq!(waits.clone().end(how.clone(), at(11)), Err(crate::GrantRefusal::NotOver));
    assert!(waits.end(how, at(12)).is_ok());
    let runs = with(GrantClock::Approval(Some(MINUTE * 10)));
    assert_eq!(runs.not_after, at(12));
    assert_eq!(runs.claim(at(11)).unwrap().not_after, at(32), "its clock ran all the time");
    // A deadline beyond the end of the grant changes nothing.
    let free = with(GrantClock::Approval(Some(MINUTE * 40)));
    assert_eq!((free.not_after, free.unclaimed), (at(32), None));
}
