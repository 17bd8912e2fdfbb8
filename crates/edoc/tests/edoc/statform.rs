//! The built-in statistical form against the official format and the given sample.

use std::{fs, process::Command};

use crate::support::{World, shared_data};
use edoc::{
    check,
    draft::Draft,
    patch::{Patch, ReplicaId},
    path::Path,
    registry::Registry,
    remark::{Code, ErrorListHead, Level, Remark, write_error_list},
    schema::{ContentModel, Particle, Schema, Term, TypeRef},
    statform, xml,
    xsd::{Album, open},
};

fn registry() -> Registry {
    Registry::builtin().unwrap()
}

/// Everything of a schema but labels and names of types, from a type downwards.
fn structure(
    schema: &Schema,
    ty: TypeRef,
    around: &mut Vec<TypeRef>,
    depth: usize,
    out: &mut String,
) {
    let pad = "  ".repeat(depth);
    for attribute in schema.attributes(ty) {
        let simple = &schema.parts().simple[attribute.simple as usize];
        out.push_str(&format!(
            "{pad}@{} {} {:?} {:?} {:?} {:?}\n",
            attribute.name,
            attribute.required,
            attribute.fixed,
            attribute.default,
            simple.base,
            simple.facets
        ));
    }
    if let Some(simple) = schema.simple(ty) {
        out.push_str(&format!("{pad}{:?} {:?}\n", simple.base, simple.facets));
    }
    if around.contains(&ty) {
        out.push_str(&format!("{pad}again\n"));
        return;
    }
    around.push(ty);
    if let Some(ContentModel::Elements(particle)) = schema.complex(ty).map(|c| &c.content) {
        particle_structure(schema, particle, around, depth, out);
    }
    around.pop();
}

fn particle_structure(
    schema: &Schema,
    particle: &Particle,
    around: &mut Vec<TypeRef>,
    depth: usize,
    out: &mut String,
) {
    let pad = "  ".repeat(depth);
    let occurs = particle.occurs;
    match &particle.term {
        Term::Element(decl) => {
            let ns = &schema.namespaces()[usize::from(decl.ns)];
            out.push_str(&format!("{pad}{} {{{}}}{} {occurs:?}\n", ns.prefix, ns.uri, decl.local));
            structure(schema, decl.ty, around, depth + 1, out);
        }
        Term::Sequence(inner) | Term::Choice(inner) => {
            let kind = if matches!(particle.term, Term::Choice(_)) { "choice" } else { "sequence" };
            out.push_str(&format!("{pad}{kind} {occurs:?}\n"));
            inner.iter().for_each(|p| particle_structure(schema, p, around, depth + 1, out));
        }
        Term::Any(()) => out.push_str(&format!("{pad}any {occurs:?}\n")),
    }
}

fn dump(schema: &Schema) -> String {
    let mut out = format!("{:?}\n", schema.kind());
    structure(schema, schema.root(), &mut Vec::new(), 0, &mut out);
    out
}

fn assert_same(built_in: &Schema, loaded: &Schema) {
    let (ours, theirs) = (dump(built_in), dump(loaded));
    for (line, (our, their)) in ours.lines().zip(theirs.lines()).enumerate() {
        assert_eq!(our, their, "line {line}");
    }
    assert_eq!(ours.len(), theirs.len());
}

#[test]
fn built_in_descriptions_are_what_the_album_says() {
    let Some(data) = shared_data() else { return };
    let statform = Album::load(&data.join("album_5_23_0/xsd_statform")).unwrap();
    assert_eq!((statform.files, statform.schemas.len()), (8, 1));
    assert_same(&statform::schema().unwrap(), &statform.schemas[0]);
    let album = open(&data.join("album_5_23_0/Schemas_out_5_23_0.tar.gz")).unwrap();
    let album = Album::load(&album).unwrap();
    let errors = album.schemas.iter().find(|schema| schema.kind().mode_id == "1004030E").unwrap();
    assert_same(&edoc::remark::error_list_schema().unwrap(), errors);
    // Labels aside, a document is written the same by both.
    let sample = fs::read(data.join("samples/StaticForm_5.23.0_sample.xml")).unwrap();
    let (tree, _) = xml::read(&sample, &registry()).unwrap();
    let ours = xml::write(&tree, &statform::schema().unwrap());
    assert_eq!(ours, xml::write(&tree, &statform.schemas[0]));
}

#[test]
fn the_sample_survives() {
    let Some(data) = shared_data() else { return };
    let sample = fs::read(data.join("samples/StaticForm_5.23.0_sample.xml")).unwrap();
    let registry = registry();
    let schema = registry.get("1006124E", None).unwrap();
    let (tree, notes) = xml::read(&sample, &registry).unwrap();
    assert_eq!((notes.converted_from, notes.unknown.len(), notes.reordered.len()), (None, 0, 0));
    assert_eq!(check::check(&tree, &schema), []);
    let once = xml::write(&tree, &schema);
    let (again, _) = xml::read(&once, &registry).unwrap();
    assert_eq!(again, tree);
    assert_eq!(xml::write(&again, &schema), once);
    let draft = Draft::from_tree(&tree, &schema);
    assert_eq!(draft.tree(&schema), tree);
    let errors: Vec<_> = statform::check_all(&tree, &schema, &World::new())
        .into_iter()
        .filter(|remark| remark.level == Level::Error)
        .collect();
    assert_eq!(errors, []);
}

/// Runs xmllint; a missing xmllint is a failure that names the command which installs it.
fn validate(xml: &[u8], schema: &std::path::Path) {
    let folder = std::env::temp_dir().join(format!("edoc-{}-{}", std::process::id(), xml.len()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("document.xml");
    fs::write(&file, xml).unwrap();
    let run =
        Command::new("xmllint").arg("--noout").arg("--schema").arg(schema).arg(&file).output();
    let run = run.expect("xmllint is not installed: apt-get install libxml2-utils");
    fs::remove_dir_all(&folder).unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn what_we_write_is_valid() {
    let Some(data) = shared_data() else { return };
    let sample = fs::read(data.join("samples/StaticForm_5.23.0_sample.xml")).unwrap();
    let registry = registry();
    let schema = registry.get("1006124E", None).unwrap();
    let (tree, _) = xml::read(&sample, &registry).unwrap();
    let xsd = data.join("album_5_23_0/xsd_statform/StaticForm.xsd");
    validate(&xml::write(&tree, &schema), &xsd);
    // The same after an edit: a copied line, the fields in any order.
    let mut draft = Draft::from_tree(&tree, &schema);
    let replica = ReplicaId::session(1);
    let goods: Path = "GoodsInfo".parse().unwrap();
    let line = goods.item(draft.items(&goods)[0]);
    let value = draft.element(&line, &schema);
    let item = draft.next_item(&replica);
    let position = draft.position_last(&goods);
    let patch = Patch::Insert { list: goods.clone(), item, position, value };
    patch.check(&schema).unwrap();
    draft.edit(&replica, patch).unwrap();
    for (path, value) in [
        ("NSF", "отсутствует"),
        ("RegNum/GTDNumber", "С000001"),
        ("RegNum/RegistrationDate", "2026-11-10"),
        ("RegNum/CustomsCode", "10000000"),
    ] {
        let patch = Patch::Set { path: path.parse().unwrap(), value: Some(value.into()) };
        patch.check(&schema).unwrap();
        draft.edit(&replica, patch).unwrap();
    }
    let tree = draft.tree(&schema);
    assert_eq!(tree.root.list("GoodsInfo").count(), 2);
    assert_eq!(check::check(&tree, &schema), []);
    validate(&xml::write(&tree, &schema), &xsd);
}

#[test]
fn lists_of_errors_are_valid() {
    let Some(data) = shared_data() else { return };
    let folder = std::env::temp_dir().join(format!("edoc-album-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let files = open(&data.join("album_5_23_0/Schemas_out_5_23_0.tar.gz")).unwrap();
    for (name, bytes) in files.0 {
        fs::write(folder.join(name.rsplit('/').next().unwrap()), bytes).unwrap();
    }
    let path: Path = "GoodsInfo[x3]/GoodsTNVEDCode".parse().unwrap();
    let remarks = [
        Remark::error(Code::TNVED_SHORT, path).found("8471").arg("goods", 3),
        Remark::warning(Code::DOCUMENTS, Path::root()),
    ];
    let head = ErrorListHead {
        document_id: "7f0f2a52-6b0b-4c0c-9a4e-2f6b5d1c7a10".into(),
        ref_document_id: Some("8f0f2a52-6b0b-4c0c-9a4e-2f6b5d1c7a10".into()),
        checked: World::new().today.and_hms_opt(12, 0, 5).unwrap(),
        customs_code: "10000000".into(),
        customs_name: Some("Центральная таможня".into()),
        bad_document_id: "6f0f2a52-6b0b-4c0c-9a4e-2f6b5d1c7a10".into(),
        bad_document_name: None,
        bad_mode_id: Some("1006124E".into()),
    };
    validate(&write_error_list(&remarks, &head).unwrap(), &folder.join("ErrorList.xsd"));
    fs::remove_dir_all(&folder).unwrap();
}
