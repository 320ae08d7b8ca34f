use domain::broker::{
    AuditPage, ClusterHealth, FieldProblem, Held, Home, Inbox, NothingRequestable, Part,
    PolicyView, Refusal, RuleSeen, SessionRow, SessionView, ShellChoice, Simulated, WorkloadRows,
};
use domain::policy::{TextPattern, TicketRule};
use domain::{GroupName, LeftBehind, RequestState, RuleName, SessionEnd};

use super::*;

const SESSION: &str = "/sessions/01976f2e-7a10-7000-8000-000000000065";
pub(crate) const REQUEST: &str = "/requests/01976f2e-7a10-7000-8000-000000000001";

pub(crate) fn as_ana() -> Scripted {
    Scripted::bound_to("ana", &["oncall"])
}

pub(crate) fn as_ben() -> Scripted {
    Scripted::bound_to("ben", &["payments-leads"]).framed(|frame| frame.pending = 2)
}

pub(crate) fn as_cleo() -> Scripted {
    Scripted::bound_to("cleo", &["security"]).framed(|frame| frame.auditor = true)
}

fn nothing() -> NothingRequestable {
    let rule = |name: &str, group: &str| RuleSeen {
        name: RuleName::parse(name).unwrap(),
        groups: vec![GroupName::parse(group).unwrap()],
    };
    NothingRequestable {
        groups: Vec::new(),
        groups_missing: None,
        rules: vec![
            rule("look", "oncall"),
            rule("payments-shell", "oncall"),
            rule("staging-shell", "developers"),
        ],
        operators: vec![GroupName::parse("platform").unwrap()],
    }
}

/// The page in the state of this name.
pub(crate) fn named(wanted: &str) -> Scene {
    scenes().into_iter().find(|(name, _)| *name == wanted).unwrap().1
}

/// Every page in every state, by a name for its picture.
pub(crate) fn scenes() -> Vec<(&'static str, Scene)> {
    [
        homes(),
        asking(),
        requests(),
        inboxes(),
        running(),
        recording_lists(),
        replays(),
        audits(),
        policies(),
        outside(),
    ]
    .concat()
}

fn homes() -> Vec<(&'static str, Scene)> {
    let empty = |nothing| Home { rows: Vec::new(), total: 14, unreachable: Vec::new(), nothing };
    let holding = |held: Held| {
        move |broker: &mut Scripted| {
            let mut home = home();
            home.rows[1].held = vec![held];
            broker.home = Ok(home);
        }
    };
    let broken = SessionRow { broke_glass: true, ..live_session(1, ana(), true) };
    vec![
        ("home", Scene::of("/", as_ana().with(|broker| broker.home = Ok(home())))),
        (
            "home-favourite",
            Scene::of("/", as_ana().with(|broker| broker.home = Ok(home())))
                .with(|page| page.favourites = Favourites::from_cookie("main/staging")),
        ),
        (
            "home-held",
            Scene::of("/", as_ana().with(holding(held())).framed(|frame| {
                frame.live = vec![live_session(1, ana(), true)];
            })),
        ),
        ("home-held-later", Scene::of("/", as_ana().with(holding(held_later())))),
        (
            "home-held-glass",
            Scene::of(
                "/",
                as_ana()
                    .with(holding(Held { broke_glass: true, ..held() }))
                    .framed(|frame| frame.live = vec![broken]),
            ),
        ),
        (
            "home-held-removed",
            Scene::of("/", as_ana().with(holding(Held { role: None, ..held() }))),
        ),
        (
            "home-only-glass",
            Scene::of("/", as_ana().with(|broker| {
                let mut home = home();
                home.rows[1].offers[1] = only_by_glass();
                broker.home = Ok(home);
            })),
        ),
        (
            "home-no-match",
            Scene::of("/?q=warehouse", as_ana().with(|broker| broker.home = Ok(home()))),
        ),
        (
            "home-nothing",
            Scene::of("/", Scripted::bound_to("eve", &[]).with(|broker| {
                broker.home = Ok(empty(Some(nothing())));
            })),
        ),
        (
            "home-no-groups",
            Scene::of("/", Scripted::bound_to("eve", &[]).with(|broker| {
                let mut nothing = nothing();
                nothing.groups_missing = Some(
                    "Your provider sent a link instead of a list, because you are in more than 200 groups."
                        .to_owned(),
                );
                broker.home = Ok(empty(Some(nothing)));
            })),
        ),
        (
            "home-unknown",
            Scene::of("/", as_ana().with(|broker| {
                let mut home = empty(Some(nothing()));
                home.unreachable = vec![ClusterHealth { namespaces: 0, ..unreachable() }];
                broker.home = Ok(home);
            })),
        ),
        (
            "home-unreachable",
            Scene::of("/", as_ana().with(|broker| {
                let mut home = home();
                home.unreachable = vec![unreachable()];
                for row in &mut home.rows {
                    row.pods = None;
                }
                broker.home = Ok(home);
            }).framed(|frame| {
                frame.warnings = vec![
                    "The changed policy file was refused, line 12: there is no role “shel”. The one before stays in force."
                        .to_owned(),
                ];
            })).with(|page| page.notice = Some("You are signed in.".to_owned())),
        ),
    ]
}

fn asking() -> Vec<(&'static str, Scene)> {
    let path = "/ns/main/payments";
    let form = || as_ana().with(|broker| broker.ask_form = Ok(ask_form()));
    vec![
        ("ask", Scene::of("/ns/main/payments?role=shell", form())),
        (
            "ask-rejected",
            Scene::of(path, form()).rejected(
                &[("reason", "at least 10 characters"), ("length", "at most 2 h for this role")],
                &[
                    ("role", "shell"),
                    ("length", "other"),
                    ("length_other", "9h"),
                    ("reason", "why"),
                ],
                None,
            ),
        ),
        (
            "ask-scope-rejected",
            Scene::of(path, form()).rejected(
                &[("scope", "there is no such workload")],
                &[("scope", "Deployment/gone"), ("reason", "web answers 500")],
                None,
            ),
        ),
        (
            "ask-terms",
            Scene::of(
                "/ns/main/payments?role=shell",
                as_ana().with(|broker| {
                    let mut form = ask_form();
                    let terms = &mut form.offers[1].ruling.terms;
                    terms.reason.at_least = 20;
                    terms.reason.prompt = Some("What broke?".to_owned());
                    terms.ticket = Some(TicketRule {
                        pattern: TextPattern::parse("OPS-[0-9]+").unwrap(),
                        example: "OPS-12".to_owned(),
                    });
                    broker.ask_form = Ok(form);
                }),
            ),
        ),
        (
            "ask-only-glass",
            Scene::of(
                "/ns/main/payments?role=shell",
                as_ana().with(|broker| {
                    let mut form = ask_form();
                    form.offers[1] = only_by_glass();
                    broker.ask_form = Ok(form);
                }),
            ),
        ),
        (
            "ask-more",
            Scene::of(
                "/requests/01976f2e-7a10-7000-8000-000000000001/extend",
                as_ana().with(|broker| {
                    let mut form = ask_form();
                    form.offers.remove(0);
                    form.extends = granted(true).grant;
                    broker.ask_form = Ok(form);
                }),
            ),
        ),
        (
            "ask-nothing",
            Scene::of(
                "/ns/main/payments?role=shell",
                as_ana().with(|broker| {
                    let mut form = ask_form();
                    form.offers.clear();
                    broker.ask_form = Ok(form);
                }),
            ),
        ),
    ]
}

fn policies() -> Vec<(&'static str, Scene)> {
    let asked = "/policy?namespace=payments&role=shell";
    let forbidden = || Refusal::Forbidden { why: "that is for those who oversee".to_owned() };
    let overseeing = |broker: &mut Scripted| broker.policy_view = Ok(rules());
    let own = |broker: &mut Scripted| {
        broker.policy_view = Ok(PolicyView { rules: None, ..rules() });
        broker.simulated = Ok(simulated());
    };
    vec![
        ("policy", Scene::of("/policy", as_ben().with(overseeing))),
        ("policy-why", Scene::of(asked, as_ana().with(own))),
        ("policy-linked", Scene::of("/policy?cluster=main&namespace=payments", as_ana().with(own))),
        (
            "policy-unknown",
            Scene::of(
                "/policy?namespace=shop&role=shell",
                as_ana().with(|broker| {
                    own(broker);
                    broker.simulated = Ok(Simulated { known: false, ..simulated() });
                }),
            ),
        ),
        (
            "policy-lacking",
            Scene::of("/policy?cluster=main&namespace=payments&role=", as_ana().with(own)),
        ),
        (
            "policy-rejected",
            Scene::of(
                "/policy?namespace=payments&role=shell&at=soon",
                as_ben().with(|broker| {
                    overseeing(broker);
                    let problem = "Not understood: write 2026-11-27T18:00.".to_owned();
                    let problems = vec![FieldProblem { field: "at", problem }];
                    broker.simulated = Err(Refusal::Invalid(problems));
                }),
            ),
        ),
        (
            "policy-wrong",
            Scene::of(
                asked,
                as_ana().with(|broker| {
                    own(broker);
                    broker.simulated = Err(forbidden());
                }),
            ),
        ),
    ]
}

fn requests() -> Vec<(&'static str, Scene)> {
    let scene = |view| Scene::of(REQUEST, as_ana().with(|broker| broker.request = Ok(view)));
    let other = |view| Scene::of(REQUEST, as_ben().with(|broker| broker.request = Ok(view)));
    vec![
        ("request-pending", scene(own(pending()))),
        ("request-reminded", scene(own(reminded()))),
        ("request-half", scene(own(half_approved()))),
        ("request-decide", other(to_decide(pending()))),
        ("request-decide-unknown", other(unknown_to_decide())),
        ("request-decide-more", other(more_to_decide())),
        (
            "request-less-rejected",
            other(to_decide(pending())).rejected(
                &[
                    ("role", "only a smaller role can be left"),
                    ("scope", "only less can be left"),
                    ("length", "at most 30 min"),
                ],
                &[("scope", "Pod/gone"), ("length", "9h")],
                None,
            ),
        ),
        (
            "request-deny-rejected",
            other(to_decide(half_approved())).rejected(
                &[("why", "at least 3 characters")],
                &[("why", "no")],
                None,
            ),
        ),
        ("request-conflict", other(decided_before()).rejected(&[], &[], Some(&decided_first()))),
        (
            "request-approved-before",
            other(not_to_decide(half_approved(), "You approved this request already.")),
        ),
        ("request-enough", scene(own(enough()))),
        ("request-take-back", other(to_take_back(enough()))),
        ("request-unclaimed", scene(unclaimed())),
        ("request-begins-later", scene(begins_later())),
        ("request-granted", scene(granted(true))),
        ("request-granted-other", other(granted(false))),
        ("request-in-use", scene(in_use())),
        ("request-ended", scene(ended())),
        ("request-denied", scene(denied())),
        ("request-glass", other(broken_glass())),
        (
            "request-glass-rejected",
            other(broken_glass()).rejected(
                &[("words", "Write at least 10 characters.")],
                &[("words", "fine")],
                None,
            ),
        ),
        ("request-glass-ended", other(broken_glass_ended())),
        ("request-glass-more", scene(broken_glass_prolonged())),
        ("request-glass-reviewed", other(broken_glass_reviewed())),
        ("request-withdrawn", scene(settled(RequestState::Withdrawn { at: before(1) }))),
        ("request-lapsed", scene(settled(RequestState::Lapsed { at: before(1) }))),
    ]
}

fn inboxes() -> Vec<(&'static str, Scene)> {
    let full = |shown| as_ben().with(|broker| broker.inbox = Ok(inbox(shown)));
    let empty = Inbox {
        needs_me: Vec::new(),
        waiting: Vec::new(),
        decided: Vec::new(),
        expired: Vec::new(),
        shown: None,
    };
    vec![
        ("inbox", Scene::of("/inbox", full(1))),
        (
            "inbox-selected",
            Scene::of("/inbox?selected=01976f2e-7a10-7000-8000-000000000002", full(2)),
        ),
        (
            "inbox-decided",
            Scene::of("/inbox?selected=01976f2e-7a10-7000-8000-000000000008", full(8))
                .with(|page| page.notice = Some("Approved. ana can begin.".to_owned())),
        ),
        (
            "inbox-watch",
            Scene::of("/inbox", as_ben().with(|broker| broker.inbox = Ok(inbox_watch()))),
        ),
        (
            "inbox-empty",
            Scene::of(
                "/inbox",
                as_ben().framed(|frame| frame.pending = 0).with(|broker| {
                    broker.inbox = Ok(empty);
                }),
            ),
        ),
    ]
}

fn running() -> Vec<(&'static str, Scene)> {
    let session = |row: SessionRow| {
        let terminals =
            if row.own { vec![row.clone(), live_session(2, ana(), true)] } else { Vec::new() };
        let own = row.own;
        let view = SessionView { row, terminals, may_open: own, may_extend: own };
        as_ana().with(|broker| broker.session = Ok(view))
    };
    let broken = |row| SessionRow { broke_glass: true, ..row };
    let own_past = || SessionRow {
        own: true,
        ..past_session(1, ana(), SessionEnd::Exited { code: 0 }, LeftBehind::Nothing)
    };
    let shells = format!("{REQUEST}/shell");
    let sessions = || {
        vec![
            live_session(1, ana(), true),
            broken(live_session(2, person("eli", &["oncall"]), false)),
            past_session(3, ana(), SessionEnd::Exited { code: 0 }, LeftBehind::Nothing),
            past_session(4, ana(), SessionEnd::TimeIsUp, LeftBehind::Processes { count: 2 }),
        ]
    };
    vec![
        (
            "shell",
            Scene::of(
                &shells,
                as_ana().with(|broker| {
                    broker.shell_choice = Ok(shell_choice(pending()));
                }),
            ),
        ),
        (
            "shell-glass",
            Scene::of(
                &shells,
                as_ana().with(|broker| {
                    let choice = shell_choice(broken_glass().request);
                    broker.shell_choice = Ok(ShellChoice { broke_glass: true, ..choice });
                }),
            ),
        ),
        (
            "shell-refused",
            Scene::of(
                &shells,
                as_ana().with(|broker| {
                    let refused_group = Some("jit:shell:payments".to_owned());
                    let choice = shell_choice(pending());
                    broker.shell_choice = Ok(ShellChoice { refused_group, ..choice });
                }),
            ),
        ),
        (
            "shell-empty",
            Scene::of(
                &shells,
                as_ana().with(|broker| {
                    let mut choice = shell_choice(pending());
                    choice.workloads = Vec::<WorkloadRows>::new();
                    broker.shell_choice = Ok(choice);
                }),
            ),
        ),
        ("session-live", Scene::of(SESSION, session(live_session(1, ana(), true)))),
        ("session-glass", Scene::of(SESSION, session(broken(live_session(1, ana(), true))))),
        ("session-other", Scene::of(SESSION, session(live_session(1, ben(), false)))),
        (
            "session-ended",
            Scene::of(
                SESSION,
                session(past_session(
                    1,
                    ana(),
                    SessionEnd::TimeIsUp,
                    LeftBehind::Processes { count: 2 },
                )),
            ),
        ),
        ("session-ended-own", Scene::of(SESSION, session(own_past()))),
        (
            "sessions",
            Scene::of(
                "/sessions",
                as_ana()
                    .with(|broker| broker.sessions = Ok(sessions()))
                    .framed(|frame| frame.live = vec![live_session(1, ana(), true)]),
            ),
        ),
        (
            "sessions-empty",
            Scene::of("/sessions", as_ana().with(|broker| broker.sessions = Ok(Vec::new()))),
        ),
    ]
}

fn audits() -> Vec<(&'static str, Scene)> {
    let page = |events| AuditPage { events, next: Some(406), total: 412 };
    let full = || as_cleo().with(|broker| broker.audit = Ok(page(log(ended().events))));
    let none = AuditPage { events: Vec::new(), next: None, total: 412 };
    vec![
        ("audit", Scene::of("/audit", full())),
        ("audit-filtered", Scene::of("/audit?actor=ana&kind=session-ended", full())),
        (
            "audit-empty",
            Scene::of(
                "/audit?actor=nobody&namespace=payments",
                as_cleo().with(|broker| {
                    broker.audit = Ok(none);
                }),
            ),
        ),
        (
            "audit-forbidden",
            Scene::of(
                "/audit",
                as_ana().with(|broker| {
                    let why =
                        "the audit log is read by auditors, and you are in none of their groups";
                    broker.audit = Err(Refusal::Forbidden { why: why.to_owned() });
                }),
            ),
        ),
    ]
}

fn outside() -> Vec<(&'static str, Scene)> {
    let away = |part| Refusal::Unavailable { part };
    vec![
        ("sign-in", Scene::stranger("/sign-in?to=/inbox")),
        (
            "sign-in-problem",
            Scene::stranger("/sign-in").with(|page| {
                page.sign_in_problem =
                    Some("Example ID cannot be reached, so nobody can sign in.".to_owned());
            }),
        ),
        (
            "signed-out",
            Scene::stranger("/sign-in")
                .with(|page| page.notice = Some("You are signed out.".to_owned())),
        ),
        ("missing", Scene::of("/nowhere", as_ana())),
        ("stranger", Scene::stranger("/inbox")),
        (
            "database-away",
            Scene::of("/", as_ana().with(|broker| broker.frame = Err(away(Part::Store)))),
        ),
        (
            "cluster-away",
            Scene::of(
                "/ns/main/payments",
                as_ana().with(|broker| {
                    broker.ask_form = Err(away(Part::Cluster));
                }),
            ),
        ),
    ]
}
