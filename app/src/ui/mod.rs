//! The design system: every control and frame that the screens are built from.
//!
//! Components are the same on the server and in the browser. Ids come from the caller, so that
//! hydration finds what the server wrote. There are no inline styles: classes and `data-`
//! attributes are read by `style/`.

pub mod badge;
pub mod button;
pub mod choice;
pub mod combobox;
#[cfg(test)]
mod contrast;
pub mod dialog;
pub mod field;
pub mod file_drop;
pub mod formatted;
pub mod i18n;
pub mod icons;
pub mod menu;
pub mod page;
pub mod pwa;
pub mod summary;
pub mod table;
pub mod tabs;
pub mod title;
pub mod toast;
pub mod virtual_list;

pub use badge::{Alert, Badge, Tone};
pub use button::{Button, ButtonKind, LinkButton};
pub use choice::{Checkbox, Choice, RadioGroup, Select};
pub use combobox::Combobox;
pub use dialog::Dialog;
pub use field::{Field, FieldContext, TextArea, TextInput};
pub use file_drop::FileDrop;
pub use formatted::{DateField, MoneyField, MonthField};
pub use i18n::{count, form, tr, use_lang};
pub use icons::{Emblem, Icon, IconName};
pub use menu::Menu;
pub use page::{Breadcrumbs, Crumb, EmptyState, PageHead, Progress, Skeleton, SkipLink, Spinner};
pub use summary::{ErrorSummary, SummaryItem};
pub use table::{Order, Pagination, SortHeader, Table};
pub use tabs::{NavTab, NavTabs, Step, StepState, Steps, Tab, TabPanel, Tabs, focus};
pub use title::PageTitle;
pub use toast::{ToastHost, toast, toast_with};
pub use virtual_list::VirtualList;
