use super::*;

const GOOD: &str = include_str!("../../tests/command/shorepass.yaml");

fn read(text: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shorepass.yaml");
    fs::write(&path, text).unwrap();
    Config::read(&path).map_err(|error| match error {
        ConfigError::Wrong { mistake, .. } => mistake.to_string(),
        other @ ConfigError::Unreadable { .. } => other.to_string(),
    })
}

#[test]
fn a_small_file_is_enough() {
    let config = read(GOOD).unwrap();
    assert_eq!(config.drain, Duration::from_secs(30));
    assert_eq!(config.user_prefix.as_str(), "shorepass:");
    assert!(config.data.is_absolute());
}

#[test]
fn mistakes_are_named_with_line_and_field() {
    let told = [
        ("listen: 127.0.0.1:8080", "listen: everywhere"),
        ("https://shorepass.example", "http://shorepass.example"),
        ("https://shorepass.example", "https://shorepass.example/portal"),
        ("data: data", "date: data"),
        ("  - name: main", "  - name: main\n  - name: main"),
        ("  - name: main", "  - name: Main"),
        ("clusters:", "user_prefix: 'system:'\nclusters:"),
        ("clusters:", "drain: soon\nclusters:"),
        ("  client_id", "  leads_over: [login.example]\n  client_id"),
        ("  client_id", "  client_secret_file: /nowhere/secret\n  client_id"),
        ("clusters:", "database_url_file: /nowhere/url\nclusters:"),
        ("clusters:", "accept: [reads-everything]\nclusters:"),
        ("clusters:", "recordings:\n  recipients: [age1nobody]\nclusters:"),
        ("clusters:", "recordings:\n  identity_file: key\nclusters:"),
        ("clusters:", "recordings: { keep: long }\nclusters:"),
        ("clusters:", "recordings: { quota: 50GB }\nclusters:"),
        ("clusters:", "recordings: { reserve: some }\nclusters:"),
    ]
    .map(|(from, to)| read(&GOOD.replace(from, to)).unwrap_err())
    .join("\n");
    insta::assert_snapshot!(told, @r#"
line 1: listen: must be ADDRESS:PORT, e.g. 127.0.0.1:8080
line 2: public_url: must be https: cookies are sent to nothing else, localhost apart
line 2: public_url: must be an origin, without a path
line 3: date: unknown field `date`, expected one of listen, public_url, data, database_url_file, policy, sign_in, clusters, drain, sessions_per_person, user_prefix, accept, recordings
line 11: clusters.name: two clusters have this name
line 10: clusters[0].name: "Main" is not a cluster name: 1 to 63 characters of a-z, 0-9 and -, beginning and ending with a letter or digit
line 9: user_prefix: the user prefix "system:" is not 1 to 39 of a-z, 0-9, - and . with a colon after them, or reads as system:
line 9: drain: "soon" is not a length of time such as 30m or 1h 30m
line 8: sign_in.leads_over: must be an address that begins with https
line 8: sign_in.client_secret_file: /nowhere/secret cannot be read: No such file or directory (os error 2)
line 9: database_url_file: /nowhere/url cannot be read: No such file or directory (os error 2)
line 9: accept: "reads-everything" is no finding of the self-test, which are impersonates-accounts, impersonates-any-group, impersonates-any-user, impersonates-masters, reaches-nodes, reaches-pods, reads-secrets, runs-pods, writes-rbac
line 10: recordings.recipients: "age1nobody" is not an age recipient (age1…)
line 10: recordings.identity_file: needs recipients: what it reads must be encrypted for it
line 9: recordings.keep: "long" is not a length of time such as 30m or 1h 30m
line 9: recordings.quota: "50GB" is not a size such as 500 MiB or 50GiB
line 9: recordings.reserve: "some" is not a size such as 500 MiB or 50GiB
"#);
}
