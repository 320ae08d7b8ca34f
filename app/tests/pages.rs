//! Every page as it is sent: states, forms, and what strangers wrote in it.

mod scripted;

use std::collections::BTreeSet;

use domain::Username;
use domain::broker::{Part, PolicyView, Refusal};
use scripted::*;

const HOSTILE: &str =
    "\"'><script>alert(1)</script></textarea></title><img src=x onerror=alert(1)>";

async fn html(scene: Scene) -> String {
    scene.render().await.html
}

fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// The markup without the values of attributes, in which `<` is only a character.
fn without_values(html: &str) -> String {
    let (mut tag, mut value) = (false, false);
    html.chars()
        .filter(|character| {
            match character {
                '"' if tag => value = !value,
                '<' if !value => tag = true,
                '>' if !value => tag = false,
                _ => {}
            }
            !value
        })
        .collect()
}

#[tokio::test]
async fn w_11_no_page_has_inline_scripts_styles_or_handlers() {
    for (name, scene) in scenes() {
        let html = html(scene).await;
        for script in html.split("<script").skip(1) {
            let tag = script.split("</script>").next().unwrap();
            assert!(tag.contains(" src=\"/assets/"), "{name}: {tag}");
            assert!(tag.ends_with('>'), "{name}: a script has a body: {tag}");
        }
        assert!(!html.contains(" style=") && !html.contains("<style"), "{name}");
        for handler in [" onclick=", " onload=", " onerror=", " onsubmit=", "javascript:"] {
            assert!(!html.contains(handler), "{name}: {handler}");
        }
    }
}

#[tokio::test]
async fn every_page_is_a_whole_document_with_one_heading_and_unique_ids() {
    for (name, scene) in scenes() {
        let html = html(scene).await;
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\""), "{name}: {html:.40}");
        assert!(html.ends_with("</body></html>"), "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert_eq!(html.matches("<main").count(), 1, "{name}");
        let ids = attributes(&html, "id");
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: {ids:?}");
        for described in attributes(&html, "aria-describedby") {
            for id in described.split(' ') {
                assert!(unique.contains(&id), "{name}: nothing has the id {id}");
            }
        }
    }
}

#[tokio::test]
async fn every_form_works_without_script() {
    for (name, scene) in scenes() {
        let html = html(scene).await;
        for form in html.split("<form").skip(1) {
            let tag = form.split('>').next().unwrap();
            assert!(tag.contains("action=\"/"), "{name}: {tag}");
            assert!(tag.contains("method=\"post\"") || tag.contains("method=\"get\""), "{name}");
            let body = form.split("</form>").next().unwrap();
            assert!(body.contains("<button"), "{name}: a form has no button: {tag}");
        }
        assert!(!html.contains("name=\"id\""), "{name}: would shadow the form's own id");
    }
}

#[tokio::test]
async fn t_03_a_page_that_plays_a_recording_follows_nothing() {
    for (name, scene) in scenes() {
        let html = html(scene).await;
        let (plays, follows) = (html.contains("id=\"player\""), html.contains(" data-events="));
        assert!(!(plays && follows), "{name}");
    }
}

#[tokio::test]
async fn a_list_of_recordings_fetches_their_player_meanwhile() {
    for (name, scene) in recording_lists() {
        let html = html(scene).await;
        let fetched = ["player.js", "player.css"]
            .map(|file| html.contains(&format!("<link rel=\"prefetch\" href=\"/assets/{file}\"")));
        let listed = matches!(name, "recordings" | "recordings-found");
        assert_eq!(fetched, [listed; 2], "{name}");
    }
}

#[tokio::test]
async fn a_page_and_a_search_say_what_a_transcript_lacks() {
    for (name, scene) in replays() {
        let html = html(scene).await;
        let words = "About 512000 lines that were shown are not in this transcript";
        assert_eq!(html.contains(words), name == "recording-shortened", "{name}");
    }
    let (_, found) = recording_lists().remove(2);
    assert!(html(found).await.contains("2 could not be read; 1 could not be searched whole"));
}

#[tokio::test]
async fn a_08_what_people_wrote_never_becomes_markup() {
    let mut request = pending();
    request.reason = HOSTILE.to_owned();
    request.person.username = Username::parse(HOSTILE).unwrap();
    let view = || to_decide(request.clone());
    let mut inbox = inbox(1);
    inbox.needs_me[0].request = request.clone();
    inbox.shown = Some(view());
    let mut form = ask_form();
    form.owner = Some(HOSTILE.to_owned());
    form.offers[0].role.title = HOSTILE.to_owned();
    form.offers[0].role.summary = HOSTILE.to_owned();
    let mut home = home();
    home.rows[0].owner = Some(HOSTILE.to_owned());
    home.unreachable = vec![unreachable()];
    home.unreachable[0].why = HOSTILE.to_owned();
    let framed = || {
        as_ben().framed(|frame| {
            frame.person.username = Username::parse(HOSTILE).unwrap();
            frame.warnings = vec![HOSTILE.to_owned()];
        })
    };
    let forbidden = Refusal::Forbidden { why: HOSTILE.to_owned() };
    let typed =
        [("reason", HOSTILE), ("length", "other"), ("length_other", HOSTILE), ("why", HOSTILE)];
    let problems = [("reason", HOSTILE), ("length", HOSTILE), ("why", HOSTILE)];
    let query = "%22%27%3E%3Cscript%3Ealert(1)%3C/script%3E";
    let scenes = vec![
        Scene::of(REQUEST, framed().with(|broker| broker.request = Ok(view()))),
        Scene::of("/inbox", framed().with(|broker| broker.inbox = Ok(inbox))).rejected(
            &problems,
            &typed,
            Some(HOSTILE),
        ),
        Scene::of("/ns/main/payments", framed().with(|broker| broker.ask_form = Ok(form)))
            .rejected(&problems, &typed, Some(HOSTILE)),
        Scene::of(&format!("/?q={query}"), framed().with(|broker| broker.home = Ok(home))),
        Scene::of(
            &format!("/audit?actor={query}&about={query}&namespace={query}&kind={query}"),
            framed().with(|broker| broker.audit = Err(forbidden)),
        ),
        Scene::of("/", framed()).with(|page| page.notice = Some(HOSTILE.to_owned())),
        Scene::stranger(&format!("/sign-in?to={query}")).with(|page| {
            page.sign_in_problem = Some(HOSTILE.to_owned());
            page.provider = HOSTILE.to_owned();
            page.request_id = HOSTILE.to_owned();
        }),
    ];
    for scene in scenes {
        let path = scene.path.clone();
        let html = html(scene).await;
        assert!(html.contains("alert(1)"), "{path}: the text is not there at all");
        let markup = without_values(&html);
        assert!(!markup.contains("<script>") && !markup.contains("<img"), "{path}: {markup}");
        assert_eq!(markup.matches("<textarea").count(), markup.matches("</textarea>").count());
        assert_eq!(markup.matches("</title>").count(), 1, "{path}");
    }
}

#[tokio::test]
async fn a_page_never_shows_another_persons_name() {
    let pages = (0..64).map(|number| {
        let name = format!("person-{number}-");
        tokio::spawn(async move {
            let broker = Scripted::bound_to(&name, &[]).with(|broker| broker.home = Ok(home()));
            (name, html(Scene::of("/", broker)).await)
        })
    });
    for page in pages.collect::<Vec<_>>() {
        let (name, html) = page.await.unwrap();
        assert!(html.contains(&format!("<b>{name}</b>")));
        assert_eq!(html.matches("person-").count(), html.matches(&name).count());
    }
}

#[tokio::test]
async fn a_refused_form_comes_back_with_all_that_was_typed_and_the_focus_on_the_first_problem() {
    let scene =
        Scene::of("/ns/main/payments", as_ana().with(|broker| broker.ask_form = Ok(ask_form())));
    let html = html(scene.rejected(
        &[("reason", "at least 10 characters"), ("length", "at most 2 h")],
        &[
            ("role", "shell"),
            ("length", "other"),
            ("length_other", "9h"),
            ("reason", "why & wherefore"),
        ],
        None,
    ))
    .await;
    assert!(html.contains("value=\"shell\" data-index=\"1\" checked"));
    assert!(html.contains("value=\"other\" checked"));
    assert!(html.contains("value=\"9h\""));
    assert!(html.contains(">why &amp; wherefore</textarea>"));
    assert!(html.contains("At most 2 h.") && html.contains("At least 10 characters."));
    assert_eq!(html.matches(" autofocus").count(), 1);
    let focused = html.split(" autofocus").next().unwrap().rsplit('<').next().unwrap();
    assert!(focused.contains("name=\"length_other\""), "{focused}");
    assert!(focused.contains("aria-describedby=\"length-problem\""), "{focused}");
}

#[tokio::test]
async fn a_ticket_can_be_typed_where_it_may_count() {
    for ticket_may_count in [false, true] {
        let mut form = ask_form();
        form.ticket_may_count = ticket_may_count;
        let broker = as_ana().with(|broker| broker.ask_form = Ok(form));
        let html = html(Scene::of("/ns/main/payments", broker)).await;
        assert_eq!(html.contains("id=\"ticket\""), ticket_may_count);
    }
}

#[tokio::test]
async fn the_request_form_offers_what_policy_allows_and_no_more() {
    let broker = as_ana().with(|broker| broker.ask_form = Ok(ask_form()));
    let html = html(Scene::of("/ns/main/payments?role=shell", broker)).await;
    assert_eq!(html.matches("name=\"role\"").count(), 2);
    assert!(html.contains("value=\"shell\" data-index=\"1\" checked"));
    assert!(html.contains("value=\"8h\"") && !html.contains("value=\"1d\""));
    for said in [
        "1 of payments-leads",
        "granted at once",
        "enforced",
        "recorded only",
        "payments-shell",
        "4f2a91c",
    ] {
        assert!(html.contains(said), "{said}");
    }
}

#[tokio::test]
async fn each_role_says_what_it_wants_to_be_told() {
    let form = html(named("ask-terms")).await;
    let hints_of = |form: &str, field: &str| {
        let hint = form.split(&format!("id=\"{field}-hint\"")).nth(1).unwrap();
        let hint = hint.split("</small>").next().unwrap();
        let hints = hint.split("<span").filter(|hint| hint.contains("class=\"of-role\""));
        hints.map(str::to_owned).collect::<Vec<_>>()
    };
    let hints = |field: &str| hints_of(&form, field);
    let reason = hints("reason");
    assert!(reason[0].contains("data-index=\"0\"") && !reason[0].contains("At least 20"));
    assert!(reason[1].contains("data-index=\"1\"") && reason[1].contains("At least 20"));
    assert!(reason[1].contains("What broke?") && !reason[0].contains("What broke?"));
    let ticket = hints("ticket");
    assert!(ticket[0].contains("Not needed.") && ticket[1].contains("Such as OPS-12."));
    let same = html(named("ask")).await;
    let same = hints_of(&same, "reason");
    assert!(same.len() == 1 && !same[0].contains("data-index"), "one for all roles: {same:?}");
}

#[tokio::test]
async fn an_approval_carries_the_digest_of_what_was_shown() {
    let view = to_decide(pending());
    let digest = view.digest.0.clone();
    let html = html(Scene::of(REQUEST, as_ben().with(|broker| broker.request = Ok(view)))).await;
    assert!(html.contains(&format!("name=\"digest\" value=\"{digest}\"")));
    assert!(html.contains(&format!("action=\"{REQUEST}/approve\"")));
    assert!(html.contains(&format!("action=\"{REQUEST}/deny\"")));
    assert!(!html.contains("name=\"back\" value=\"inbox\""));
}

#[tokio::test]
async fn a_01_nobody_is_offered_a_decision_that_is_not_theirs() {
    let mine = own(pending());
    let approved = not_to_decide(half_approved(), "You approved this request already.");
    for (someone, view, said) in [
        (as_ana as fn() -> Scripted, mine, "Withdraw"),
        (as_ben, approved, "You approved this request already."),
    ] {
        let broker = someone().with(|broker| broker.request = Ok(view));
        let html = html(Scene::of(REQUEST, broker)).await;
        assert!(html.contains(said), "{said}");
        assert!(!html.contains("/approve") && !html.contains("/deny"));
    }
}

#[tokio::test]
async fn each_state_of_a_request_says_what_comes_next() {
    let expected = [
        ("request-pending", &["Waiting for", "Withdraw", "Approved 0/1"][..]),
        ("request-reminded", &["They were reminded", "3 min ago", "Remind"]),
        ("request-half", &["approved by dora", "Approved 1/2"]),
        ("request-decide", &["Approve", "Deny", "web answers 500"]),
        ("request-decide-unknown", &["unknown: the cluster says nothing of its pods now"]),
        ("request-conflict", &["The request was denied by dora already: “logs are enough here"]),
        ("request-enough", &["Approved by", "in a few seconds", "Withdraw"]),
        ("request-take-back", &["You approved this request.", "Undo approval"]),
        ("request-unclaimed", &["used for the first time within", "begin with the first terminal"]),
        ("request-begins-later", &["begins later", "It begins ", "in 1 h", "End now"]),
        ("request-granted", &["12 min left", "Open shell", "End now"]),
        ("request-granted-other", &["12 min left", "End now"]),
        ("request-in-use", &["In use", "End session"]),
        ("request-ended", &["ben ended it", "Request again", "2 processes are left"]),
        ("request-denied", &["logs are enough here", "Request again"]),
        ("request-glass", &["The glass was broken", "review owed", "Close with this review"]),
        ("request-glass-ended", &["The grant ended", "review owed", "Close with this review"]),
        ("request-glass", &["reviewed by security; payments-leads would have been asked"]),
        ("request-glass-reviewed", &["The glass was broken", "reviewed it"]),
        ("request-withdrawn", &["It was withdrawn", "Request again"]),
        ("request-lapsed", &["nobody decided in time", "Request again"]),
    ];
    for (name, said) in expected {
        let html = html(named(name)).await;
        for words in said {
            assert!(html.contains(words), "{name}: {words}");
        }
    }
    let other = named("request-granted-other");
    assert!(!html(other).await.contains("Open shell"), "only its person opens a shell");
}

#[tokio::test]
async fn what_cannot_be_shown_has_its_status_and_its_next_step() {
    let away = |part| Refusal::Unavailable { part };
    let conflict = Refusal::Conflict { what: "ben decided first".to_owned() };
    for (refusal, status, said) in [
        (Refusal::NotFound, 404, "Not found"),
        (Refusal::Forbidden { why: "auditors only".to_owned() }, 403, "Auditors only."),
        (conflict, 409, "Ben decided first."),
        (away(Part::Store), 503, "The database is away"),
        (away(Part::Cluster), 503, "The cluster does not answer"),
        (away(Part::Recorder), 503, "The recorder is away"),
    ] {
        let sent =
            Scene::of("/", as_ana().with(|broker| broker.home = Err(refusal))).render().await;
        assert_eq!(sent.status, status);
        assert!(sent.html.contains(said), "{said}");
        assert!(sent.html.contains("01976f2e-7a10"), "the request's id is missing");
    }
    let frameless = as_ana().with(|broker| broker.frame = Err(away(Part::Store)));
    assert_eq!(Scene::of("/", frameless).render().await.status, 503);
    assert_eq!(Scene::of("/nowhere", as_ana()).render().await.status, 404);
    assert_eq!(Scene::of("/requests/not-an-id", as_ana()).render().await.status, 404);
    assert_eq!(Scene::of("/ns/main/Not_A_Name", as_ana()).render().await.status, 404);
    assert_eq!(Scene::stranger("/inbox").render().await.status, 403);
}

#[tokio::test]
async fn eve_is_told_why_there_is_nothing_for_her() {
    let html = html(named("home-nothing")).await;
    for said in ["names no groups for you", "payments-shell", "oncall", "platform"] {
        assert!(html.contains(said), "{said}");
    }
    assert!(!html.contains("Request access"));
}

#[tokio::test]
async fn the_list_of_namespaces_is_searched_on_the_server() {
    let search = |query: &str| {
        let broker = as_ana().with(|broker| broker.home = Ok(home()));
        html(Scene::of(&format!("/?q={query}"), broker))
    };
    let by_name = search("PAY").await;
    assert!(
        by_name.contains("id=\"ns-main-payments\"") && !by_name.contains("id=\"ns-main-staging\"")
    );
    let by_pod = search("staging/web-7d9f8c6b54-x2kqp").await;
    assert!(
        by_pod.contains("id=\"ns-main-staging\"") && !by_pod.contains("id=\"ns-main-payments\"")
    );
    let by_alert = search("https://alerts.example/%3Fnamespace%3Dcheckout%26severity%3Dpage").await;
    assert!(by_alert.contains("id=\"ns-main-checkout\""));
    assert!(search("warehouse").await.contains("No namespace matches “warehouse”"));
}

#[tokio::test]
async fn the_inbox_shows_the_selected_request_and_comes_back_to_itself() {
    let second = "01976f2e-7a10-7000-8000-000000000002";
    let broker = as_ben().with(|broker| broker.inbox = Ok(inbox(2)));
    let html = html(Scene::of(&format!("/inbox?selected={second}"), broker)).await;
    assert!(html.contains("<title>(2) Inbox · Shorepass</title>"));
    assert!(html.contains(&format!("action=\"/requests/{second}/approve\"")));
    assert_eq!(html.matches("name=\"back\" value=\"inbox\"").count(), 2);
    assert!(html.contains("dora asks for Shell in checkout"));
}

#[tokio::test]
async fn the_inbox_is_searched_on_the_server_and_stays_so() {
    let search = |query: &str| {
        let broker = as_ben().with(|broker| broker.inbox = Ok(inbox(2)));
        html(Scene::of(&format!("/inbox?q={query}"), broker))
    };
    let all = html(named("inbox")).await;
    assert!(all.contains("aria-label=\"Find a request\"") && all.contains("data-key=\"/\""));
    assert_eq!(all.matches("<li id=\"row-").count(), 5);
    let found = search("LEDGER%20pod").await;
    assert_eq!(found.matches("<li id=\"row-").count(), 2);
    assert!(found.contains("/inbox?q=LEDGER%20pod&amp;selected="));
    assert!(found.contains("2 requests wait for you."), "those that are not listed wait, too");
    assert!(search("warehouse").await.contains("No request matches “warehouse”"));
}

#[tokio::test]
async fn pages_say_what_makes_them_fresh_and_where_to_listen() {
    for (name, topics) in [
        ("home", "requests sessions namespaces policy"),
        ("request-pending", "requests sessions"),
        ("inbox", "requests sessions"),
        ("sessions", "sessions"),
        ("audit", "audit"),
    ] {
        let html = html(named(name)).await;
        assert!(html.contains(&format!("data-live=\"{topics}\"")), "{name}");
        assert!(html.contains("<body data-events=\"/events\" data-newest=\"412\""), "{name}");
    }
}

#[tokio::test]
async fn signing_in_asks_for_no_password_and_keeps_the_way() {
    let html = html(Scene::stranger("/sign-in?to=/requests/7")).await;
    assert!(html.contains(">Continue with Example ID</button>"));
    assert!(html.contains("name=\"to\" value=\"/requests/7\""));
    assert!(!html.contains("type=\"password\"") && !html.contains("data-events"));
}

#[tokio::test]
async fn a_container_without_a_shell_says_why_and_has_no_button() {
    let html = html(named("shell")).await;
    assert!(html.contains("The image has no shell."));
    assert_eq!(html.matches("Open shell<span").count(), 4);
    assert!(html.contains("name=\"pod\" value=\"web-7d9f8c6b54-x2kqp\""));
    assert!(!html.contains("name=\"pod\" value=\"ledger-66c5d4b7f9-a1zvw\""));
}

#[tokio::test]
async fn an_ended_session_offers_another_shell_in_the_same_place_to_its_person() {
    let own = html(named("session-ended-own")).await;
    assert!(own.contains(&format!("action=\"{REQUEST}/shell\"")));
    assert!(own.contains("name=\"pod\" value=\"api-5c77d8f9c4-m4tzx\""));
    assert!(own.contains("name=\"container\" value=\"api\""));
    assert!(own.contains("data-terminal-again"));
    let other = html(named("session-ended")).await;
    assert!(!other.contains("Open another shell") && other.contains("Ended: "));
}

#[tokio::test]
async fn a_person_s_terminals_are_tabs_that_keys_lead_through() {
    let live = html(named("session-live")).await;
    let tabs = live.split("aria-label=\"Terminals\"").nth(1).unwrap();
    let tabs = tabs.split("</nav>").next().unwrap();
    assert_eq!(tabs.matches("<li>").count(), 2);
    assert_eq!(tabs.matches("aria-current=\"page\"").count(), 1);
    assert_eq!(tabs.matches(" data-terminal-next").count(), 1);
    assert!(tabs.contains("Another shell"));
    assert!(!html(named("session-other")).await.contains("aria-label=\"Terminals\""));
}

#[tokio::test]
async fn broken_glass_is_marked_wherever_it_is_shown() {
    for (name, marks) in [
        ("home-held-glass", 2),
        ("home-held", 0),
        ("inbox-watch", 2),
        ("inbox", 0),
        ("shell-glass", 1),
        ("request-glass-more", 1),
        ("request-granted", 0),
        ("sessions", 1),
        ("recordings", 1),
        ("recording-reviewed", 1),
        ("recording", 0),
    ] {
        let html = html(named(name)).await;
        assert_eq!(html.matches("glass broken</span>").count(), marks, "{name}");
    }
    let said = "PRODUCTION · payments · the glass was broken · everything shown is recorded";
    assert!(html(named("session-glass")).await.contains(said));
    assert!(!html(named("session-live")).await.contains("the glass was broken"));
}

#[tokio::test]
async fn what_begins_later_says_when_and_cannot_be_opened() {
    let later = html(named("home-held-later")).await;
    assert!(later.contains("begins ") && later.contains("in 1 h"));
    assert!(later.contains("aria-label=\"What you hold now\""));
    let open = format!("href=\"{REQUEST}/shell\"");
    assert!(!later.contains(&open));
    assert!(html(named("home-held")).await.contains(&open));
    let request = html(named("request-begins-later")).await;
    assert!(!request.contains("Open shell") && !request.contains("The grant of shell began"));
    assert!(request.contains("The grant of shell was made; it begins "));
    assert!(html(named("request-granted")).await.contains("The grant of shell began"));
}

#[tokio::test]
async fn a_role_that_takes_broken_glass_says_so_and_offers_its_lengths() {
    let home = html(named("home-only-glass")).await;
    assert!(home.contains("only by breaking the glass, up to 1 h"));
    let ask = html(named("ask-only-glass")).await;
    assert!(ask.contains("Only by breaking the glass."));
    assert!(ask.contains("Break the glass"));
    assert!(ask.contains("value=\"30m\" checked"));
}

#[tokio::test]
async fn more_time_is_asked_for_beside_the_terminal() {
    let live = html(named("session-live")).await;
    let link = live.split('<').find(|tag| tag.contains(&format!("{REQUEST}/extend"))).unwrap();
    assert!(link.contains("target=\"_blank\"") && link.contains("rel=\"noopener\""), "{link}");
    for name in ["session-other", "session-ended", "session-ended-own"] {
        assert!(!html(named(name)).await.contains("/extend"), "{name}");
    }
}

#[tokio::test]
async fn what_is_held_is_shown_when_the_policy_has_its_role_no_more() {
    let held = html(named("home-held-removed")).await;
    let card = held.split("class=\"panel grant-card\"").nth(1).unwrap();
    let card = card.split("</article>").next().unwrap();
    assert!(card.contains("the policy has this role no more") && card.contains("Details"));
    assert!(!card.contains(">Open<"));
}

#[tokio::test]
async fn a_cluster_that_is_away_says_what_can_be_done_meanwhile() {
    let known = html(named("home-unreachable")).await;
    assert!(known.contains("You can ask and approve"));
    assert!(known.contains("<span class=\"muted\">unknown</span>"));
    let unknown = html(named("home-unknown")).await;
    assert!(unknown.contains("asking, approving and shells have to wait"));
    assert!(!unknown.contains("You can ask and approve"));
}

#[tokio::test]
async fn whoever_decides_may_watch_what_runs() {
    let inbox = html(named("inbox-watch")).await;
    assert_eq!(inbox.matches("?watch=1\"").count(), 2);
    assert_eq!(inbox.matches(" data-key=\"w\"").count(), 1);
    assert!(!html(named("inbox")).await.contains("watch=1"));
}

#[tokio::test]
async fn of_more_time_only_a_shorter_one_can_be_left() {
    let more = html(named("request-decide-more")).await;
    assert!(more.contains("id=\"less-length\""));
    assert!(!more.contains("id=\"less-role\"") && !more.contains("id=\"less-scope\""));
}

#[tokio::test]
async fn each_refused_field_is_joined_to_its_problem_and_the_first_has_the_focus() {
    for (name, first, wrong) in [
        ("ask-scope-rejected", "scope", &["scope"][..]),
        ("request-less-rejected", "role", &["role", "scope", "length"]),
        ("policy-lacking", "role", &["role"]),
        ("policy-rejected", "at", &["at"]),
    ] {
        let html = html(named(name)).await;
        assert_eq!(html.matches(" autofocus").count(), 1, "{name}");
        let focused = html.split(" autofocus").next().unwrap().rsplit('<').next().unwrap();
        assert!(focused.contains(&format!("name=\"{first}\"")), "{name}: {focused}");
        for field in wrong {
            let named = format!("name=\"{field}\"");
            let tag = html.split('<').find(|tag| tag.contains(&named)).unwrap();
            assert!(tag.contains("aria-invalid=\"true\""), "{name}: {tag}");
            assert!(tag.contains(&format!("{field}-problem")), "{name}: {tag}");
        }
    }
}

#[tokio::test]
async fn the_simulator_says_what_a_question_lacks() {
    assert!(html(named("policy-lacking")).await.contains("Choose a role."));
    let role =
        as_ana().with(|broker| broker.policy_view = Ok(PolicyView { rules: None, ..rules() }));
    assert!(html(Scene::of("/policy?role=shell", role)).await.contains("Name a namespace."));
    assert!(!html(named("policy")).await.contains("class=\"problem\""));
}

#[tokio::test]
async fn everybody_chooses_a_role_of_the_policy() {
    let policy = html(named("policy-rejected")).await;
    let select = policy.split("<select id=\"ask-role\"").nth(1).unwrap();
    let select = select.split("</select>").next().unwrap();
    assert!(select.contains("value=\"shell\" selected"), "{select}");
    let own = html(named("policy-why")).await;
    assert!(own.contains("<select id=\"ask-role\"") && !own.contains("id=\"ask-person\""));
    // A link that leaves the role to be chosen asks nothing yet.
    let linked = html(named("policy-linked")).await;
    assert!(!linked.contains("class=\"problem\"") && linked.contains("value=\"payments\""));
    assert!(html(named("policy-unknown")).await.contains("unknown namespace"));
    let why = html(named("ask-nothing")).await;
    assert!(why.contains("/policy?cluster=main&amp;namespace=payments&amp;role=shell"));
}

#[tokio::test]
async fn favourites_come_before_what_is_more_dangerous() {
    let place = |html: &str, name: &str| html.find(&format!("id=\"ns-main-{name}\"")).unwrap();
    let usual = html(named("home")).await;
    assert!(place(&usual, "payments") < place(&usual, "staging"));
    let marked = html(named("home-favourite")).await;
    assert!(place(&marked, "staging") < place(&marked, "payments"));
}
