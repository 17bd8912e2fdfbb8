//! Reading what others write: editions, encodings, damage.

use edoc::{
    check, convert,
    diff::{DifferenceKind, diff},
    draft::Draft,
    patch::{Change, Patch},
    path::Path,
    registry::Registry,
    remark::Code,
    schema::Schema,
    statform,
    tree::Content,
    xml::{self, Encoding, Limits, XmlErrorKind},
    xsd::{Album, AlbumError, Files},
};
use proptest::prelude::*;

const SAMPLE: &str = include_str!("fixtures/statform.xml");

fn registry() -> Registry {
    Registry::builtin().unwrap()
}

#[test]
fn other_editions_are_understood() {
    let (plain, _) = xml::read(SAMPLE.as_bytes(), &registry()).unwrap();
    for edition in ["5.24.0", "5.11.0", "5.30"] {
        let other = SAMPLE.replace("5.23.0", edition).replace("5.22.0", edition);
        let (tree, notes) = xml::read(other.as_bytes(), &registry()).unwrap();
        assert_eq!(notes.converted_from.as_deref(), Some(edition));
        assert_eq!((&tree, notes.unknown), (&plain, vec![]));
    }
    let error = xml::read(SAMPLE.replace(":StaticForm:", ":Other:").as_bytes(), &registry());
    let error = error.unwrap_err();
    assert!(matches!(error.kind, XmlErrorKind::UnknownKind { .. }));
    assert_eq!((error.line, error.column), (2, 1));
}

#[test]
fn encodings_are_understood() {
    let (plain, _) = xml::read(SAMPLE.as_bytes(), &registry()).unwrap();
    let declared = SAMPLE.replace("UTF-8", "windows-1251");
    let cyrillic: Vec<u8> = declared
        .chars()
        .map(|c| match c {
            'А'..='я' => (c as u32 - 0x410 + 0xC0) as u8,
            c => u8::try_from(c as u32).unwrap(),
        })
        .collect();
    let (tree, notes) = xml::read(&cyrillic, &registry()).unwrap();
    assert_eq!((tree, notes.encoding), (plain.clone(), Encoding::Windows1251));
    let wide: Vec<u8> = format!("\u{FEFF}{}", SAMPLE.replace("UTF-8", "UTF-16"))
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let (tree, notes) = xml::read(&wide, &registry()).unwrap();
    assert_eq!((tree, notes.encoding), (plain, Encoding::Utf16));
}

#[test]
fn the_unknown_is_kept_and_told() {
    let odd = SAMPLE
        .replace("<NSF>", "<Odd a='1'><deep xmlns=''>x &amp; y</deep></Odd><NSF>")
        .replace("<TransportName>", "<NSF>второй</NSF><TransportName note='да'>")
        .replace("<TradeCountry>", "<TradeCountry>стрелка<!-- нет -->");
    let registry = registry();
    let schema = registry.get("1006124E", None).unwrap();
    let (tree, notes) = xml::read(odd.as_bytes(), &registry).unwrap();
    assert_eq!(notes.unknown.len(), 2, "{:?}", notes.unknown);
    assert_eq!(notes.stray_text[0].text, "стрелка");
    assert!(!notes.reordered.is_empty());
    let written = xml::write(&tree, &schema);
    let (again, _) = xml::read(&written, &registry).unwrap();
    let draft = Draft::from_tree(&tree, &schema);
    assert_eq!(xml::write(&draft.tree(&schema), &schema), written);
    assert_eq!(again.root.list("Odd").count(), 1);
    let codes: Vec<_> = check::check(&tree, &schema).into_iter().map(|r| r.code).collect();
    assert_eq!(codes, [Code::MANY, Code::UNKNOWN, Code::UNKNOWN]);
}

#[test]
fn dangerous_and_broken_files_are_refused() {
    let cases = [
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", 1, 1),
        ("<a>\n  &nbsp;</a>", 2, 3),
        ("<a>\n<b></a>", 2, 4),
        ("<a b='1' b='2'/>", 1, 10),
        ("<a b=1/>", 1, 6),
        ("<x:a/>", 1, 1),
        ("<a>\u{1}</a>", 1, 4),
        ("<a/><b/>", 1, 5),
        ("<a>]]></a>", 1, 4),
        ("<a b='<'/>", 1, 7),
        ("", 1, 1),
        ("<a>&#xD800;</a>", 1, 4),
        ("<a xmlns:p=''/>", 1, 4),
    ];
    for (text, line, column) in cases {
        let error = xml::read(text.as_bytes(), &registry()).unwrap_err();
        assert_eq!((error.line, error.column), (line, column), "{text}: {error}");
        assert!(!matches!(error.kind, XmlErrorKind::UnknownKind { .. }), "{text}");
    }
    let deep = "<a>".repeat(100) + &"</a>".repeat(100);
    let error = xml::read(deep.as_bytes(), &registry()).unwrap_err();
    assert!(matches!(error.kind, XmlErrorKind::Limit("levels", _)));
    let wide = format!("<a>{}</a>", "<b/>".repeat(20));
    let limits = Limits { elements: 10, ..Limits::default() };
    let error = xml::read_bounded(wide.as_bytes(), &registry(), &limits).unwrap_err();
    assert!(matches!(error.kind, XmlErrorKind::Limit("elements", 10)));
}

/// The built-in schema under another edition, one field of it taken away.
fn newer() -> Schema {
    let mut parts = statform::schema().unwrap().parts().clone();
    parts.kind.namespace = parts.kind.namespace.replace("5.23.0", "5.24.0");
    parts.kind.edition = "5.24.0".into();
    for namespace in &mut parts.namespaces {
        namespace.uri =
            namespace.uri.replace("5.23.0", "5.24.0").replace("5.22.0", "5.24.0").into();
    }
    for complex in &mut parts.complex {
        if let edoc::schema::ContentModel::Elements(particle) = &mut complex.content
            && let edoc::schema::Term::Sequence(inner) = &mut particle.term
        {
            inner.retain(|particle| {
                !matches!(&particle.term, edoc::schema::Term::Element(decl) if &*decl.local == "NSF")
            });
        }
    }
    Schema::new(parts).unwrap()
}

#[test]
fn a_document_put_into_its_own_edition_loses_only_what_that_has_no_place_for() {
    let registry = registry();
    let schema = registry.get("1006124E", None).unwrap();
    let twice = "<ReportingDate>2026-10</ReportingDate>";
    assert!(SAMPLE.contains(twice), "the sample is of October");
    let text = SAMPLE.replace(twice, &format!("{twice}<Colour>RED</Colour>{twice}"));
    let (tree, _) = xml::read(text.as_bytes(), &registry).unwrap();
    let converted = convert::convert(&tree, &schema, &schema).unwrap();
    let [unfit] = converted.unfit.as_slice() else { panic!("{:?}", converted.unfit) };
    assert_eq!(unfit.value, "RED");
    // The second month stays, also in a draft, and is found too many.
    let kept = Draft::from_tree(&converted.tree, &schema).tree(&schema);
    let remarks = check::check(&kept, &schema);
    let [remark] = remarks.as_slice() else { panic!("{remarks:?}") };
    assert_eq!(remark.code, Code::MANY);
    let (sample, _) = xml::read(SAMPLE.as_bytes(), &registry).unwrap();
    assert_eq!(convert::convert(&sample, &schema, &schema).unwrap().tree, sample);
}

#[test]
fn editions_are_converted() {
    let mut registry = registry();
    registry.insert(newer());
    let (old, new) = (
        registry.get("1006124E", Some("5.23.0")).unwrap(),
        registry.get("1006124E", None).unwrap(),
    );
    assert_eq!(new.kind().edition, "5.24.0");
    let (tree, notes) = xml::read(SAMPLE.as_bytes(), &registry).unwrap();
    assert_eq!((&*tree.kind.edition, notes.converted_from), ("5.23.0", None));
    let converted = convert::convert(&tree, &old, &new).unwrap();
    assert_eq!(converted.unfit.len(), 1);
    assert_eq!(
        (converted.unfit[0].path.as_str(), converted.unfit[0].value.as_str()),
        ("NSF", "отсутствует")
    );
    assert_eq!(check::check(&converted.tree, &new), []);
    let bytes = String::from_utf8(xml::write(&converted.tree, &new)).unwrap();
    assert!(!bytes.contains("5.22.0") && bytes.contains("StaticForm:5.24.0"));
    let errors = edoc::remark::error_list_schema().unwrap();
    assert!(convert::convert(&tree, &old, &errors).is_err());
}

#[test]
fn differences_are_told_field_by_field() {
    let (before, _) = xml::read(SAMPLE.as_bytes(), &registry()).unwrap();
    let schema = statform::schema().unwrap();
    assert_eq!(diff(&before, &before, &schema), []);
    let mut after = before.clone();
    let Content::Children(children) = &mut after.root.content else { unreachable!() };
    children.retain(|child| &*child.name.local != "NSF");
    let documents: Vec<_> =
        (0..children.len()).filter(|n| &*children[*n].name.local == "Documents").collect();
    children.swap(documents[0], documents[1]);
    let cost: Path = "GoodsInfo[x5]/InvoicedCost".parse().unwrap();
    let line = before.items(&"GoodsInfo".parse().unwrap())[0];
    let cost = Path::root().child("GoodsInfo", Some(line)).join(cost.last().unwrap().text);
    after.root.get_mut(&cost).unwrap().content = Content::Text("1.00".into());
    let found = diff(&before, &after, &schema);
    let kinds: Vec<_> = found.iter().map(|difference| difference.kind).collect();
    assert_eq!(kinds, [DifferenceKind::Moved, DifferenceKind::Changed, DifferenceKind::Removed]);
    assert_eq!(found[1].path, cost);
    assert_eq!(
        (found[1].before.as_deref(), found[1].after.as_deref()),
        (Some("150000.00"), Some("1.00"))
    );
    assert_eq!(found[2].path.as_str(), "NSF");
}

const XSD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:n="urn:test:Note:1.0"
    targetNamespace="urn:test:Note:1.0" elementFormDefault="qualified">
  <xs:element name="Note" type="n:NoteType"/>
  <xs:simpleType name="Code"><xs:restriction base="xs:token"><xs:pattern value="\d{2}"/></xs:restriction></xs:simpleType>
  <xs:complexType name="NoteType"><xs:sequence>
    <xs:element name="Line" type="n:Code" maxOccurs="unbounded"/>
    <xs:choice minOccurs="0"><xs:element name="A" type="n:NoteType"/><xs:any/></xs:choice>
  </xs:sequence><xs:attribute name="DocumentModeID" type="xs:string" use="required" fixed="1000001E"/></xs:complexType>
</xs:schema>"#;

fn load(text: &str) -> Result<Album, AlbumError> {
    Album::load(&Files(vec![("note.xsd".into(), text.as_bytes().to_vec())]))
}

#[test]
fn a_bad_album_is_refused_with_file_and_line() {
    assert_eq!(load(XSD).unwrap().schemas.len(), 1);
    for (from, to, line) in [
        ("n:Code\" max", "n:Missing\" max", 7),
        ("type=\"n:NoteType\"/>\n", "type=\"q:NoteType\"/>\n", 4),
        ("xs:token", "xs:tokn", 5),
        ("\\d{2}", "\\d{2", 5),
        ("<xs:choice minOccurs=\"0\">", "<xs:all/><xs:choice minOccurs=\"0\">", 8),
        ("maxOccurs=\"unbounded\"", "maxOccurs=\"few\"", 7),
        ("name=\"A\"", "name=\"1\"", 8),
        (
            "<xs:element name=\"Note\"",
            "<xs:element name=\"Note\" type=\"n:NoteType\"/>\n<xs:element name=\"Note\"",
            5,
        ),
    ] {
        let broken = XSD.replace(from, to);
        assert_ne!(broken, XSD, "{from}");
        match load(&broken).unwrap_err() {
            AlbumError::Schema { file, line: at, .. } => {
                assert_eq!((file.as_str(), at), ("note.xsd", line), "{to}")
            }
            other => panic!("{to}: {other}"),
        }
    }
    assert!(matches!(load("<a/>"), Err(AlbumError::Schema { .. })));
    assert!(matches!(load("<a>"), Err(AlbumError::Xml { .. })));
    assert!(matches!(Album::load(&Files::default()), Err(AlbumError::Empty)));
    assert!(matches!(load(&XSD.replace("fixed=\"1000001E\"", "")), Err(AlbumError::NoKinds)));
}

fn mutate(text: &str, edits: &[(usize, Option<u8>, u8)]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (at, insert, byte) in edits {
        let at = at % bytes.len();
        match insert {
            Some(new) => bytes.insert(at, *new),
            None => bytes[at] = *byte,
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_xml_panics(edits in prop::collection::vec((any::<usize>(), any::<Option<u8>>(), any::<u8>()), 1..6)) {
        let registry = registry();
        if let Ok((tree, _)) = xml::read(&mutate(SAMPLE, &edits), &registry) {
            let schema = registry.exact(&tree.kind).unwrap();
            let written = xml::write(&tree, &schema);
            let (again, _) = xml::read(&written, &registry).unwrap();
            prop_assert_eq!(xml::write(&again, &schema), written);
            let _ = statform::check_all(&tree, &schema, &crate::support::World::new());
            prop_assert_eq!(Draft::from_tree(&tree, &schema).tree(&schema).root.count(), tree.root.count());
        }
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = xml::read(&bytes, &registry());
        let _ = Album::load(&Files(vec![("a.xsd".into(), bytes)]));
    }

    #[test]
    fn no_xsd_panics(edits in prop::collection::vec((any::<usize>(), any::<Option<u8>>(), any::<u8>()), 1..6)) {
        let bytes = mutate(XSD, &edits);
        if let Ok(album) = Album::load(&Files(vec![("note.xsd".into(), bytes)])) {
            for schema in album.schemas {
                let _ = edoc::form::form(&schema, &Path::root(), domain::lang::Lang::Ru);
                let _ = check::check(&schema.empty_tree(), &schema);
            }
        }
    }

    #[test]
    fn no_patch_panics(
        texts in prop::collection::vec("[A-Z@{}:/a-zx\\[\\]0-9]{0,24}|GoodsInfo\\[x[0-9]\\](/[A-Z][a-z]{1,5})?|NSF", 1..8),
        counters in prop::collection::vec(any::<u64>(), 8),
        kinds in prop::collection::vec(0usize..4, 8),
    ) {
        let (tree, _) = xml::read(SAMPLE.as_bytes(), &registry()).unwrap();
        let schema = statform::schema().unwrap();
        let mut draft = Draft::from_tree(&tree, &schema);
        for (n, text) in texts.iter().enumerate() {
            let patch = match kinds[n] {
                0 => serde_json::json!({"set": {"path": text, "value": "1"}}),
                1 => serde_json::json!({"remove": {"item": text}}),
                2 => serde_json::json!({"move": {"item": text, "position": "a1"}}),
                _ => serde_json::json!({"insert": {"list": text, "item": "ab3", "position": "z", "value": null}}),
            };
            let change = serde_json::json!({"stamp": [counters[n], "ab"], "base": [3, "x"], "patch": patch});
            if let Ok(change) = serde_json::from_value::<Change>(change) {
                let _ = change.check(&schema);
                draft.apply(&change);
                let _ = draft.edit(&"ac".parse().unwrap(), change.patch);
                let _ = (draft.tree(&schema), draft.conflicts());
            }
        }
        let json = serde_json::to_string(&draft).unwrap();
        prop_assert_eq!(serde_json::from_str::<Draft>(&json).unwrap(), draft);
        let _: Result<Patch, _> = serde_json::from_str(&texts.join(","));
    }
}
