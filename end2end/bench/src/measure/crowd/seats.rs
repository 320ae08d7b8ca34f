//! Somebody at each of many terminals.

use std::convert::Infallible;
use std::time::Duration;

use anyhow::ensure;
use client::Shell;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Each types so often: as fast as people who type all the time.
const TYPED_EACH: Duration = Duration::from_millis(400);
/// How long the last echo may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// Echoes that were seen and not counted yet.
const UNCOUNTED: usize = 1_024;
const KEY: &[u8] = b"x";

/// Terminals at which somebody sits: reads, so that pings are answered, and types when told to.
pub(super) struct Seats {
    people: JoinSet<()>,
    count: u32,
    keys: watch::Sender<u32>,
    echoes: (mpsc::Sender<()>, mpsc::Receiver<()>),
}

impl Default for Seats {
    fn default() -> Self {
        let (keys, _) = watch::channel(0);
        Self { people: JoinSet::new(), count: 0, keys, echoes: mpsc::channel(UNCOUNTED) }
    }
}

impl Seats {
    /// How many there are.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// Takes more terminals, each at its prompt.
    pub(super) fn extend(&mut self, shells: impl IntoIterator<Item = Box<dyn Shell>>) {
        for shell in shells {
            self.count += 1;
            // They are not in step.
            let late = TYPED_EACH.mul_f64(f64::from(self.count * 37 % 100) / 100.0);
            let (keys, echoes) = (self.keys.subscribe(), self.echoes.0.clone());
            // That one is over is seen by who counts its echoes.
            self.people.spawn(async move { drop(sit(shell, late, keys, echoes).await) });
        }
    }

    /// Reads from a terminal that does not count.
    pub(super) fn sit_by(&mut self, mut shell: Box<dyn Shell>) {
        self.people.spawn(async move { while shell.output().await.is_ok() {} });
    }

    /// Types so many keys at each of them, and waits until all were echoed.
    ///
    /// # Errors
    /// When one was not.
    pub(super) async fn type_keys(&mut self, keys: u32) -> anyhow::Result<()> {
        let expected = u64::from(keys) * u64::from(self.count);
        let mut seen = 0_u64;
        let typing = async {
            for _ in 0..keys {
                self.keys.send_modify(|key| *key += 1);
                sleep(TYPED_EACH).await;
            }
        };
        let echoes = &mut self.echoes.1;
        let counting = async {
            while seen < expected {
                match timeout(PATIENCE, echoes.recv()).await {
                    Ok(Some(())) => seen += 1,
                    _ => break,
                }
            }
        };
        tokio::join!(typing, counting);
        ensure!(seen == expected, "{seen} keys of {expected} were echoed");
        Ok(())
    }
}

/// Until the shell is over, or nobody counts any more.
async fn sit(
    mut shell: Box<dyn Shell>,
    late: Duration,
    mut keys: watch::Receiver<u32>,
    echoes: mpsc::Sender<()>,
) -> anyhow::Result<Infallible> {
    let mut typed = *keys.borrow_and_update();
    loop {
        tokio::select! {
            output = shell.output() => drop(output?),
            changed = keys.changed() => {
                changed?;
                sleep(late).await;
                while typed < *keys.borrow_and_update() {
                    typed += 1;
                    shell.types(KEY).await?;
                    while !shell.output().await?.contains(&KEY[0]) {}
                    echoes.send(()).await?;
                }
            }
        }
    }
}
