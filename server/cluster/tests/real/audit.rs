//! What the API server's own audit log says of a session.

use broker::port::Cluster as _;
use broker::signed::Purpose;
use domain::wire::Size;
use serde_json::{Value, json};

use super::stage::{eventually, on_stage};

fn events(audit_id: &str) -> Vec<Value> {
    let file = std::env::var_os("SHOREPASS_TEST_AUDIT_LOG").expect(
        "SHOREPASS_TEST_AUDIT_LOG is not set: it names the API server's audit log, as a test \
         cluster of end2end/cluster keeps it",
    );
    let text = std::fs::read_to_string(file).expect("the audit log is readable");
    let lines = text.lines().filter(|line| line.contains(audit_id));
    lines.filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[tokio::test]
async fn the_api_server_heard_exactly_the_identity_that_was_checked() {
    on_stage(async |stage| {
        let target = stage.waiting_pod("box").await;
        let claims = stage.claims(&target, Purpose::Use);
        let order = stage.order(&claims);
        let size = Size { columns: 80, rows: 24 };
        let shell = stage.portal.open_shell(&order, size).await.unwrap();
        let audit_id = order.audit_id.to_string();
        let event = eventually("the event of the opened stream", async || {
            events(&audit_id).into_iter().find(|event| event["stage"] == "ResponseStarted")
        })
        .await;
        drop(shell);

        assert_eq!(event["responseStatus"]["code"], 101);
        assert_eq!(event["user"]["username"], "system:serviceaccount:shorepass:shorepass");
        let constraint = &event["authenticationMetadata"]["impersonationConstraint"];
        assert_eq!(constraint, "impersonate:user-info");
        let identity = claims.identity("shorepass:");
        let person = &event["impersonatedUser"];
        assert_eq!(person["username"], identity.user);
        assert_eq!(person["username"], "shorepass:zoë@example.com");
        assert_eq!(person["groups"], json!([identity.group, "system:authenticated"]));
        let extras = identity.extras.iter().map(|(key, value)| ((*key).to_owned(), json!([value])));
        assert_eq!(person["extra"], Value::Object(extras.collect()));
        let reason = event["annotations"]["authorization.k8s.io/reason"].as_str().unwrap();
        assert!(reason.contains("shorepass-shell"), "{reason}");

        let ended = eventually("the event of the ended stream", async || {
            events(&audit_id).into_iter().find(|event| event["stage"] == "ResponseComplete")
        })
        .await;
        assert_eq!(ended["impersonatedUser"], *person);
    })
    .await;
}
