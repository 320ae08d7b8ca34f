//! Asking and deciding.

mod ask;
mod decide;
mod end_grant;
mod frame;
mod home;
mod inbox;
mod offers;
mod view;

pub(crate) use ask::{ask_form, send_request};
pub(crate) use decide::{approve, deny, withdraw};
pub(crate) use end_grant::{end_grant, revoke};
pub(crate) use frame::frame;
pub(crate) use home::home;
pub(crate) use inbox::inbox;
pub(crate) use view::{request, seen};
