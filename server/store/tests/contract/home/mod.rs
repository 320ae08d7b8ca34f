//! Where a test's database lives.

mod postgresql;
mod server;

use sqlx::{AnyPool, AssertSqlSafe};
use store::{Database, DatabaseUrl};
use tempfile::TempDir;

/// An empty database for one test; it can be opened more than once.
pub(crate) struct Home {
    url: DatabaseUrl,
    raw_url: String,
    _directory: Option<TempDir>,
}

impl Home {
    pub(crate) fn sqlite() -> Self {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("shorepass.db");
        Self {
            url: DatabaseUrl::file(&path),
            raw_url: format!("sqlite://{}", path.display()),
            _directory: Some(directory),
        }
    }

    pub(crate) async fn postgresql() -> Self {
        let raw_url = postgresql::fresh_database().await;
        Self { url: DatabaseUrl::server(&raw_url).unwrap(), raw_url, _directory: None }
    }

    pub(crate) async fn open(&self) -> Database {
        Database::open(&self.url).await.unwrap()
    }

    pub(crate) fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// What somebody with the database's password, or with its file, sees.
    pub(crate) async fn intruder(&self) -> AnyPool {
        sqlx::any::install_default_drivers();
        AnyPool::connect(&self.raw_url).await.unwrap()
    }

    pub(crate) async fn tamper(&self, sql: &str) {
        let pool = self.intruder().await;
        let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&pool).await.unwrap();
        assert!(done.rows_affected() > 0, "nothing was changed by {sql}");
        pool.close().await;
    }
}

/// Runs each test on both databases.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name($crate::home::Home::sqlite()).await;
            })+
        }

        mod postgresql {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name($crate::home::Home::postgresql().await).await;
            })+
        }
    };
}

pub(crate) use on_both_databases;
