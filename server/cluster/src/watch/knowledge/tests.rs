use std::sync::Mutex;

use jiff::Timestamp;
use kube::core::Status;

use super::*;

#[derive(Default)]
struct Wound(Mutex<Duration>);

impl Clock for Wound {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.since_boot()
    }

    fn since_boot(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

fn knowledge() -> (Arc<Wound>, Arc<Knowledge>) {
    let clock = Arc::new(Wound::default());
    let knowledge = Knowledge::new(Arc::clone(&clock) as _);
    (clock, Arc::new(knowledge))
}

fn listed(knowledge: &Knowledge) {
    knowledge.take_namespace(Ok(Event::Init));
    knowledge.take_namespace(Ok(Event::InitDone));
    knowledge.take_pod(Ok(Event::Init));
    knowledge.take_pod(Ok(Event::InitDone));
}

fn refused(code: u16) -> watcher::Error {
    let status = Status { code, ..Status::default() };
    watcher::Error::WatchStartFailed(kube::Error::Api(Box::new(status)))
}

fn trouble(why: &str) -> Trouble {
    Trouble { why: why.to_owned(), cause: String::new() }
}

fn namespace(name: &str) -> api::Namespace {
    serde_json::from_value(serde_json::json!({"metadata": {"name": name}})).unwrap()
}

#[test]
fn a_cluster_is_reachable_once_it_answers_and_everything_was_listed() {
    let (_, knowledge) = knowledge();
    assert!(matches!(knowledge.state(), ClusterState::Unreachable { .. }));
    knowledge.answers();
    assert!(matches!(knowledge.state(), ClusterState::Unreachable { .. }));
    listed(&knowledge);
    assert_eq!(knowledge.state(), ClusterState::Reachable);
}

#[test]
fn the_time_of_an_outage_stays_while_its_words_change() {
    let (clock, knowledge) = knowledge();
    listed(&knowledge);
    knowledge.answers();
    for (second, why) in [(10, "no connection"), (20, "it answered 503")] {
        *clock.0.lock().unwrap() = Duration::from_secs(second);
        knowledge.silent(trouble(why));
        let since = Timestamp::from_second(10).unwrap();
        let expected = ClusterState::Unreachable { since, why: why.to_owned() };
        assert_eq!(knowledge.state(), expected);
    }
    knowledge.answers();
    assert_eq!(knowledge.state(), ClusterState::Reachable);
}

#[test]
fn a_refused_watch_makes_the_rest_doubtful_until_it_is_refused_no_more() {
    let (clock, knowledge) = knowledge();
    listed(&knowledge);
    knowledge.answers();
    knowledge.take_pod(Err(watcher::Error::NoResourceVersion));
    assert_eq!(knowledge.state(), ClusterState::Reachable);
    knowledge.take_pod(Err(refused(403)));
    assert!(matches!(knowledge.state(), ClusterState::Unreachable { .. }));
    *clock.0.lock().unwrap() = REFUSAL_COUNTS;
    knowledge.answers();
    assert!(matches!(knowledge.state(), ClusterState::Unreachable { .. }));
    *clock.0.lock().unwrap() += Duration::from_secs(1);
    knowledge.answers();
    assert_eq!(knowledge.state(), ClusterState::Reachable);
}

#[tokio::test(start_paused = true)]
async fn readers_are_woken_at_once_and_at_most_four_times_a_second() {
    let (_, knowledge) = knowledge();
    let mut changes = knowledge.changes();
    let telling = Arc::clone(&knowledge);
    let each = Duration::from_millis(250);
    let telling = tokio::spawn(async move { telling.tell(each).await });
    let count = |from: u64| *knowledge.changes().borrow() - from;
    let many = || {
        for number in 0..100 {
            knowledge.take_namespace(Ok(Event::Apply(namespace(&format!("n-{number}")))));
            knowledge.take_namespace(Ok(Event::Delete(namespace(&format!("n-{number}")))));
        }
    };
    many();
    changes.changed().await.unwrap();
    assert_eq!(count(0), 1);
    many();
    tokio::time::advance(Duration::from_millis(249)).await;
    assert_eq!(count(0), 1);
    changes.changed().await.unwrap();
    assert_eq!(count(0), 2);
    // Heartbeats and objects that stay as they are wake nobody.
    knowledge.answers();
    knowledge.take_namespace(Ok(Event::Delete(namespace("never-there"))));
    tokio::time::advance(Duration::from_secs(10)).await;
    assert_eq!(count(0), 2);
    telling.abort();
}
