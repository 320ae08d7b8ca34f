//! What outlives the process.

use broker::port::{Store, Versioned};
use domain::{Fact, Request};
use store::{Database, OpenError};

use crate::audit::{first_bad, whole_log};
use crate::home::{Home, on_both_databases};
use crate::samples::{approval, approved, event, grant, request, session};

on_both_databases!(
    a_restart_keeps_everything,
    tables_of_a_newer_version_are_not_touched,
    a_closed_database_refuses_writers,
);

async fn a_restart_keeps_everything(home: Home) {
    let mut asked = request("ana", 0);
    asked.approvals = vec![approval(&request("ana", 0), "ben", 1)];
    let made = grant(&asked);
    let asked = approved(&asked, &made);
    let opened = session(&made, 1);
    let other = request("eve", 0);
    let first = home.open().await;
    first.insert_request(&asked, Some(&made), 0, &[event(Fact::Watched)]).await.unwrap();
    first.insert_session(&opened, &[event(Fact::RequestWithdrawn)]).await.unwrap();
    first.insert_request(&other, None, 0, &[]).await.unwrap();
    let log = whole_log(&first).await;
    first.close().await;

    let second = home.open().await;
    let kept: Versioned<Request> = second.request(asked.id).await.unwrap().unwrap();
    assert_eq!(kept, Versioned { version: 0, value: asked });
    assert_eq!(second.grant(made.id).await.unwrap().unwrap().value, made);
    assert_eq!(second.session(opened.id).await.unwrap().unwrap().value, opened);
    assert_eq!(whole_log(&second).await, log);
    second.append(&[event(Fact::Watched)]).await.unwrap();
    let log = whole_log(&second).await;
    assert_eq!((log.len(), first_bad(&log)), (3, None));
}

async fn tables_of_a_newer_version_are_not_touched(home: Home) {
    home.open().await.close().await;
    home.tamper(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT 9999, 'from the future', success, checksum, execution_time \
         FROM _sqlx_migrations WHERE version = 1",
    )
    .await;
    let refused = Database::open(home.url()).await;
    assert!(matches!(refused, Err(OpenError::Migrate(_))), "{refused:?}");
}

async fn a_closed_database_refuses_writers(home: Home) {
    let store = home.open().await;
    store.append(&[event(Fact::Watched)]).await.unwrap();
    store.close().await;
    assert!(store.append(&[event(Fact::Watched)]).await.is_err());
    assert!(store.newest_event().await.is_err());
    assert_eq!(home.open().await.newest_event().await.unwrap(), 1);
}
