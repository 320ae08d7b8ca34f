//! `shorepass check-config`

use super::{CONFIG, failed, home, printed};

fn refused(from: &str, to: &str) -> String {
    assert!(CONFIG.contains(from), "{from:?}");
    let (_home, path) = home(&CONFIG.replace(from, to));
    failed(&["check-config", "--config", &path])
}

#[test]
fn what_would_start_is_sound() {
    let (_home, path) = home(CONFIG);
    let said = printed(&["check-config", "--config", &path]);
    assert!(said.starts_with("The configuration is sound. Policy "), "{said}");
}

#[test]
fn what_would_not_start_is_said_with_its_place() {
    for (from, to, said) in [
        ("policy.yaml", "nowhere.yaml", "nowhere.yaml"),
        ("https://id.example", "http://id.example", "neither https nor http on this machine"),
        ("client_id: shorepass", "client_id: ''", "the client identifier is empty"),
        ("kubeconfig: kubeconfig", "kubeconfig: nowhere", "cluster main"),
        ("kubeconfig: kubeconfig", "{kubeconfig: kubeconfig, context: other}", "line 11"),
        ("clusters:", "database_url_file: shorepass.yaml\nclusters:", "database_url_file"),
        ("clusters:", "accept: [everything]\nclusters:", "line 9: accept: \"everything\""),
        ("clusters:", "recordings: {recipients: [age1x]}\nclusters:", "recordings.recipients"),
    ] {
        let why = refused(from, to);
        assert!(why.contains(said), "{to:?}: {why}");
    }
}
