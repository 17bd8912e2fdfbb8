//! read(write(x)) = x for random documents of random schemas and of the album.

use std::{fs, path::Path as FilePath, process::Command};

use crate::support::{
    random::{self, Dice, Wish},
    shared_data,
};
use edoc::{
    check,
    draft::Draft,
    registry::Registry,
    remark::has_errors,
    schema::Schema,
    statform,
    tree::Tree,
    xml,
    xsd::{Album, open},
};
use proptest::prelude::*;

fn survives(tree: &Tree, schema: &Schema, registry: &Registry) {
    let bytes = xml::write(tree, schema);
    let (read, notes) = xml::read(&bytes, registry)
        .unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&bytes)));
    assert_eq!(&read, tree, "{}", String::from_utf8_lossy(&bytes));
    assert_eq!((notes.converted_from, notes.stray_text.len()), (None, 0));
    assert_eq!(notes.reordered, []);
    assert_eq!(xml::write(&read, schema), bytes);
    let draft = Draft::from_tree(tree, schema);
    assert_eq!(&draft.tree(schema), tree);
    let json = serde_json::to_string(&draft).unwrap();
    assert_eq!(serde_json::from_str::<Draft>(&json).unwrap(), draft);
    let json = serde_json::to_string(tree).unwrap();
    assert_eq!(&serde_json::from_str::<Tree>(&json).unwrap(), tree);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn documents_of_random_schemas_survive(seed: u64, valid: bool, unknown: bool) {
        let mut dice = Dice(seed);
        let schema = random::schema(&mut dice);
        let json = serde_json::to_string(&schema).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Schema>(&json).unwrap(), &schema);
        let mut registry = Registry::new();
        registry.insert(schema.clone());
        let tree = random::tree(&schema, &mut dice, Wish { valid, unknown });
        survives(&tree, &schema, &registry);
        if valid && !unknown {
            prop_assert_eq!(check::check(&tree, &schema), vec![]);
        }
    }

    #[test]
    fn statforms_survive(seed: u64, valid: bool, unknown: bool) {
        let schema = statform::schema().unwrap();
        let registry = Registry::builtin().unwrap();
        let tree = random::tree(&schema, &mut Dice(seed), Wish { valid, unknown });
        survives(&tree, &schema, &registry);
        if valid && !unknown {
            prop_assert_eq!(check::check(&tree, &schema), vec![]);
        }
    }

    #[test]
    fn a_wrong_value_is_found(seed: u64) {
        let schema = statform::schema().unwrap();
        let mut dice = Dice(seed);
        let mut tree = random::tree(&schema, &mut dice, Wish { valid: true, unknown: false });
        let path = "CustomsProcedure".parse().unwrap();
        tree.root.get_mut(&path).unwrap().content = edoc::tree::Content::Text("ИМП".into());
        let remarks = check::check(&tree, &schema);
        prop_assert!(has_errors(&remarks) && remarks.iter().all(|remark| remark.path == path));
    }
}

#[test]
fn documents_of_the_album_survive_and_are_valid() {
    let Some(data) = shared_data() else { return };
    let files = open(&data.join("album_5_23_0/Schemas_out_5_23_0.tar.gz")).unwrap();
    let folder = std::env::temp_dir().join(format!("edoc-roundtrip-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in &files.0 {
        fs::write(folder.join(name.rsplit('/').next().unwrap()), bytes).unwrap();
    }
    let album = Album::load(&files).unwrap();
    let mut registry = Registry::new();
    album.schemas.iter().for_each(|schema| registry.insert(schema.clone()));
    let mut dice = Dice(20261122);
    for (n, schema) in album.schemas.iter().enumerate() {
        let free = random::tree(schema, &mut dice, Wish { valid: false, unknown: true });
        survives(&free, schema, &registry);
        let tree = random::tree(schema, &mut dice, Wish { valid: true, unknown: false });
        survives(&tree, schema, &registry);
        assert_eq!(check::check(&tree, schema), [], "{:?}", schema.kind());
        // xmllint needs a quarter of a second a kind, so it looks at one in twelve.
        if n % 12 == 0 {
            validate(&xml::write(&tree, schema), &folder, schema);
        }
    }
    let schema = registry.get(statform::MODE_ID, None).unwrap();
    for _ in 0..20 {
        let tree = random::tree(&schema, &mut dice, Wish { valid: true, unknown: false });
        validate(&xml::write(&tree, &schema), &folder, &schema);
    }
    fs::remove_dir_all(&folder).unwrap();
}

fn validate(xml: &[u8], folder: &FilePath, schema: &Schema) {
    let file = folder.join("document.xml");
    fs::write(&file, xml).unwrap();
    let ns = format!("targetNamespace=\"{}\"", schema.kind().namespace);
    let own = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).find(|path| {
        path.extension().is_some_and(|ext| ext == "xsd")
            && fs::read_to_string(path).unwrap().contains(&ns)
    });
    let run = Command::new("xmllint")
        .arg("--noout")
        .arg("--schema")
        .arg(own.unwrap())
        .arg(&file)
        .output();
    let run = run.expect("xmllint is not installed: apt-get install libxml2-utils");
    let text = String::from_utf8_lossy(xml);
    assert!(run.status.success(), "{}\n{text}", String::from_utf8_lossy(&run.stderr));
}
