//! The end of a session under a flood, and with a browser that takes nothing.

use std::time::Duration;

use client::portal::Person;
use domain::LeftBehind;
use faults::{Guarded, Portal, Proxy, reach, since_boot};

use super::support::{AFTER_DEADLINE, AFTER_REVOCATION, before, nothing_passed_after};

/// A flood lasts so many seconds before the end.
const FLOOD: u64 = 4;

#[tokio::test(flavor = "multi_thread")]
async fn s_01_s_02_a_flood_ends_in_time() {
    let portal = Portal::start().await.unwrap();
    let address = portal.address().unwrap();
    let cleo = Person::sign_in(&portal.stand.portal, "cleo").await.unwrap();
    let expiring = Guarded::open(&portal, "flo", "1m", address).await.unwrap();
    let revoked = Guarded::open(&portal, "rea", "30m", address).await.unwrap();

    let deadline = expiring.deadline;
    let request = revoked.request;
    let revoking = async {
        reach(before(deadline, 2 * FLOOD)).await;
        revoke(&cleo, request).await
    };
    let floods = |end: Duration| Some(before(end, FLOOD));
    let (expired, ended, revoked_at) = tokio::join!(
        expiring.watch(floods(deadline)),
        revoked.watch(floods(before(deadline, 2 * FLOOD))),
        revoking,
    );
    let (expired, ended) = (expired.unwrap(), ended.unwrap());
    for (ending, last) in
        [(&expired, deadline + AFTER_DEADLINE), (&ended, revoked_at + AFTER_REVOCATION)]
    {
        let flooded = ending.output_since(before(last, FLOOD));
        assert!(flooded > 100_000, "{flooded} bytes are no flood");
        nothing_passed_after(last, ending).await;
        let said = ending.is_cleaned_up(&cleo).await.unwrap();
        assert!(said.contains(&LeftBehind::Nothing.words()), "{said}");
    }
    assert_eq!(expired.words.as_deref(), Some("the granted time is over"));
    assert_eq!(ended.words.as_deref(), Some("cleo ended the session"));
    portal.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn s_02_a_browser_that_took_nothing_gets_nothing_after_the_end() {
    let portal = Portal::start().await.unwrap();
    let proxy = Proxy::before(portal.address().unwrap()).await.unwrap();
    let cleo = Person::sign_in(&portal.stand.portal, "cleo").await.unwrap();
    let expiring = Guarded::open(&portal, "sten", "1m", proxy.address()).await.unwrap();
    let revoked = Guarded::open(&portal, "tove", "30m", proxy.address()).await.unwrap();

    let (deadline, request) = (expiring.deadline, revoked.request);
    let breaking = async {
        reach(before(deadline, 3)).await;
        proxy.stall();
        // What was on its way to a browser before this arrives now, and nothing later does.
        let quiet = since_boot();
        let revoked_at = revoke(&cleo, request).await;
        reach(deadline + 2 * AFTER_DEADLINE).await;
        reach(revoked_at + AFTER_REVOCATION).await;
        proxy.heal();
        quiet
    };
    let flood = Some(before(deadline, FLOOD));
    let (expired, ended, quiet) =
        tokio::join!(expiring.watch(flood), revoked.watch(flood), breaking);
    assert!(proxy.counts().held > 0, "nothing was held up: {:?}", proxy.counts());
    for ending in [expired.unwrap(), ended.unwrap()] {
        let late = ending.output_since(quiet + Duration::from_secs(1));
        assert_eq!(late, 0, "bytes that came after the end");
        let said = ending.is_cleaned_up(&cleo).await.unwrap();
        assert!(said.contains(&LeftBehind::Nothing.words()), "{said}");
    }
    portal.stop().await.unwrap();
}

/// Ends the access of somebody else; says when that was done.
pub(crate) async fn revoke(auditor: &Person, request: domain::RequestId) -> Duration {
    let answer = auditor.post(&format!("/requests/{request}/end"), &[]).await.unwrap();
    assert!(answer.location().unwrap().is_some(), "{}", answer.text());
    since_boot()
}
