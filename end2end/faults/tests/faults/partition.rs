//! An API server that answers nothing, or is out of reach, and is there again later.

use client::portal::{Person, place};
use domain::LeftBehind;
use faults::{Guarded, Portal, pod, reach, since_boot};

use super::support::{AFTER_DEADLINE, AFTER_REVOCATION, before, nothing_passed_after};
use super::viewers::revoke;

#[tokio::test(flavor = "multi_thread")]
async fn s_01_s_02_an_api_server_that_takes_everything_and_answers_nothing_delays_no_end() {
    let (portal, proxy) = Portal::start_apart().await.unwrap();
    let address = portal.address().unwrap();
    let cleo = Person::sign_in(&portal.stand.portal, "cleo").await.unwrap();
    let revoked = Guarded::open(&portal, "rudi", "30m", address).await.unwrap();
    let expiring = Guarded::open(&portal, "stella", "1m", address).await.unwrap();

    let (deadline, request) = (expiring.deadline, revoked.request);
    let stalling = async {
        reach(before(deadline, 4)).await;
        proxy.stall_answers();
        reach(before(deadline, 2)).await;
        revoke(&cleo, request).await
    };
    let (expired, ended, revoked_at) =
        tokio::join!(expiring.watch(None), revoked.watch(None), stalling);
    let (expired, ended) = (expired.unwrap(), ended.unwrap());

    assert!(proxy.counts().held > 0, "nothing was held up: {:?}", proxy.counts());
    for (ending, last) in
        [(&expired, deadline + AFTER_DEADLINE), (&ended, revoked_at + AFTER_REVOCATION)]
    {
        nothing_passed_after(last, ending).await;
        let said = ending.is_cleaned_up(&cleo).await.unwrap();
        assert!(said.contains(&LeftBehind::Unknown.words()), "{said}");
    }
    proxy.heal();
    for ending in [expired, ended] {
        ending.is_cleaned_up_later(&cleo).await.unwrap();
    }
    portal.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn s_02_s_03_a_14_what_was_typed_in_a_partition_never_arrives_and_what_is_left_is_named() {
    let (portal, proxy) = Portal::start_apart().await.unwrap();
    let address = portal.address().unwrap();
    let cleo = Person::sign_in(&portal.stand.portal, "cleo").await.unwrap();
    let revoked = Guarded::open(&portal, "rita", "30m", address).await.unwrap();
    let expiring = Guarded::open(&portal, "paul", "1m", address).await.unwrap();
    let late = portal.somebody("lena").await.unwrap();
    let staging = place("staging").unwrap();
    let asked = late.ask(&staging, "shell", "30m", "too late to be opened").await.unwrap();
    let target = late.targets(&staging, asked).await.unwrap().remove(0);

    let (deadline, request) = (expiring.deadline, revoked.request);
    let parting = async {
        reach(before(deadline, 4)).await;
        proxy.stall();
        let parted = since_boot();
        // One that is being opened when its access ends.
        let opening = late.open(asked, &target).await.unwrap();
        let _waiting = late.attach(opening, 0).await.unwrap();
        reach(before(deadline, 2)).await;
        revoke(&cleo, asked).await;
        (opening, parted, revoke(&cleo, request).await)
    };
    let (expired, ended, (opening, parted, revoked_at)) =
        tokio::join!(expiring.watch(None), revoked.watch(None), parting);
    let (expired, ended) = (expired.unwrap(), ended.unwrap());
    for ending in [&expired, &ended] {
        let said = ending.is_cleaned_up(&cleo).await.unwrap();
        assert!(said.contains(&LeftBehind::Unknown.words()), "{said}");
    }
    proxy.heal();
    // The network is whole when a new shell can be used.
    Guarded::open(&portal, "nora", "30m", address).await.unwrap();

    let counts = proxy.counts();
    assert!(counts.held > 0 && counts.lost > 0, "nothing was held up and lost: {counts:?}");
    for (ending, last) in
        [(&expired, deadline + AFTER_DEADLINE), (&ended, revoked_at + AFTER_REVOCATION)]
    {
        nothing_passed_after(last, ending).await;
        let before = ending.typed.iter().filter(|at| **at <= parted).count();
        let notes = ending.notes().await.unwrap();
        let after = notes.len().saturating_sub(before);
        assert_eq!(after, 0, "lines that were typed in the partition and arrived");
        assert!(ending.typed.len() > before + 10, "nothing was typed in the partition");
        ending.is_cleaned_up_later(&cleo).await.unwrap();
    }
    let opened = pod::processes(&portal.stand, &target, opening).await.unwrap();
    assert!(opened.is_empty(), "a shell was opened after its access had ended: {opened:?}");
    portal.stop().await.unwrap();
}
