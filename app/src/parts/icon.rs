//! Line icons, drawn on a grid of 16: they decorate words and never stand for them.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Icon {
    Anchor,
    Bars,
    Bell,
    Check,
    Clock,
    Contrast,
    Cross,
    Inbox,
    List,
    Lock,
    Moon,
    Namespaces,
    Play,
    Screen,
    Search,
    Star,
    Sun,
    Terminal,
    Triangle,
    Warning,
}

/// Draws an icon as large as the text beside it.
pub(crate) fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=icon.path() />
        </svg>
    }
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Anchor => {
                "M8 5.2v9.3M5.5 7.4h5M8 1.5a1.8 1.8 0 1 1 0 3.7 1.8 1.8 0 0 1 0-3.7M2.5 9.5c.2 3 2.4 5 5.5 5s5.3-2 5.5-5M1.3 10.9l1.2-1.5 1.5 1.2M14.7 10.9l-1.2-1.5-1.5 1.2"
            }
            Self::Bars => "M5.5 3.5v9M10.5 3.5v9",
            Self::Bell => {
                "M3 11.5h10l-1.3-2V6.3a3.7 3.7 0 0 0-7.4 0v3.2zM6.5 13.6a1.6 1.6 0 0 0 3 0"
            }
            Self::Check => "M3 8.5l3.3 3.3L13 4.7",
            Self::Clock => "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M8 4.6V8l2.3 1.6",
            Self::Contrast => {
                "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M8 1.8v12.4M8 5l4.8-1.6M8 8h6.2M8 11l4.8 1.6"
            }
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Inbox => "M1.8 9l2.3-6.2h7.8L14.2 9v4.2H1.8zM1.8 9h3.7l1 1.8h3l1-1.8h3.7",
            Self::List => "M5.5 3.5h8.7M5.5 8h8.7M5.5 12.5h8.7M2 3.5h.1M2 8h.1M2 12.5h.1",
            Self::Lock => "M3.2 7.2h9.6v6.6H3.2zM5.2 7.2V4.8a2.8 2.8 0 0 1 5.6 0v2.4",
            Self::Moon => "M13.8 9.7A6 6 0 0 1 6.3 2.2a6 6 0 1 0 7.5 7.5z",
            Self::Namespaces => "M8 1.8l6 3.1-6 3.1-6-3.1zM2 8l6 3.1L14 8M2 11.1l6 3.1 6-3.1",
            Self::Play => "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M6.5 5.5L10.5 8l-4 2.5z",
            Self::Screen => "M1.8 2.8h12.4v8.4H1.8zM5.5 14h5M8 11.2V14",
            Self::Search => "M7 2.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6M10.5 10.5L14 14",
            Self::Star => "M8 1.8l1.9 3.9 4.3.6-3.1 3 .7 4.3L8 11.6l-3.8 2 .7-4.3-3.1-3 4.3-.6z",
            Self::Sun => {
                "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6M8 1v1.3M8 13.7V15M1 8h1.3M13.7 8H15M3 3l.9.9M12.1 12.1l.9.9M3 13l.9-.9M12.1 3.9l.9-.9"
            }
            Self::Terminal => "M1.8 2.8h12.4v10.4H1.8zM4.5 6l2.2 2-2.2 2M8.5 10.3h3",
            Self::Triangle => "M5 3l8 5-8 5z",
            Self::Warning => "M8 2L1.5 13.5h13zM8 6.5v3.3M8 11.7v.1",
        }
    }
}
