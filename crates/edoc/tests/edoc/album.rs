//! The official album as a whole.

use std::fs;

use crate::support::shared_data;
use domain::lang::Lang;
use edoc::{
    check,
    draft::Draft,
    form,
    path::Path,
    registry::Registry,
    schema::Schema,
    xml,
    xsd::{Album, open},
};

#[test]
fn every_kind_loads_and_is_usable() {
    let Some(data) = shared_data() else { return };
    let folder = data.join("album_5_23_0");
    let files = open(&folder.join("Schemas_out_5_23_0.tar.gz")).unwrap();
    let album = Album::load(&files).unwrap();
    assert_eq!((album.files, album.schemas.len()), (723, 668));
    let index = fs::read_to_string(folder.join("index_documents.tsv")).unwrap();
    let mut registry = Registry::new();
    let mut stored = 0;
    for schema in album.schemas {
        let kind = schema.kind().clone();
        let row = index.lines().any(|line| {
            let mut columns = line.split('\t');
            columns.next() == Some(&kind.mode_id)
                && columns.next() == Some(&kind.root)
                && columns.nth(1) == Some(&kind.namespace)
        });
        assert!(row, "{kind:?} is not in the index");
        assert!(!schema.title().is_empty());
        let form = form::form(&schema, &Path::root(), Lang::Ru).unwrap();
        assert!(!form.children.is_empty(), "{kind:?}");
        let tree = schema.empty_tree();
        assert_eq!(tree.root.attr("DocumentModeID"), Some(kind.mode_id.as_str()));
        let draft = Draft::new(&schema);
        assert_eq!(draft.tree(&schema), tree, "{kind:?}");
        assert!(!check::check(&tree, &schema).is_empty(), "{kind:?} may not be empty");
        let json = serde_json::to_string(&schema).unwrap();
        stored += json.len();
        let back: Schema = serde_json::from_str(&json).unwrap();
        assert_eq!(back, schema, "{kind:?}");
        registry.insert(schema);
    }
    eprintln!("668 schemas as JSON: {stored} bytes");
    assert_eq!(registry.len(), 668);
    for schema in registry.schemas() {
        let bytes = xml::write(&schema.empty_tree(), schema);
        let (tree, notes) = xml::read(&bytes, &registry).unwrap();
        assert_eq!(tree, schema.empty_tree());
        assert_eq!(notes.converted_from, None);
    }
}
