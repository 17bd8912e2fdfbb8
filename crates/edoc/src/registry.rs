//! Kinds of documents that are known: built in and loaded, several editions side by side.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    name::{Name, compare_editions, edition},
    remark,
    schema::{Schema, SchemaError},
    statform,
    tree::KindId,
};

/// Schemas by kind and edition. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    schemas: BTreeMap<KindId, Arc<Schema>>,
}

impl Registry {
    /// A registry without kinds.
    pub fn new() -> Self {
        Self::default()
    }

    /// The kinds that are described in this crate: the statistical form and the list of errors.
    ///
    /// # Errors
    /// Never, as the tests of the descriptions prove; the type says that descriptions are checked.
    pub fn builtin() -> Result<Self, SchemaError> {
        let mut registry = Self::new();
        registry.insert(statform::schema()?);
        registry.insert(remark::error_list_schema()?);
        Ok(registry)
    }

    /// Adds a schema. One of the same kind and edition is replaced.
    pub fn insert(&mut self, schema: Schema) {
        self.insert_shared(Arc::new(schema));
    }

    /// Adds a schema that others hold too.
    pub fn insert_shared(&mut self, schema: Arc<Schema>) {
        self.schemas.insert(schema.kind().clone(), schema);
    }

    /// Adds a schema unless one of the same kind and edition is there. Built-in descriptions have
    /// labels in two languages, so a server keeps them when it loads the album.
    pub fn insert_absent(&mut self, schema: Schema) {
        let kind = schema.kind().clone();
        self.schemas.entry(kind).or_insert_with(|| Arc::new(schema));
    }

    /// The schema of a kind, of one edition or of the latest.
    pub fn get(&self, mode_id: &str, edition: Option<&str>) -> Option<Arc<Schema>> {
        self.newest(|kind| {
            kind.mode_id == mode_id && edition.is_none_or(|edition| kind.edition == edition)
        })
    }

    /// The schema of exactly this kind and edition.
    pub fn exact(&self, kind: &KindId) -> Option<Arc<Schema>> {
        self.schemas.get(kind).cloned()
    }

    /// The schema for a document with this root element: that of its edition, otherwise the newest
    /// one of the same kind.
    pub fn for_root(&self, root: &Name) -> Option<Arc<Schema>> {
        let stem = edition(&root.ns).0;
        self.newest(|kind| kind.root == *root.local && kind.namespace == *root.ns).or_else(|| {
            self.newest(|kind| kind.root == *root.local && edition(&kind.namespace).0 == stem)
        })
    }

    fn newest(&self, fits: impl Fn(&KindId) -> bool) -> Option<Arc<Schema>> {
        let fitting = self.schemas.iter().filter(|(kind, _)| fits(kind));
        fitting
            .max_by(|a, b| compare_editions(&a.0.edition, &b.0.edition))
            .map(|(_, schema)| schema.clone())
    }

    /// Kinds in order of their codes.
    pub fn kinds(&self) -> impl Iterator<Item = &KindId> {
        self.schemas.keys()
    }

    pub fn schemas(&self) -> impl Iterator<Item = &Arc<Schema>> {
        self.schemas.values()
    }

    pub fn len(&self) -> usize {
        self.schemas.len()
    }

    pub fn is_empty(&self) -> bool {
        self.schemas.is_empty()
    }
}
