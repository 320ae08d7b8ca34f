//! The crate against the demo's own provider, a certified one, over real HTTP.

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        io::{BufRead as _, BufReader},
        path::PathBuf,
        process::{Child, Command, Stdio},
    };

    use domain::GroupName;
    use identity::{
        Attempt, Callback, Provider, RecheckRefused, Settings, SignInRefused, SignedIn,
    };
    use jiff::Timestamp;
    use reqwest::{Client, Response, header, redirect::Policy};
    use serde_json::{Value, json};
    use tokio::net::TcpListener;
    use url::Url;

    const PORTAL: &str = "http://localhost:8080";
    const SECRET: &str = "secret-of-this-test";

    /// The provider, ended with the test.
    struct Demo {
        issuer: String,
        portal: Provider,
        browser: Client,
        _process: Process,
    }

    struct Process(Child);

    impl Drop for Process {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the real provider goes by the real time")]
    fn now() -> Timestamp {
        Timestamp::now()
    }

    impl Demo {
        async fn start() -> Self {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../end2end/idp");
            assert!(
                folder.join("node_modules").is_dir(),
                "the demo provider is not installed: run `npm ci` in end2end/idp"
            );
            // Bound and let go: the provider wants to know its port before it listens.
            let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
            let mut process = Command::new("node")
                .arg("provider.js")
                .current_dir(folder)
                .env("IDP_PORT", port.to_string())
                .env("PORTAL_URL", PORTAL)
                .env("SHOREPASS_CLIENT_SECRET", SECRET)
                .env("IDP_TEST_CONTROLS", "on")
                .stdout(Stdio::piped())
                .spawn()
                .expect("node is not installed");
            let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
            let process = Process(process);
            let listens =
                lines.any(|line| line.is_ok_and(|line| line.starts_with("demo provider at")));
            assert!(listens, "the demo provider ended before it listened");
            let issuer = format!("http://127.0.0.1:{port}");
            let redirect = Url::parse(&format!("{PORTAL}/sign-in/callback")).unwrap();
            let mut settings = Settings::new(&issuer, "shorepass", redirect);
            settings.client_secret = Some(SECRET.into());
            settings.signed_out_uri = Some(Url::parse(&format!("{PORTAL}/sign-in")).unwrap());
            let browser = Client::builder().redirect(Policy::none()).build().unwrap();
            Self { issuer, portal: Provider::new(settings).unwrap(), browser, _process: process }
        }

        /// Walks from the portal to the provider, chooses a person, and back to the portal.
        async fn walk(&self, person: &str) -> (Attempt, String) {
            let (url, attempt) = self.portal.begin(now()).await.unwrap();
            let mut cookies = BTreeMap::new();
            let choice = self.get(&url, &mut cookies).await;
            let choice = target(&url, &choice);
            let page = self.get(&choice, &mut cookies).await.text().await.unwrap();
            assert!(page.contains(&format!("Sign in as {person}")), "{page}");
            let form = self.browser.post(choice.clone()).form(&[("person", person)]);
            let mut answer = form.header(header::COOKIE, sent(&cookies)).send().await.unwrap();
            keep(&answer, &mut cookies);
            let mut url = choice;
            for _ in 0..5 {
                url = target(&url, &answer);
                if url.as_str().starts_with(PORTAL) {
                    return (attempt, url.query().unwrap().to_owned());
                }
                answer = self.get(&url, &mut cookies).await;
            }
            panic!("the provider does not lead back to the portal");
        }

        async fn sign_in(&self, person: &str) -> SignedIn {
            let (attempt, query) = self.walk(person).await;
            self.portal.finish(Some(attempt), parsed(&query), now()).await.unwrap()
        }

        async fn get(&self, url: &Url, cookies: &mut BTreeMap<String, String>) -> Response {
            let request = self.browser.get(url.clone()).header(header::COOKIE, sent(cookies));
            let answer = request.send().await.unwrap();
            keep(&answer, cookies);
            answer
        }

        /// Changes what the provider knows of a person.
        async fn change(&self, person: &str, changes: Value) {
            let url = format!("{}/test/people/{person}", self.issuer);
            let answer = self.browser.post(url).json(&changes).send().await.unwrap();
            assert_eq!(answer.status(), 200);
        }
    }

    fn parsed(query: &str) -> Callback {
        serde_urlencoded::from_str(query).unwrap()
    }

    fn target(from: &Url, answer: &Response) -> Url {
        assert!(answer.status().is_redirection(), "{} answers {}", from.path(), answer.status());
        from.join(answer.headers()[header::LOCATION].to_str().unwrap()).unwrap()
    }

    fn keep(answer: &Response, cookies: &mut BTreeMap<String, String>) {
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    fn sent(cookies: &BTreeMap<String, String>) -> String {
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    #[tokio::test]
    async fn everybody_of_the_demo_signs_in_with_their_groups() {
        let demo = Demo::start().await;
        for (name, groups) in [
            ("ana", ["oncall"].as_slice()),
            ("ben", &["payments-leads"]),
            ("cleo", &["security"]),
            ("dora", &["platform"]),
            ("eve", &[]),
        ] {
            let person = demo.sign_in(name).await.person;
            assert_eq!(person.username.as_str(), name);
            assert_eq!(person.key.subject, name);
            assert_eq!(person.key.issuer, demo.issuer);
            let theirs: Vec<_> = person.groups.iter().map(GroupName::as_str).collect();
            assert_eq!(theirs, groups);
            assert_eq!(person.groups_missing, None);
        }
    }

    #[tokio::test]
    async fn o_01_the_code_of_another_browser_is_refused() {
        let demo = Demo::start().await;
        let (mine, _) = demo.walk("ana").await;
        let (_, hers) = demo.walk("ben").await;
        let refused = demo.portal.finish(Some(mine), parsed(&hers), now()).await;
        assert!(matches!(refused, Err(SignInRefused::StateWrong)));
    }

    #[tokio::test]
    async fn o_01_a_code_is_good_once() {
        let demo = Demo::start().await;
        let (attempt, query) = demo.walk("ana").await;
        let kept = serde_json::to_string(&attempt).unwrap();
        demo.portal.finish(Some(attempt), parsed(&query), now()).await.unwrap();
        let again = serde_json::from_str(&kept).unwrap();
        let refused = demo.portal.finish(Some(again), parsed(&query), now()).await;
        assert!(matches!(refused, Err(SignInRefused::CodeRefused(_))), "{refused:?}");
    }

    #[tokio::test]
    async fn o_15_changed_groups_and_o_21_a_disabled_person_show_at_the_next_recheck() {
        let demo = Demo::start().await;
        let renewal = demo.sign_in("ana").await.renewal.expect("a refresh token");
        demo.change("ana", json!({ "groups": ["security", "oncall"] })).await;
        let rechecked = demo.portal.recheck(&renewal, now()).await.unwrap();
        assert_eq!(rechecked.person.groups.len(), 2);
        demo.change("ana", json!({ "disabled": true })).await;
        let refused = demo.portal.recheck(&rechecked.renewal, now()).await.unwrap_err();
        assert!(matches!(refused, RecheckRefused::Gone(_)), "{refused:?}");
    }

    #[tokio::test]
    async fn the_provider_takes_the_sign_out_address() {
        let demo = Demo::start().await;
        demo.sign_in("ana").await;
        let url = demo.portal.logout_url().unwrap();
        let answer = demo.browser.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
}
