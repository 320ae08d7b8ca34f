//! What only PostgreSQL has: an operator who configured it.

use sqlx::AssertSqlSafe;
use store::{Database, DatabaseUrl, OpenError};

use crate::home::Home;

#[tokio::test]
async fn a_server_that_acknowledges_too_early_is_refused() {
    let home = Home::postgresql().await;
    let admin = home.intruder().await;
    let name: String =
        sqlx::query_scalar("SELECT current_database()::text").fetch_one(&admin).await.unwrap();
    let careless = format!("ALTER DATABASE {name} SET synchronous_commit = off");
    sqlx::query(AssertSqlSafe(careless)).execute(&admin).await.unwrap();
    let refused = Database::open(home.url()).await;
    let Err(OpenError::NotDurable { setting }) = refused else { panic!("{refused:?}") };
    assert_eq!(setting, "synchronous_commit");
}

#[tokio::test]
async fn t_07_a_failed_connection_does_not_print_the_password() {
    let url = "postgres://portal:hunter2@127.0.0.1:1/portal";
    let refused = Database::open(&DatabaseUrl::server(url).unwrap()).await.unwrap_err();
    assert!(!format!("{refused:?}").contains("hunter2"));
}
