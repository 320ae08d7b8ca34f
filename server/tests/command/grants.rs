//! `shorepass grants`

use super::{CONFIG, failed, home, printed};
use store::{Database, DatabaseUrl};

#[tokio::test]
async fn what_is_granted_is_read_where_a_portal_keeps_it_and_nowhere_else() {
    let (home, config) = home(CONFIG);
    let path = home.path().join("data/shorepass.db");
    let why = failed(&["grants", "list", "--config", &config]);
    assert!(why.contains("shorepass.db cannot be opened"), "{why}");
    assert!(!path.exists(), "it made a database");
    Database::open(&DatabaseUrl::file(path)).await.unwrap().close().await;
    assert_eq!(printed(&["grants", "list", "--config", &config]), "Nothing is granted.\n");
}
