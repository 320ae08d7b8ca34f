//! Whether the cluster answers.

use broker::port::{Cluster as _, ClusterState};

use super::server::{Exec, Health};
use super::stage::{Stage, on_stage};

fn why(state: &ClusterState) -> &str {
    match state {
        ClusterState::Reachable => "",
        ClusterState::Unreachable { why, .. } => why,
    }
}

#[tokio::test]
async fn a_cluster_that_stops_answering_is_said_to_and_is_seen_to_come_back() {
    on_stage(Exec::Opens, async |stage| {
        let script = &stage.server.script;
        *script.health.lock().unwrap() = Health::Ill(403);
        let words = "it does not let the portal read namespaces and pods";
        stage.until(|portal| why(&portal.state()) == words).await;
        // What was known stays, marked by the state.
        assert_eq!(stage.portal.namespaces().len(), 1);
        *script.health.lock().unwrap() = Health::Well;
        stage.until(|portal| portal.state() == ClusterState::Reachable).await;
    })
    .await;
}

#[tokio::test]
async fn the_watches_end_with_their_owner() {
    let Stage { server, portal, .. } = Stage::build(Exec::Opens).await;
    let mut changes = portal.changes();
    while portal.state() != ClusterState::Reachable {
        changes.changed().await.unwrap();
    }
    drop(portal);
    // The sender goes when the last of the tasks does.
    while changes.changed().await.is_ok() {}
    drop(server);
}
