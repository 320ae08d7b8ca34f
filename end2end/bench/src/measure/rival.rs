//! The other ways, in turns with Shorepass.

use anyhow::anyhow;

use super::Stage;
use crate::report::{Figure, Value};
use crate::way::{Opened, Way};

/// Another way, with what is measured of it. One that does not work keeps nothing else from being
/// measured: its place in the table says why it is empty.
pub(super) struct Rival<T> {
    pub(super) way: Way,
    state: anyhow::Result<T>,
}

impl<T> Rival<T> {
    /// Opens a shell by each of some ways, and prepares it.
    pub(super) async fn each(
        stage: &Stage,
        ways: &[Way],
        prepare: impl AsyncFn(Opened) -> anyhow::Result<T>,
    ) -> Vec<Self> {
        let mut rivals = Vec::new();
        for &way in ways {
            let state = async { prepare(stage.ways.open(way).await?).await }.await;
            rivals.push(Self { way, state });
        }
        rivals
    }

    /// Does something with it, unless it has failed before.
    pub(super) async fn turn(&mut self, work: impl AsyncFnOnce(&mut T) -> anyhow::Result<()>) {
        if let Ok(state) = &mut self.state
            && let Err(cause) = work(state).await
        {
            self.state = Err(cause);
        }
    }

    /// What was measured.
    pub(super) fn value(&self, read: impl Fn(&T) -> f64) -> anyhow::Result<f64> {
        self.state.as_ref().map(read).map_err(|cause| anyhow!("{cause:#}"))
    }
}

/// Puts them next to a figure of Shorepass.
pub(super) fn beside<T>(figure: Figure, rivals: &[Rival<T>], read: impl Fn(&T) -> f64) -> Figure {
    rivals.iter().fold(figure, |figure, rival| {
        figure.beside(rival.way.name(), Value::from(rival.value(&read)))
    })
}
