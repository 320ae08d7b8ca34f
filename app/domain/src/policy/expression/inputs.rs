//! What an expression can look at.

use cel::{Context, SerializationError};
use jiff::Zoned;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::policy::{Labels, Question, Urgency};
use crate::{GroupName, Scope};

/// The inputs, as the top-level names of the language.
#[derive(Serialize)]
pub(super) struct Inputs<'a> {
    person: Person<'a>,
    target: Target<'a>,
    role: Role<'a>,
    time: Time,
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
    minutes: i64,
    reason: &'a str,
    ticket: &'a str,
    break_glass: bool,
}

static NO_LABELS: Labels = Labels::new();

impl<'a> Inputs<'a> {
    pub(super) fn of(question: &Question<'a>, zone: &TimeZone) -> Self {
        let Question { asker, place, labels, role, urgency, asked } = *question;
        Self {
            person: Person {
                username: asker.person.username.as_str(),
                groups: asker.person.groups.iter().map(GroupName::as_str).collect(),
                holds: asker
                    .holds
                    .iter()
                    .map(|held| format!("{}@{}", held.role, held.place))
                    .collect(),
            },
            target: Target {
                cluster: place.cluster.as_str(),
                namespace: place.namespace.as_str(),
                labels,
            },
            role: Role { name: role.as_str() },
            time: Time::at(&asker.at.to_zoned(zone.clone())),
            request: asked.map(|asked| Request {
                workload: match asked.scope {
                    Scope::Workload(_) => asked.scope.to_string(),
                    Scope::Namespace | Scope::Pod(_) => String::new(),
                },
                pod: match asked.scope {
                    Scope::Pod(name) => name.as_str(),
                    Scope::Namespace | Scope::Workload(_) => "",
                },
                minutes: i64::try_from(asked.length.as_secs() / 60).unwrap_or(i64::MAX),
                reason: asked.reason,
                ticket: asked.ticket,
                break_glass: urgency == Urgency::BreakGlass,
            }),
        }
    }

    /// Something of each type, to try an expression on.
    pub(super) fn sample() -> Self {
        Self {
            person: Person { username: "someone", groups: vec!["some"], holds: Vec::new() },
            target: Target { cluster: "some", namespace: "some", labels: &NO_LABELS },
            role: Role { name: "some" },
            time: Time { date: "2026-01-01".to_owned(), hour: 12, minute: 0, weekday: "thu" },
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

    pub(super) fn add_to(&self, context: &mut Context<'_, '_>) -> Result<(), SerializationError> {
        context.add_variable("person", &self.person)?;
        context.add_variable("target", &self.target)?;
        context.add_variable("role", &self.role)?;
        context.add_variable("time", &self.time)?;
        if let Some(request) = &self.request {
            context.add_variable("request", request)?;
        }
        Ok(())
    }
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
