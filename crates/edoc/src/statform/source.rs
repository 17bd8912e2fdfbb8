//! One view of trees and drafts, so that the rules are written once.

use crate::{
    draft::Draft,
    path::Path,
    tree::{Element, Tree},
};

/// An element of a document. Fields are named by paths from it, without item ids.
pub(super) trait Source<'a>: Sized {
    /// Path of the element in the document.
    fn path(&self) -> &Path;

    /// Text at a path from here; `None` when it is absent or blank.
    fn text(&self, rel: &str) -> Option<&'a str>;

    /// Items of a repeated element at a path from here.
    fn list(&self, rel: &str) -> Vec<Self>;

    /// The element itself as a field.
    fn own_text(&self) -> Option<&'a str>;

    /// Something is there.
    fn has(&self, rel: &str) -> bool;

    /// The path of a field from here.
    fn at(&self, rel: &str) -> Path {
        match self.path().is_root() {
            true => Path::trusted(rel),
            false => self.path().join(rel),
        }
    }
}

fn filled(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}

/// An element of a tree.
pub(super) struct InTree<'a> {
    element: &'a Element,
    path: Path,
}

impl<'a> InTree<'a> {
    pub fn root(tree: &'a Tree) -> Self {
        Self { element: &tree.root, path: Path::root() }
    }

    fn find(&self, rel: &str) -> Option<&'a Element> {
        rel.split('/').try_fold(self.element, |at, step| at.child(step))
    }
}

impl<'a> Source<'a> for InTree<'a> {
    fn path(&self) -> &Path {
        &self.path
    }

    fn text(&self, rel: &str) -> Option<&'a str> {
        filled(self.find(rel)?.text()?)
    }

    fn list(&self, rel: &str) -> Vec<Self> {
        let (around, local) = rel.rsplit_once('/').unwrap_or(("", rel));
        let parent = if around.is_empty() { Some(self.element) } else { self.find(around) };
        let children = parent.map_or(&[][..], Element::children);
        let same = children.iter().filter(|child| &*child.name.local == local);
        same.map(|element| {
            let path = self.at(rel);
            let path = element.item.map_or_else(|| path.clone(), |item| path.item(item));
            Self { element, path }
        })
        .collect()
    }

    fn own_text(&self) -> Option<&'a str> {
        filled(self.element.text()?)
    }

    fn has(&self, rel: &str) -> bool {
        self.find(rel).is_some()
    }
}

/// An element of a draft.
pub(super) struct InDraft<'a> {
    draft: &'a Draft,
    path: Path,
}

impl<'a> InDraft<'a> {
    pub fn at_path(draft: &'a Draft, path: Path) -> Self {
        Self { draft, path }
    }
}

impl<'a> Source<'a> for InDraft<'a> {
    fn path(&self) -> &Path {
        &self.path
    }

    fn text(&self, rel: &str) -> Option<&'a str> {
        match self.path.is_root() {
            true => filled(self.draft.text_at(rel)?),
            false => filled(self.draft.text_at(&format!("{}/{rel}", self.path))?),
        }
    }

    fn list(&self, rel: &str) -> Vec<Self> {
        let list = self.at(rel);
        let items = self.draft.items_at(list.as_str());
        items.map(|(_, item)| Self { draft: self.draft, path: list.item(*item) }).collect()
    }

    fn own_text(&self) -> Option<&'a str> {
        filled(self.draft.text_at(self.path.as_str())?)
    }

    fn has(&self, rel: &str) -> bool {
        self.draft.is_present(&self.at(rel))
    }
}
