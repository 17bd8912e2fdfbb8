//! The way down a tree; a [`Path`] is made of it only where one is needed.

use crate::{patch::ItemId, path::Path};

#[derive(Clone, Copy)]
pub(crate) enum Trail<'a> {
    From(&'a Path),
    Step { above: &'a Trail<'a>, step: &'a str, item: Option<ItemId> },
}

impl<'a> Trail<'a> {
    pub fn step(&'a self, step: &'a str, item: Option<ItemId>) -> Trail<'a> {
        Trail::Step { above: self, step, item }
    }

    pub fn path(&self) -> Path {
        match self {
            Trail::From(path) => (*path).clone(),
            Trail::Step { .. } => {
                let mut text = String::with_capacity(80);
                self.write(&mut text);
                Path::trusted(text)
            }
        }
    }

    /// The path of a step further down.
    pub fn to(&self, step: &str, item: Option<ItemId>) -> Path {
        self.step(step, item).path()
    }

    fn write(&self, text: &mut String) {
        match self {
            Trail::From(path) => text.push_str(path.as_str()),
            Trail::Step { above, step, item } => {
                above.write(text);
                if !text.is_empty() {
                    text.push('/');
                }
                text.push_str(step);
                if let Some(item) = item {
                    text.push_str(&format!("[{item}]"));
                }
            }
        }
    }
}
