//! The portal's own calls: lists and watches of namespaces and pods, and questions about who may
//! do what.

use std::time::Duration;

use futures::Stream;
use k8s_openapi::api::authorization::v1::{SelfSubjectAccessReview, SubjectAccessReview};
use k8s_openapi::api::core::v1::{Namespace, Pod};
use kube::Api;
use kube::api::{ListParams, PostParams};
use kube::runtime::WatchStreamExt as _;
use kube::runtime::watcher::{self, Event, watcher};
use tokio::time::timeout;

/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// A client that reads and asks; it changes nothing.
#[derive(Clone)]
pub(crate) struct Observer {
    client: kube::Client,
}

/// Why there was no sign of life.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    #[error("no answer within 5 s")]
    InTime(#[from] tokio::time::error::Elapsed),
    #[error(transparent)]
    Failed(#[from] kube::Error),
}

impl Observer {
    pub(crate) fn new(client: kube::Client) -> Self {
        Self { client }
    }

    pub(super) fn namespaces(
        &self,
    ) -> impl Stream<Item = watcher::Result<Event<Namespace>>> + Send + use<> {
        watcher(Api::all(self.client.clone()), watcher::Config::default()).default_backoff()
    }

    pub(super) fn pods(&self) -> impl Stream<Item = watcher::Result<Event<Pod>>> + Send + use<> {
        let pods = watcher(Api::<Pod>::all(self.client.clone()), watcher::Config::default());
        pods.default_backoff()
    }

    /// Asks for one namespace and one pod: proves that the API server answers, and that the
    /// portal's credentials and rights still hold.
    pub(super) async fn beat(&self) -> Result<(), NoAnswer> {
        let one = ListParams::default().limit(1);
        let namespaces = Api::<Namespace>::all(self.client.clone());
        let pods = Api::<Pod>::all(self.client.clone());
        timeout(ANSWER_WITHIN, namespaces.list_metadata(&one)).await??;
        timeout(ANSWER_WITHIN, pods.list_metadata(&one)).await??;
        Ok(())
    }

    /// Asks the API server whether the portal itself could do something.
    pub(crate) async fn could(&self, question: &SelfSubjectAccessReview) -> Result<bool, NoAnswer> {
        let reviews = Api::<SelfSubjectAccessReview>::all(self.client.clone());
        let options = PostParams::default();
        let answer = timeout(ANSWER_WITHIN, reviews.create(&options, question)).await??;
        Ok(answer.status.is_some_and(|status| status.allowed))
    }

    /// Asks the API server whether somebody else could do something.
    pub(crate) async fn may(&self, question: &SubjectAccessReview) -> Result<bool, NoAnswer> {
        let reviews = Api::<SubjectAccessReview>::all(self.client.clone());
        let options = PostParams::default();
        let answer = timeout(ANSWER_WITHIN, reviews.create(&options, question)).await??;
        Ok(answer.status.is_some_and(|status| status.allowed))
    }
}
