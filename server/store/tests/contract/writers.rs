//! Many writers at once.

use broker::port::{SaveError, Store};
use domain::{Event, Fact};
use tokio::task::JoinSet;

use crate::audit::{first_bad, whole_log};
use crate::home::{Home, on_both_databases};
use crate::samples::{event, request};

on_both_databases!(
    twenty_writers_leave_no_gap_and_one_chain,
    a_change_that_fails_takes_no_other_with_it,
    a_writer_that_gives_up_writes_nothing_later,
);

fn noted(writer: usize, step: usize) -> Event {
    event(Fact::Refused {
        what: format!("writer {writer}"),
        why: format!("step {step}"),
        rule: None,
        stamp: None,
    })
}

async fn twenty_writers_leave_no_gap_and_one_chain(home: Home) {
    let (writers, steps) = (20, 10);
    // Two handles, as two replicas have.
    let stores = [home.open().await, home.open().await];
    let mut tasks = JoinSet::new();
    for writer in 0..writers {
        let store = stores[writer % 2].clone();
        tasks.spawn(async move {
            for step in 0..steps {
                if step % 3 == 0 {
                    let asked = request("ana", 0);
                    let events = [noted(writer, step), event(Fact::Watched)];
                    store.insert_request(&asked, None, 0, &events).await.unwrap();
                } else {
                    store.append(&[noted(writer, step), event(Fact::Watched)]).await.unwrap();
                }
            }
        });
    }
    tasks.join_all().await;
    let log = whole_log(&stores[0]).await;
    assert_eq!(log.len(), writers * steps * 2);
    assert_eq!(first_bad(&log), None);
    assert_eq!(stores[1].newest_event().await.unwrap(), u64::try_from(log.len()).unwrap());
    // What one writer was told is durable comes before what it wrote next.
    for writer in 0..writers {
        let steps_in_order = log.iter().filter_map(|logged| match &logged.event.fact {
            Fact::Refused { what, why, .. } if *what == format!("writer {writer}") => {
                Some(why.clone())
            }
            _ => None,
        });
        assert!(steps_in_order.eq((0..steps).map(|step| format!("step {step}"))));
    }
}

async fn a_change_that_fails_takes_no_other_with_it(home: Home) {
    let store = home.open().await;
    let taken = event(Fact::RequestWithdrawn);
    store.append(std::slice::from_ref(&taken)).await.unwrap();
    let mut tasks = JoinSet::new();
    for writer in 0..40 {
        let (store, taken) = (store.clone(), taken.clone());
        tasks.spawn(async move {
            if writer % 4 == 0 {
                let failed = store.append(&[noted(writer, 0), taken]).await;
                assert!(failed.is_err());
                0
            } else {
                store.append(&[noted(writer, 0)]).await.unwrap();
                1
            }
        });
    }
    let written: usize = tasks.join_all().await.into_iter().sum();
    let log = whole_log(&store).await;
    assert_eq!((written, log.len()), (30, 31));
    assert_eq!(first_bad(&log), None);
}

async fn a_writer_that_gives_up_writes_nothing_later(home: Home) {
    let store = home.open().await;
    let intruder = home.intruder().await;
    // Somebody else holds what every writer needs.
    let mut lock = intruder.begin().await.unwrap();
    sqlx::query("UPDATE audit_head SET number = number").execute(&mut *lock).await.unwrap();
    let stuck = tokio::spawn({
        let store = store.clone();
        async move { store.append(&[event(Fact::Watched)]).await }
    });
    let abandoned = request("ana", 0);
    let waiting = tokio::spawn({
        let (store, abandoned) = (store.clone(), abandoned.clone());
        async move { store.insert_request(&abandoned, None, 0, &[event(Fact::RequestLapsed)]).await }
    });
    assert!(store.append(&[]).await.is_err(), "the log cannot be written");
    // Their answers come although nothing moves: in time to end what may not go on.
    assert!(stuck.await.unwrap().is_err());
    assert!(waiting.await.unwrap().is_err());
    lock.rollback().await.unwrap();

    store.append(&[]).await.unwrap();
    store.append(&[event(Fact::RequestWithdrawn)]).await.unwrap();
    let log = whole_log(&store).await;
    assert_eq!(
        log.iter().map(|logged| logged.event.fact.word()).collect::<Vec<_>>(),
        ["request-withdrawn"]
    );
    assert_eq!(store.request(abandoned.id).await.unwrap(), None);
    let unknown = broker::port::Versioned { version: 0, value: abandoned };
    let conflict = store.save_request(&unknown, None, &[]).await;
    assert!(matches!(conflict, Err(SaveError::Conflict)));
}
