//! Two portals over one PostgreSQL.

use std::time::Duration;

use client::portal::{Person, place};
use domain::RequestId;
use faults::{Portal, events, eventually};
use tokio::task::JoinSet;

use super::server::Server;

/// Approvers, who click at the same moment, half of them at each portal.
const APPROVERS: usize = 100;
/// A grant is made five seconds after its last approval.
const GRANTED_WITHIN: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn a_02_a_hundred_approvers_at_two_portals_count_once_each_and_make_one_grant() {
    // It ends with the test.
    let server = Server::start();
    let database = server.url("postgres");
    let second = free_port().to_string();
    let settings = [("PORTAL_DATABASE", database.as_str()), ("REPLICA_PORT", &second)];
    let one = Portal::start_set(&settings).await.unwrap();
    let provider = one.stand.provider.to_string();
    let settings =
        [("PORTAL_DATABASE", database.as_str()), ("PORT", &second), ("PORTAL_PROVIDER", &provider)];
    let other = Portal::start_set(&settings).await.unwrap();
    let portals = [&one.stand, &other.stand];

    let ana = Person::sign_in(&one.stand.portal, "ana").await.unwrap();
    let mut approvers = Vec::new();
    for number in 0..APPROVERS {
        let name = format!("lead-{number}");
        one.stand.introduce(&name, &["payments-leads"]).await.unwrap();
        approvers.push(Person::sign_in(&portals[number % 2].portal, &name).await.unwrap());
    }
    // Two of them must approve.
    let checkout = place("checkout").unwrap();
    let request = ana.ask(&checkout, "shell", "30m", "many are asked at once").await.unwrap();
    // Everybody has the page open before the first of them clicks.
    let digest = shown(&approvers[0], request).await;
    let mut clicks = JoinSet::new();
    for approver in approvers {
        let digest = digest.clone();
        clicks.spawn(async move {
            let path = format!("/requests/{request}/approve");
            let answer = approver.post(&path, &[("digest", &digest)]).await.unwrap();
            answer.status.is_redirection()
        });
    }
    let counted = clicks.join_all().await.into_iter().filter(|counted| *counted).count();
    assert_eq!(counted, 2, "two are enough, and nobody counts twice");

    let cleo = Person::sign_in(&other.stand.portal, "cleo").await.unwrap();
    let about = request.to_string();
    let log = async |kind: &str| {
        let log = events(&cleo, Some(&about)).await?;
        anyhow::Ok(log.iter().filter(|entry| entry.kind == kind).count())
    };
    let made = eventually("a grant", GRANTED_WITHIN, async || {
        Ok(Some(log("grant-began").await?).filter(|made| *made > 0))
    });
    assert_eq!(made.await.unwrap(), 1, "both portals want to make it");
    assert_eq!(log("request-approved").await.unwrap(), 2);
    other.stop().await.unwrap();
    one.stop().await.unwrap();
}

/// The digest of a request as it is shown.
async fn shown(approver: &Person, request: RequestId) -> String {
    let page = approver.page(&format!("/requests/{request}")).await.unwrap().text();
    let digest = page.split("name=\"digest\" value=\"").nth(1).unwrap();
    digest.split('"').next().unwrap().to_owned()
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
