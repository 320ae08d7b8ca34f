//! A person at the portal: by HTTP and WebSocket, as a browser would do it, and nothing else.
//!
//! ```no_run
//! # async fn example(stand: client::Stand) -> anyhow::Result<()> {
//! use client::portal::{Person, place};
//! let ana = Person::sign_in(&stand.portal, "ana").await?;
//! let staging = place("staging")?;
//! let request = ana.ask(&staging, "shell", "30m", "an example of a client").await?;
//! let targets = ana.targets(&staging, request).await?;
//! let session = ana.open(request, &targets[0]).await?;
//! let mut terminal = ana.attach(session, 0).await?;
//! let first = terminal.next().await?;
//! # Ok(())
//! # }
//! ```

mod browser;
mod markup;
mod person;
mod terminal;

pub use browser::{Answer, Browser};
pub use markup::{attribute, elements, words};
pub use person::{Person, place};
pub use terminal::{GoesOn, Heard, SIZE, Terminal};
