//! Asking and deciding.

mod anew;
mod approve;
mod ask;
mod comment;
mod decide;
mod end_grant;
mod form;
mod frame;
mod granting;
mod home;
mod inbox;
mod insight;
mod offers;
mod policy;
mod rights;
mod view;

pub(crate) use approve::approve;
pub(crate) use ask::{change_request, send_request};
pub(crate) use comment::{comment, review_glass};
pub(crate) use decide::{deny, remind, take_back, withdraw};
pub(crate) use end_grant::{end_grant, revoke};
pub(crate) use form::ask_form;
pub(crate) use frame::frame;
pub(crate) use home::home;
pub(crate) use inbox::inbox;
pub(crate) use policy::{policy_view, simulate};
pub(crate) use view::{own_grant, request};
