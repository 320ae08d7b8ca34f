//! Finished recordings, and who reviewed them.

use broker::port::{SaveError, Store};
use domain::broker::{RecordingFilter, Reviewed};
use domain::{
    ContainerName, Fact, LeftBehind, Namespace, PodName, Review, Sealed, Session, SessionEnd,
    SessionId, SessionState,
};
use store::Database;

use crate::home::{Home, on_both_databases};
use crate::samples::{approved, at, event, grant, request, session, signer};

on_both_databases!(
    a_recording_is_reviewed_once_with_its_event,
    of_two_reviews_at_the_same_instant_one_is_saved,
    nothing_is_reviewed_that_is_not_there,
    every_part_of_a_filter_hides_what_does_not_match,
    names_are_compared_as_they_are_written,
    recordings_are_listed_by_their_end_page_by_page,
    sessions_without_a_recording_are_not_listed,
);

/// A session that ended after so many minutes, begun five before.
async fn recorded(
    store: &Database,
    name: &str,
    end: i64,
    change: impl FnOnce(&mut Session),
) -> SessionId {
    let asked = request(name, 0);
    let grant = grant(&asked);
    store.insert_request(&approved(&asked, &grant), Some(&grant), 0, &[]).await.unwrap();
    let mut ended = session(&grant, end - 5);
    let recording = Some(Sealed { bytes: 7, digest: "cd".repeat(32) });
    let (how, left) = (SessionEnd::TimeIsUp, LeftBehind::Nothing);
    ended.state = SessionState::Ended { at: at(end), how, left, recording };
    change(&mut ended);
    store.insert_session(&ended, &[]).await.unwrap();
    ended.id
}

async fn listed(store: &Database, filter: &RecordingFilter) -> Vec<SessionId> {
    let recordings = store.recordings(filter, 100).await.unwrap();
    recordings.into_iter().map(|recorded| recorded.session.id).collect()
}

fn any() -> RecordingFilter {
    RecordingFilter::default()
}

async fn a_recording_is_reviewed_once_with_its_event(home: Home) {
    let store = home.open().await;
    let id = recorded(&store, "ana", 10, |_| ()).await;
    assert_eq!(store.review(id).await.unwrap(), None);
    let review = Review { by: signer("cleo"), at: at(20) };
    store.insert_review(id, &review, &[event(Fact::RecordingReviewed)]).await.unwrap();
    assert_eq!(store.review(id).await.unwrap(), Some(review.clone()));
    let recorded = store.recordings(&any(), 10).await.unwrap().remove(0);
    assert_eq!((recorded.session.id, recorded.review), (id, Some(review.clone())));

    let second = Review { by: signer("dora"), at: at(21) };
    let late = store.insert_review(id, &second, &[event(Fact::RecordingReviewed)]).await;
    assert!(matches!(late, Err(SaveError::Conflict)), "{late:?}");
    assert_eq!(store.review(id).await.unwrap(), Some(review));
    assert_eq!(store.newest_event().await.unwrap(), 1);
}

async fn of_two_reviews_at_the_same_instant_one_is_saved(home: Home) {
    let stores = [home.open().await, home.open().await];
    let id = recorded(&stores[0], "ana", 10, |_| ()).await;
    let mut racers = tokio::task::JoinSet::new();
    for number in 0..10 {
        let store = stores[number % 2].clone();
        let review = Review { by: signer(&format!("auditor{number}")), at: at(20) };
        racers.spawn(async move {
            store.insert_review(id, &review, &[event(Fact::RecordingReviewed)]).await
        });
    }
    let results = racers.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    assert_eq!(stores[1].newest_event().await.unwrap(), 1);
}

async fn nothing_is_reviewed_that_is_not_there(home: Home) {
    let store = home.open().await;
    let stray = session(&grant(&request("ana", 0)), 0).id;
    let review = Review { by: signer("cleo"), at: at(20) };
    let refused = store.insert_review(stray, &review, &[event(Fact::RecordingReviewed)]).await;
    assert!(matches!(refused, Err(SaveError::Store(_))), "{refused:?}");
    assert_eq!(store.newest_event().await.unwrap(), 0);
}

async fn every_part_of_a_filter_hides_what_does_not_match(home: Home) {
    let store = home.open().await;
    let day = 24 * 60;
    let plain = recorded(&store, "ana", 10, |_| ()).await;
    let other = recorded(&store, "ben", day + 10, |session| {
        session.target.place.namespace = Namespace::parse("staging").unwrap();
        session.target.pod = PodName::parse("api-5c77").unwrap();
        session.target.container = ContainerName::parse("proxy").unwrap();
    })
    .await;
    let review = Review { by: signer("cleo"), at: at(day + 20) };
    store.insert_review(other, &review, &[]).await.unwrap();

    let who = |name: &str| RecordingFilter { who: Some(name.into()), ..any() };
    assert_eq!(listed(&store, &who("ana")).await, [plain]);
    assert_eq!(listed(&store, &who("an")).await, []);
    let namespace = RecordingFilter { namespace: Some("staging".into()), ..any() };
    assert_eq!(listed(&store, &namespace).await, [other]);
    for text in ["API-", "5c7", "prox"] {
        let target = RecordingFilter { target: Some(text.into()), ..any() };
        assert_eq!(listed(&store, &target).await, [other], "{text}");
    }
    // The samples begin on 1 March 2027.
    let days = |since: &str, until: &str| RecordingFilter {
        since: since.parse().ok(),
        until: until.parse().ok(),
        ..any()
    };
    assert_eq!(listed(&store, &days("2027-03-02", "")).await, [other]);
    assert_eq!(listed(&store, &days("", "2027-03-01")).await, [plain]);
    assert_eq!(listed(&store, &days("2027-03-01", "2027-03-02")).await, [other, plain]);
    assert_eq!(listed(&store, &days("2027-03-03", "")).await, []);
    let reviewed = |reviewed| RecordingFilter { reviewed: Some(reviewed), ..any() };
    assert_eq!(listed(&store, &reviewed(Reviewed::Yes)).await, [other]);
    assert_eq!(listed(&store, &reviewed(Reviewed::No)).await, [plain]);
    let both = RecordingFilter { namespace: Some("staging".into()), ..who("ana") };
    assert_eq!(listed(&store, &both).await, []);
}

async fn names_are_compared_as_they_are_written(home: Home) {
    let store = home.open().await;
    recorded(&store, "ana", 10, |_| ()).await;
    for text in ["%", "_", "w_b", "!", "w%b", "'", "\\"] {
        let target = RecordingFilter { target: Some(text.into()), ..any() };
        assert_eq!(listed(&store, &target).await, [], "{text}");
    }
}

async fn recordings_are_listed_by_their_end_page_by_page(home: Home) {
    let store = home.open().await;
    let mut ids = Vec::new();
    // Two ended at the same instant.
    for end in [10, 30, 20, 20] {
        ids.push(recorded(&store, "ana", end, |_| ()).await);
    }
    let order = [ids[1], ids[3], ids[2], ids[0]];
    assert_eq!(listed(&store, &any()).await, order);
    let mut filter = any();
    for id in order {
        let page = store.recordings(&filter, 1).await.unwrap();
        assert_eq!(page.iter().map(|recorded| recorded.session.id).collect::<Vec<_>>(), [id]);
        filter.before = Some(id);
    }
    assert_eq!(listed(&store, &filter).await, []);
}

async fn sessions_without_a_recording_are_not_listed(home: Home) {
    let store = home.open().await;
    recorded(&store, "ana", 10, |session| session.state = SessionState::Starting).await;
    recorded(&store, "ana", 10, |session| {
        if let SessionState::Ended { recording, .. } = &mut session.state {
            *recording = None;
        }
    })
    .await;
    assert_eq!(listed(&store, &any()).await, []);
}
