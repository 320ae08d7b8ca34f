//! What the login cookie stands for.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use broker::port::{Clock, Store as _};
use domain::Person;
use jiff::Timestamp;
use sqlx::Row as _;
use store::LoginStore;
use time::OffsetDateTime;
use tower_sessions::SessionStore as _;
use tower_sessions::session::{Id, Record};

use crate::home::{Home, on_both_databases};
use crate::samples::{at, person};

on_both_databases!(
    a_login_comes_back_until_it_expires,
    a_stolen_database_holds_no_cookie,
    a_taken_cookie_value_is_not_given_out_again,
    a_05_the_groups_are_those_that_the_provider_named_last,
    o_17_a_login_that_was_ended_is_not_brought_back_by_a_late_save,
    expired_logins_are_removed_by_new_ones,
);

/// A clock that stands until it is set.
struct Standing(Mutex<Timestamp>);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn since_boot(&self) -> Duration {
        Duration::ZERO
    }
}

async fn logins(home: &Home) -> (LoginStore, Arc<Standing>) {
    let clock = Arc::new(Standing(Mutex::new(at(0))));
    (LoginStore::new(home.open().await, Arc::clone(&clock) as Arc<dyn Clock>), clock)
}

fn record(of: Option<&Person>, ends: i64) -> Record {
    let microseconds = i128::from(at(ends).as_microsecond());
    let mut record = Record {
        id: Id::default(),
        data: [("theme".to_owned(), "dark \u{1f319}".into())].into(),
        expiry_date: OffsetDateTime::from_unix_timestamp_nanos(microseconds * 1_000).unwrap(),
    };
    if let Some(person) = of {
        let person = serde_json::to_value(person).unwrap();
        record.data.insert(LoginStore::PERSON.to_owned(), person);
        record.data.insert(LoginStore::CHECKED.to_owned(), at(0).to_string().into());
    }
    record
}

async fn a_login_comes_back_until_it_expires(home: Home) {
    let (logins, clock) = logins(&home).await;
    let mut login = record(Some(&person("ana")), 30);
    logins.create(&mut login).await.unwrap();
    assert_eq!(logins.load(&login.id).await.unwrap(), Some(login.clone()));
    login.data.insert("seen".into(), 3.into());
    login.expiry_date += time::Duration::minutes(5);
    logins.save(&login).await.unwrap();
    assert_eq!(logins.load(&login.id).await.unwrap(), Some(login.clone()));

    *clock.0.lock().unwrap() = at(35) - Duration::from_micros(1);
    assert!(logins.load(&login.id).await.unwrap().is_some());
    *clock.0.lock().unwrap() = at(35);
    assert_eq!(logins.load(&login.id).await.unwrap(), None);
    assert_eq!(logins.load(&Id::default()).await.unwrap(), None);
}

async fn a_stolen_database_holds_no_cookie(home: Home) {
    let (logins, _) = logins(&home).await;
    let mut login = record(None, 30);
    logins.create(&mut login).await.unwrap();
    let intruder = home.intruder().await;
    let row = sqlx::query("SELECT id, data FROM logins").fetch_one(&intruder).await.unwrap();
    let (id, data): (String, String) = (row.get("id"), row.get("data"));
    assert_eq!(id.len(), 64);
    for shape in [login.id.to_string(), login.id.0.to_string(), format!("{:x}", login.id.0)] {
        assert!(!id.contains(&shape) && !data.contains(&shape), "{shape}");
    }
    // What is stolen does not work as a cookie either.
    assert!(id.parse::<Id>().is_err());
}

async fn a_taken_cookie_value_is_not_given_out_again(home: Home) {
    let (logins, _) = logins(&home).await;
    let mut first = record(Some(&person("ana")), 30);
    logins.create(&mut first).await.unwrap();
    let mut second = record(Some(&person("eve")), 30);
    second.id = first.id;
    logins.create(&mut second).await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(logins.load(&first.id).await.unwrap(), Some(first));
    assert_eq!(logins.load(&second.id).await.unwrap(), Some(second));
}

async fn a_05_the_groups_are_those_that_the_provider_named_last(home: Home) {
    let (logins, _) = logins(&home).await;
    let database = home.open().await;
    let ana = person("ana");
    let fewer = Person { groups: BTreeSet::new(), ..ana.clone() };
    // The later of two browsers is idle; the provider was asked for the earlier one since.
    let (mut earlier, mut later) = (record(Some(&fewer), 30), record(Some(&ana), 50));
    earlier.data.insert(LoginStore::CHECKED.to_owned(), at(5).to_string().into());
    for login in [&mut earlier, &mut later] {
        logins.create(login).await.unwrap();
    }
    let groups = async |now| database.groups_of(&ana.key, now).await.unwrap();
    assert_eq!(groups(at(6)).await, Some(fewer.groups));
    assert_eq!(groups(at(30)).await, Some(ana.groups.clone()));
    assert_eq!(groups(at(50)).await, None);
}

async fn o_17_a_login_that_was_ended_is_not_brought_back_by_a_late_save(home: Home) {
    let (logins, _) = logins(&home).await;
    let mut login = record(Some(&person("ana")), 30);
    logins.create(&mut login).await.unwrap();
    // A page was on its way while she signed out.
    logins.delete(&login.id).await.unwrap();
    logins.save(&login).await.unwrap();
    assert_eq!(logins.load(&login.id).await.unwrap(), None);
}

async fn expired_logins_are_removed_by_new_ones(home: Home) {
    let (logins, clock) = logins(&home).await;
    let (mut early, mut late) = (record(Some(&person("ana")), 10), record(None, 20));
    logins.create(&mut early).await.unwrap();
    logins.create(&mut late).await.unwrap();
    *clock.0.lock().unwrap() = at(10);
    logins.create(&mut record(None, 30)).await.unwrap();
    assert!(logins.load(&late.id).await.unwrap().is_some());
    // Gone, not hidden: it does not come back when the wall clock is stepped.
    *clock.0.lock().unwrap() = at(0);
    assert_eq!(logins.load(&early.id).await.unwrap(), None);
}
