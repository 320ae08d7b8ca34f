//! Who somebody is, as an OpenID Connect provider says it.
//!
//! A [`Provider`] is made from [`Settings`] without asking anybody; it is discovered when it is
//! first needed, and again once what is known of it is an hour old or names a key that is not
//! known. [`Provider::begin`] sends a browser there with an [`Attempt`] kept behind,
//! [`Provider::finish`] turns what it brings back into a [`domain::Person`], and
//! [`Provider::recheck`] asks later whether the person still is who they were.
//!
//! Three things are deliberately absent: a clock (`now` is an argument everywhere), persons told apart
//! by e-mail addresses (a person is issuer and subject, O-12; an address that is the username must be
//! verified, O-11), and logging (the errors say what operators need, whoever handles them writes it
//! down once).
//!
//! One more check of ID tokens goes into `token`, one more reading of a claim into `claims`.

mod attempt;
mod claims;
mod discovery;
mod http;
mod identify;
mod provider;
mod recheck;
mod settings;
mod sign_in;
mod token;
mod trouble;

pub use attempt::{ATTEMPT_LASTS, Attempt, Callback};
pub use claims::UsernameRefused;
pub use identify::NotIdentified;
pub use provider::Provider;
pub use recheck::{RecheckRefused, Rechecked, Renewal};
pub use settings::{BadSettings, Settings};
pub use sign_in::{SignInRefused, SignedIn};
pub use token::TokenRefused;
pub use trouble::ProviderTrouble;
