//! The components that pages are made of.

mod decide;
mod event;
mod frame;
mod here;
mod icon;
mod insight;
mod list;
mod marked;
mod notify;
mod ruling;
mod scope;
mod search;
mod select;
mod steps;
mod tag;
mod text_area;
mod time;

pub(crate) use decide::{Comment, Decide, ReviewGlass, TakeBack, Withdraw};
pub(crate) use event::{Said, Timeline, facts, tone};
pub(crate) use frame::{Content, Document, Empty, Head, Problem, STILL, Tab, page};
pub(crate) use here::here;
pub(crate) use icon::{Icon, icon};
pub(crate) use insight::{Helps, counted};
pub(crate) use list::{
    FilterField, FilterForm, NothingLeft, Pages, SessionTable, Table, Target, who,
};
pub(crate) use marked::Marked;
pub(crate) use notify::Notify;
pub(crate) use ruling::{Allows, decides, offered, stamp};
pub(crate) use scope::Parts;
pub(crate) use search::Search;
pub(crate) use select::Select;
pub(crate) use steps::Steps;
pub(crate) use tag::{GlassTag, Pods, RiskTag, RoleRiskTag, Tag, Tone, request_tag};
pub(crate) use text_area::TextArea;
pub(crate) use time::{Ago, Countdown, absolute, clock, from};
