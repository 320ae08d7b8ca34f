//! What an expression can look at.

use std::sync::{Arc, LazyLock};

use cel::{Context, Env, ExecutionError, SerializationError};
use jiff::Zoned;
use jiff::civil::Weekday;
use serde::Serialize;

use crate::policy::question::Setting;
use crate::policy::{Labels, Question, Urgency};
use crate::{GroupName, Scope};

/// The language's own functions, set up once: that takes longer than most evaluations.
static LIBRARY: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// The inputs that an expression names, as the top-level names of the language.
pub(super) struct Inputs<'a> {
    person: Option<Person<'a>>,
    target: Option<Target<'a>>,
    role: Option<Role<'a>>,
    time: Option<Time>,
    request: Option<Request<'a>>,
}

#[derive(Serialize)]
struct Person<'a> {
    username: &'a str,
    groups: Vec<&'a str>,
    /// Places and roles held now, as `role@cluster/namespace`.
    holds: Vec<String>,
}

#[derive(Serialize)]
struct Target<'a> {
    cluster: &'a str,
    namespace: &'a str,
    /// Those of the namespace.
    labels: &'a Labels,
}

#[derive(Serialize)]
struct Role<'a> {
    name: &'a str,
    /// What it allows, in the words of the policy file.
    actions: Vec<&'static str>,
}

#[derive(Serialize)]
struct Time {
    /// `2026-11-27`.
    date: String,
    /// 0 to 23.
    hour: i64,
    /// 0 to 59.
    minute: i64,
    /// `mon` to `sun`.
    weekday: &'static str,
}

#[derive(Serialize)]
struct Request<'a> {
    /// `Deployment/web` where it is for one workload alone, else empty.
    workload: String,
    /// `web-1` where it is for one pod alone, else empty.
    pod: &'a str,
    /// A part of a minute counts as one: what is at most ten is no longer than that.
    minutes: i64,
    reason: &'a str,
    ticket: &'a str,
    break_glass: bool,
}

static NO_LABELS: Labels = Labels::new();

impl<'a> Inputs<'a> {
    /// Those of `names` that a question has.
    pub(super) fn of(question: &Question<'a>, setting: Setting<'_>, names: &[&str]) -> Self {
        let Question { asker, place, labels, role, urgency, asked } = *question;
        let named = |name| names.contains(&name);
        Self {
            person: named("person").then(|| Person {
                username: asker.person.username.as_str(),
                groups: asker.person.groups.iter().map(GroupName::as_str).collect(),
                holds: asker
                    .holds
                    .iter()
                    .map(|held| format!("{}@{}", held.role, held.place))
                    .collect(),
            }),
            target: named("target").then(|| Target {
                cluster: place.cluster.as_str(),
                namespace: place.namespace.as_str(),
                labels,
            }),
            role: named("role").then(|| Role {
                name: role.as_str(),
                actions: setting.actions.iter().map(|action| action.word()).collect(),
            }),
            time: named("time").then(|| Time::at(&asker.at.to_zoned(setting.zone.clone()))),
            request: asked.filter(|_| named("request")).map(|asked| Request {
                workload: match asked.scope {
                    Scope::Workload(_) => asked.scope.to_string(),
                    Scope::Namespace | Scope::Pod(_) => String::new(),
                },
                pod: match asked.scope {
                    Scope::Pod(name) => name.as_str(),
                    Scope::Namespace | Scope::Workload(_) => "",
                },
                minutes: i64::try_from(asked.length.as_secs().div_ceil(60)).unwrap_or(i64::MAX),
                reason: asked.reason,
                ticket: asked.ticket,
                break_glass: urgency == Urgency::BreakGlass,
            }),
        }
    }

    /// Something of each type, to try an expression on.
    pub(super) fn sample() -> Self {
        Self {
            person: Some(Person {
                username: "someone",
                groups: vec!["some"],
                holds: vec!["some@some/some".to_owned()],
            }),
            target: Some(Target { cluster: "some", namespace: "some", labels: &NO_LABELS }),
            role: Some(Role { name: "some", actions: vec!["view"] }),
            time: Some(Time { date: "2026-01-01".to_owned(), hour: 12, minute: 0, weekday: "thu" }),
            request: Some(Request {
                workload: String::new(),
                pod: "",
                minutes: 30,
                reason: "some",
                ticket: "",
                break_glass: false,
            }),
        }
    }

    /// What an expression is evaluated in.
    pub(super) fn context(&self) -> Result<Context<'static, 'static>, ExecutionError> {
        let mut context = Context::with_env(Arc::clone(&LIBRARY));
        self.add_to(&mut context)
            .map_err(|cause| ExecutionError::InternalError(cause.to_string()))?;
        Ok(context)
    }

    fn add_to(&self, context: &mut Context<'_, '_>) -> Result<(), SerializationError> {
        add(context, "person", self.person.as_ref())?;
        add(context, "target", self.target.as_ref())?;
        add(context, "role", self.role.as_ref())?;
        add(context, "time", self.time.as_ref())?;
        add(context, "request", self.request.as_ref())
    }
}

fn add(
    context: &mut Context<'_, '_>,
    name: &str,
    input: Option<&impl Serialize>,
) -> Result<(), SerializationError> {
    input.map_or(Ok(()), |input| context.add_variable(name, input))
}

impl Time {
    fn at(now: &Zoned) -> Self {
        let weekday = match now.weekday() {
            Weekday::Monday => "mon",
            Weekday::Tuesday => "tue",
            Weekday::Wednesday => "wed",
            Weekday::Thursday => "thu",
            Weekday::Friday => "fri",
            Weekday::Saturday => "sat",
            Weekday::Sunday => "sun",
        };
        Self {
            date: now.date().to_string(),
            hour: now.hour().into(),
            minute: now.minute().into(),
            weekday,
        }
    }
}
