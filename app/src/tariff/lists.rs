//! The classifiers of the page, fetched once and searched in the browser.

use domain::text;
use leptos::prelude::*;

use super::{Entry, Lists, api};
use crate::ui::Choice;

/// The page's classifiers; empty until they are here.
#[derive(Clone, Copy)]
pub struct ListsContext(RwSignal<Option<Lists>>);

/// Which classifier a control searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    Countries,
    Currencies,
    Transports,
    Units,
    Documents,
}

impl ListsContext {
    /// Starts fetching the classifiers, in the browser only: rendered pages hold no lists.
    pub fn provide() -> Self {
        let lists = Self(RwSignal::new(None));
        provide_context(lists);
        Effect::new(move |_| {
            leptos::task::spawn_local(async move {
                // Without the lists codes can still be typed; the server checks them.
                if let Ok(found) = api::lists().await {
                    lists.0.set(Some(found));
                }
            });
        });
        lists
    }

    pub fn get(self) -> Option<Lists> {
        self.0.get()
    }

    pub fn with<R>(self, read: impl FnOnce(&Lists) -> R) -> Option<R> {
        self.0.with_untracked(|lists| lists.as_ref().map(read))
    }

    /// The entry that a text names, by code or by name.
    pub fn find(self, list: List, named: &str) -> Option<Entry> {
        let named = named.trim().to_lowercase();
        self.with(|lists| {
            let entries = lists.entries(list);
            let is = |text: &str| text.to_lowercase() == named;
            entries.iter().find(|entry| is(&entry.code) || is(&entry.name)).cloned()
        })
        .flatten()
    }

    /// The best entries for what was typed, as choices.
    pub fn search(self, list: List, query: &str) -> Vec<Choice> {
        self.with(|lists| search(lists.entries(list), query)).unwrap_or_default()
    }

    /// The whole list as choices.
    pub fn choices(self, list: List) -> Vec<Choice> {
        self.0
            .with(|lists| {
                lists.as_ref().map(|lists| lists.entries(list).iter().map(choice).collect())
            })
            .unwrap_or_default()
    }
}

impl Lists {
    pub fn entries(&self, list: List) -> &[Entry] {
        match list {
            List::Countries => &self.countries,
            List::Currencies => &self.currencies,
            List::Transports => &self.transports,
            List::Units => &self.units,
            List::Documents => &self.documents,
        }
    }
}

fn choice(entry: &Entry) -> Choice {
    Choice::new(entry.code.clone(), format!("{} — {}", entry.code, entry.name))
}

/// Most suggestions that are shown at once.
const MOST: usize = 30;

/// Entries whose code begins with the query, then those whose name has its words.
fn search(entries: &[Entry], query: &str) -> Vec<Choice> {
    let query = query.trim().to_lowercase();
    // The text of a choice already made asks for its neighbours, too.
    let query = query.split(" — ").next().unwrap_or_default();
    let by_code = |entry: &&Entry| entry.code.to_lowercase().starts_with(query);
    let by_name =
        |entry: &&Entry| !by_code(entry) && text::matches(query, &text::search_key(&entry.name));
    entries
        .iter()
        .filter(by_code)
        .chain(entries.iter().filter(by_name))
        .take(MOST)
        .map(choice)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry> {
        [("BY", "БЕЛАРУСЬ"), ("KZ", "КАЗАХСТАН"), ("KG", "КИРГИЗИЯ"), ("RU", "РОССИЯ")]
            .map(|(code, name)| Entry { code: code.into(), name: name.into() })
            .into()
    }

    fn found(query: &str) -> Vec<String> {
        search(&entries(), query).into_iter().map(|choice| choice.value).collect()
    }

    #[test]
    fn codes_come_before_names() {
        assert_eq!(found("k"), ["KZ", "KG"]);
        assert_eq!(found("казах"), ["KZ"]);
        assert_eq!(found(""), ["BY", "KZ", "KG", "RU"]);
        assert_eq!(found("KZ — КАЗАХСТАН"), ["KZ"]);
        assert_eq!(found("нарния"), Vec::<String>::new());
    }
}
