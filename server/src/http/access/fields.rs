//! What is typed into the form that asks for access.

use domain::broker::{Ask, FieldProblem, Refusal};
use domain::policy::Urgency;
use domain::{Place, RequestId, RoleName};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    #[serde(default)]
    role: String,
    /// A workload or a pod; empty for the whole namespace.
    #[serde(default)]
    scope: String,
    /// One of the lengths offered, or `other`.
    #[serde(default)]
    length: String,
    /// A length as typed; it counts where `length` is `other`.
    #[serde(default)]
    length_other: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    starts: String,
    /// Only there where the glass is broken.
    glass: Option<Broken>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Broken {
    Broken,
}

impl Fields {
    /// The request that is meant.
    pub(super) fn into_ask(self, place: Place, extends: Option<RequestId>) -> Result<Ask, Refusal> {
        let role = RoleName::parse(self.role).map_err(|_| {
            let problem = "choose what you need".to_owned();
            Refusal::Invalid(vec![FieldProblem { field: "role", problem }])
        })?;
        let length = if self.length == "other" { self.length_other } else { self.length };
        let urgency = match self.glass {
            Some(Broken::Broken) => Urgency::BreakGlass,
            None => Urgency::Usual,
        };
        let Self { scope, reason, ticket, starts, .. } = self;
        Ok(Ask { place, scope, role, length, reason, ticket, starts, urgency, extends })
    }
}
