//! The end of a session under a flood, and with a browser that takes nothing.

use std::time::Duration;

use client::portal::Person;
use domain::LeftBehind;
use faults::{Guarded, Portal, narrow, reach, since_boot};

use super::support::{AFTER_DEADLINE, AFTER_REVOCATION, before, nothing_passed_after};

/// A flood begins so many seconds before a deadline.
const FLOOD: u64 = 8;
/// Fewer bytes than this are no flood.
const FLOODED: usize = 500_000;
/// A flood never pauses for longer, not even while a screen is drawn for whoever lags.
const PAUSE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn s_01_s_02_a_flood_ends_in_time() {
    let portal = Portal::start().await.unwrap();
    let address = portal.address().unwrap();
    let cleo = Person::sign_in(&portal.stand.portal, "cleo").await.unwrap();
    let revoked = Guarded::open(&portal, "rea", "30m", address).await.unwrap();
    let expiring = Guarded::open(&portal, "flo", "1m", address).await.unwrap();

    let (deadline, request, mut shown) = (expiring.deadline, revoked.request, revoked.shown());
    let revoking = async {
        shown.wait_for(|shown| *shown > FLOODED).await.unwrap();
        revoke(&cleo, request).await
    };
    let (expired, ended, revoked_at) = tokio::join!(
        expiring.watch(Some(before(deadline, FLOOD))),
        revoked.watch(Some(since_boot())),
        revoking,
    );
    let (expired, ended) = (expired.unwrap(), ended.unwrap());
    for (ending, end, after) in
        [(&expired, deadline, AFTER_DEADLINE), (&ended, revoked_at, AFTER_REVOCATION)]
    {
        let flooded = ending.output_since(Duration::ZERO);
        assert!(flooded > FLOODED, "{flooded} bytes are no flood");
        let goes_on = ending.output_since(end.saturating_sub(PAUSE));
        assert!(goes_on > 0, "the flood was over when the end came");
        nothing_passed_after(end + after, ending).await;
        let said = ending.is_cleaned_up(&cleo).await.unwrap();
        assert!(said.contains(&LeftBehind::Nothing.words()), "{said}");
    }
    assert_eq!(expired.words.as_deref(), Some("the granted time is over"));
    assert_eq!(ended.words.as_deref(), Some("cleo ended the session"));
    portal.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn s_02_a_browser_that_takes_nothing_gets_nothing_after_the_end() {
    let portal = Portal::start().await.unwrap();
    let address = portal.address().unwrap();
    let cleo = Person::sign_in(&portal.stand.portal, "cleo").await.unwrap();
    let revoked = Guarded::over(&portal, "tove", "30m", narrow(address)).await.unwrap();
    let expiring = Guarded::over(&portal, "sten", "1m", narrow(address)).await.unwrap();

    let (deadline, request) = (expiring.deadline, revoked.request);
    let expired = async {
        let silent = expiring.falls_silent(before(deadline, FLOOD)).await.unwrap();
        reach(deadline + AFTER_DEADLINE).await;
        silent.takes_again().await.unwrap()
    };
    let ended = async {
        let silent = revoked.falls_silent(since_boot()).await.unwrap();
        let revoked_at = revoke(&cleo, request).await;
        reach(revoked_at + AFTER_REVOCATION).await;
        silent.takes_again().await.unwrap()
    };
    let (expired, ended) = tokio::join!(expired, ended);
    for held in [expired, ended] {
        assert_eq!(held.queued, 0, "bytes that still were on their way after the end");
        assert_eq!(held.taken, held.came, "bytes that could be taken, and those that had come");
        assert!(held.reset, "the connection was closed as if everything had come");
        let said = held.ending.is_cleaned_up(&cleo).await.unwrap();
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
