//! A document as a tree of named elements.

use serde::{Deserialize, Serialize};

use crate::{
    name::Name,
    patch::id::ItemId,
    path::{Path, Step},
};

/// Which document of the album a tree or a schema is of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KindId {
    /// Code of the album (attribute `DocumentModeID`), such as `1006124E`.
    pub mode_id: String,
    /// Local name of the root element.
    pub root: String,
    /// Namespace of the root element; it ends with the edition.
    pub namespace: String,
    /// Edition, such as `5.23.0`.
    pub edition: String,
}

/// A document. Children stand in the order of the schema, items in their own order, elements
/// that the schema does not know at the end of their parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    pub kind: KindId,
    pub root: Element,
}

/// An element with its attributes and content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    pub name: Name,
    /// Identity of an occurrence of a repeated element, and of an element that stands where the
    /// schema does not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attrs: Vec<(Name, String)>,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    Text(String),
    Children(Vec<Element>),
}

impl Element {
    pub fn new(name: Name, content: Content) -> Self {
        Self { name, item: None, attrs: Vec::new(), content }
    }

    /// Its text; `None` when it has children.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Children(_) => None,
        }
    }

    pub fn children(&self) -> &[Element] {
        match &self.content {
            Content::Text(_) => &[],
            Content::Children(children) => children,
        }
    }

    /// The first child with this local name.
    pub fn child(&self, local: &str) -> Option<&Element> {
        self.children().iter().find(|child| &*child.name.local == local)
    }

    /// Children with this local name, in order.
    pub fn list<'a>(&'a self, local: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children().iter().filter(move |child| &*child.name.local == local)
    }

    pub fn attr(&self, local: &str) -> Option<&str> {
        self.attrs.iter().find(|(name, _)| &*name.local == local).map(|(_, value)| value.as_str())
    }

    /// Elements of the subtree, itself included.
    pub fn count(&self) -> usize {
        1 + self.children().iter().map(Element::count).sum::<usize>()
    }

    fn matches(&self, step: &Step<'_>) -> bool {
        &*self.name.local == step.local
            && step.ns.is_none_or(|ns| ns == &*self.name.ns)
            && self.item == step.item
    }

    /// The element at a path that starts here.
    pub fn get(&self, path: &Path) -> Option<&Element> {
        path.steps().try_fold(self, |at, step| match step.attribute {
            true => None,
            false => at.children().iter().find(|child| child.matches(&step)),
        })
    }

    /// The element at a path that starts here.
    pub fn get_mut(&mut self, path: &Path) -> Option<&mut Element> {
        path.steps().try_fold(self, |at, step| match &mut at.content {
            Content::Children(children) if !step.attribute => {
                children.iter_mut().find(|child| child.matches(&step))
            }
            _ => None,
        })
    }
}

impl Tree {
    pub fn get(&self, path: &Path) -> Option<&Element> {
        self.root.get(path)
    }

    /// Text of an element or value of an attribute.
    pub fn text(&self, path: &Path) -> Option<&str> {
        match path.last() {
            Some(step) if step.attribute => {
                let owner = self.get(&path.parent()?)?;
                let found = owner.attrs.iter().find(|(name, _)| {
                    &*name.local == step.local && step.ns.is_none_or(|ns| ns == &*name.ns)
                });
                found.map(|(_, value)| value.as_str())
            }
            _ => self.get(path)?.text(),
        }
    }

    /// Items of the repeated element at `list`, in order.
    pub fn items(&self, list: &Path) -> Vec<ItemId> {
        let (Some(parent), Some(step)) = (list.parent(), list.last()) else { return Vec::new() };
        let Some(parent) = self.get(&parent) else { return Vec::new() };
        let same = parent.children().iter().filter(|child| {
            &*child.name.local == step.local && step.ns.is_none_or(|ns| ns == &*child.name.ns)
        });
        same.filter_map(|child| child.item).collect()
    }
}
