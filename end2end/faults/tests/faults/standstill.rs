//! A portal that stands still across a deadline.

use std::time::Duration;

use client::portal::Person;
use domain::LeftBehind;
use faults::{Guarded, Portal, reach, since_boot};

use super::support::{AFTER_DEADLINE, before};

#[tokio::test(flavor = "multi_thread")]
async fn s_02_s_04_a_portal_that_was_stopped_across_a_deadline_lets_nothing_pass_after_it() {
    let portal = Portal::start().await.unwrap();
    let cleo = Person::sign_in(&portal.stand.portal, "cleo").await.unwrap();
    let address = portal.address().unwrap();
    let expiring = Guarded::open(&portal, "zeno", "1m", address).await.unwrap();
    let deadline = expiring.deadline;
    let stopping = async {
        reach(before(deadline, 2)).await;
        portal.freeze().await.unwrap();
        let frozen = since_boot();
        reach(deadline + AFTER_DEADLINE + Duration::from_millis(500)).await;
        let thawed = since_boot();
        portal.thaw().unwrap();
        (frozen, thawed)
    };
    let flood = Some(before(deadline, 4));
    let (ending, (frozen, thawed)) = tokio::join!(expiring.watch(flood), stopping);
    let ending = ending.unwrap();
    assert!(frozen < deadline, "it was stopped too late");

    assert_eq!(ending.output_since(thawed), 0, "bytes that came after the deadline");
    assert!(ending.output_since(before(frozen, 1)) > 0, "there was no flood");
    let notes = ending.notes().await.unwrap();
    let &(read, number) = notes.last().unwrap();
    assert!(read < deadline, "line {number} was read after the deadline");
    let typed = ending.typed.iter().filter(|at| **at > frozen && **at < thawed).count();
    assert!(typed > 10, "{typed} lines were typed while it stood still");
    let said = ending.is_cleaned_up(&cleo).await.unwrap();
    assert!(said.contains(&LeftBehind::Nothing.words()), "{said}");
    assert!(said.contains("the granted time is over"), "{said}");
    portal.stop().await.unwrap();
}
