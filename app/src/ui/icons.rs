//! Icons drawn for this cabinet: strokes on a grid of 24 units, in the colour of the text.

use leptos::prelude::*;

macro_rules! icons {
    ($($name:ident => $path:literal,)+) => {
        /// What an icon shows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum IconName { $($name,)+ }

        impl IconName {
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Data of the SVG path.
            pub const fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)+ }
            }
        }
    };
}

icons! {
    ArrowDown => "M12 5v14M6 13l6 6 6-6",
    ArrowUp => "M12 19V5M6 11l6-6 6 6",
    Bell => "M6 17v-6a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21.5h4",
    Building => "M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3",
    Calendar => "M4 6h16v14H4zM4 10.5h16M8 3.5V8M16 3.5V8",
    Check => "M5 12.5l4.5 4.5L19 7.5",
    ChevronDown => "M6 9.5l6 6 6-6",
    ChevronLeft => "M14.5 6l-6 6 6 6",
    ChevronRight => "M9.5 6l6 6-6 6",
    Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5V12l3 2.2",
    Close => "M6 6l12 12M18 6L6 18",
    Compare => "M10 4H4v16h6M14 4h6v16h-6M12 2.5v19M7 9h.01M17 9h.01M7 14h.01M17 14h.01",
    Copy => "M9 9h11v11H9zM5.5 15H4V4h11v1.5",
    Device => "M7 3h10v18H7zM11 17.8h2",
    Download => "M12 4v11.5M7 10.5l5 5 5-5M4 20h16",
    Error => "M8 3.5h8L20.5 8v8L16 20.5H8L3.5 16V8zM12 7.5V13M12 16.3v.01",
    Exit => "M14 4h6v16h-6M4 12h11M11 8l4 4-4 4",
    External => "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    File => "M6 3h8l4 4v14H6zM14 3v4h4",
    Filter => "M4 5h16l-6 7.5V20l-4-2v-5.5z",
    Globe => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3.5 9.5h17M3.5 14.5h17M12 3c-5 5.5-5 12.5 0 18 5-5.5 5-12.5 0-18",
    Grip => "M9 5.5a.5.5 0 1 0 .01 0M15 5.5a.5.5 0 1 0 .01 0M9 11.5a.5.5 0 1 0 .01 0M15 11.5a.5.5 0 1 0 .01 0M9 17.5a.5.5 0 1 0 .01 0M15 17.5a.5.5 0 1 0 .01 0",
    History => "M4.3 14a8 8 0 1 0 .7-6.2M4.5 3.5V8H9M12 8v4.3l3 2",
    Home => "M4 11l8-7 8 7v9h-5.5v-6h-5v6H4z",
    Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.7v.01",
    Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    Mail => "M3.5 6h17v12.5h-17zM4 6.5l8 6.5 8-6.5",
    Menu => "M4 7h16M4 12h16M4 17h16",
    Moon => "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
    More => "M5 11a1 1 0 1 0 .01 0M12 11a1 1 0 1 0 .01 0M19 11a1 1 0 1 0 .01 0",
    Offline => "M4 4l16 16M8.5 8.2A5 5 0 0 0 4 13a4.5 4.5 0 0 0 4.5 4.5h8M11 6.2a5.5 5.5 0 0 1 6.3 4.3 3.8 3.8 0 0 1 2.3 5.5",
    Pen => "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
    Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4 3.7-6 7.5-6s6.9 2 7.5 6",
    Plus => "M12 5v14M5 12h14",
    Print => "M7 8V4h10v4M7 17H4V8h16v9h-3M7 14h10v6H7z",
    Question => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.9.5-1.2 1-1.2 1.9M12 16.8v.01",
    Refresh => "M19.7 14a8 8 0 1 1-.7-6.2M19.5 3.5V8H15",
    Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.2 16.2l4.3 4.3",
    Send => "M3.5 11L20.5 3.5l-5.5 17-4-7zM11 13.5l9.5-10",
    Sign => "M4 20.5h16M7 16.5l1-3.8 8.7-8.7 2.8 2.8-8.7 8.7z",
    Squares => "M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z",
    Star => "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z",
    Sun => "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
    Table => "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
    Trash => "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
    Truck => "M2.5 6h11v10.5h-11zM13.5 10h4l4 3.5v3h-8M6.5 16.5a2 2 0 1 0 .01 0M17 16.5a2 2 0 1 0 .01 0",
    Upload => "M12 16V4.5M7 9.5l5-5 5 5M4 20h16",
    Warning => "M12 4l9 16H3zM12 10v4.5M12 17.3v.01",
}

/// An icon beside a text that names the thing. It is hidden from screen readers: a control whose
/// only content is an icon needs a name of its own.
#[component]
pub fn Icon(
    name: IconName,
    /// The shape is filled, not outlined: a star that is lit.
    #[prop(optional)]
    filled: bool,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            data-filled=filled.then_some("")
            viewBox="0 0 24 24"
            aria-hidden="true"
            focusable="false"
        >
            <path d=name.path()></path>
        </svg>
    }
}

/// The cabinet's own mark: goods that pass a border in both directions.
#[component]
pub fn Emblem() -> impl IntoView {
    view! {
        <svg class="emblem" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="ground" width="32" height="32" rx="8"></rect>
            <path class="border" d="M16 5v3.5M16 12v2.5M16 17.5V20M16 23.5V27"></path>
            <path class="way" d="M6.5 12h17M19.5 8l4 4-4 4M25.5 20h-17M12.5 16l-4 4 4 4"></path>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_drawn_on_the_grid() {
        for icon in IconName::ALL {
            let path = icon.path();
            assert!(path.starts_with('M'), "{icon:?}");
            for number in path.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')) {
                if let Ok(number) = number.parse::<f64>() {
                    assert!((-24.0..=24.0).contains(&number), "{icon:?}: {number}");
                }
            }
        }
    }
}
