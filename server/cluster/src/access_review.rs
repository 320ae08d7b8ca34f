//! Asking the API server who may do what (`authorization.k8s.io`).

use broker::port::RightUnknown;
use domain::Namespace;
use futures::future::try_join_all;
use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SubjectAccessReview, SubjectAccessReviewSpec,
};

use crate::watch::Observer;

/// The API group of roles and their bindings.
pub(crate) const RBAC: &str = "rbac.authorization.k8s.io";

/// What a question is about: `resource` or `resource/subresource`; an empty text stands for all.
pub(crate) fn attributes(
    verb: &str,
    group: &str,
    resource: &str,
    name: &str,
    namespace: Option<&Namespace>,
) -> ResourceAttributes {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
    ResourceAttributes {
        namespace: namespace.map(Namespace::to_string),
        verb: text(verb),
        group: text(group),
        resource: text(resource),
        subresource: text(subresource),
        name: text(name),
        ..ResourceAttributes::default()
    }
}

/// Whether a user in these groups may do what is asked about.
pub(crate) fn review(
    user: String,
    groups: Vec<String>,
    attributes: ResourceAttributes,
) -> SubjectAccessReview {
    let spec = SubjectAccessReviewSpec {
        user: Some(user),
        groups: Some(groups),
        resource_attributes: Some(attributes),
        ..SubjectAccessReviewSpec::default()
    };
    SubjectAccessReview { spec, ..SubjectAccessReview::default() }
}

/// Whether RBAC lets an impersonated identity open a stream to `exec`: since Kubernetes 1.35 that
/// takes `create`, and before it `get`, because it is opened by a WebSocket.
pub(crate) async fn may_open_shell(
    observer: &Observer,
    user: &str,
    group: &str,
    namespace: &Namespace,
) -> Result<bool, RightUnknown> {
    let asked = ["get", "create"].map(|verb| {
        let attributes = attributes(verb, "", "pods/exec", "", Some(namespace));
        review(user.to_owned(), vec![group.to_owned()], attributes)
    });
    let answers = try_join_all(asked.iter().map(|question| observer.may(question))).await;
    let answers = answers.map_err(|cause| {
        tracing::warn!(error = %domain::text::causes(&cause), "a right could not be asked");
        RightUnknown
    })?;
    Ok(answers.into_iter().all(|may| may))
}
