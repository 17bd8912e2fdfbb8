//! Every small damage of the sample is judged by us as xmllint judges it by the official XSD.

use std::{collections::BTreeMap, fs, ops::Range, process::Command};

use crate::support::shared_data;
use edoc::{check, registry::Registry, remark::has_errors, xml};

/// An element in the text of a document.
struct Span {
    name: String,
    whole: Range<usize>,
    inside: Range<usize>,
    parent: Option<usize>,
    has_children: bool,
}

/// The elements of a document without comments, CDATA and `>` in attributes.
fn spans(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        let end = start + text[start..].find('>').unwrap() + 1;
        let tag = &text[start + 1..end - 1];
        at = end;
        if tag.starts_with('?') {
            continue;
        }
        if tag.starts_with('/') {
            let closed = open.pop().unwrap();
            spans[closed].inside.end = start;
            spans[closed].whole.end = end;
            continue;
        }
        let parent = open.last().copied();
        if let Some(parent) = parent {
            spans[parent].has_children = true;
        }
        let name = tag.split([' ', '/', '\n']).next().unwrap().to_owned();
        let (whole, inside) = (start..end, end..end);
        spans.push(Span { name, whole, inside, parent, has_children: false });
        if !tag.ends_with('/') {
            open.push(spans.len() - 1);
        }
    }
    spans
}

fn replaced(text: &str, range: Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..range.start], &text[range.end..])
}

/// What is done, and the document after it.
fn mutants(text: &str) -> Vec<(String, String)> {
    let spans = spans(text);
    let mut out = Vec::new();
    for (place, span) in spans.iter().enumerate() {
        let mut add = |what: &str, text: String| out.push((format!("{what} {}", span.name), text));
        let whole = &text[span.whole.clone()];
        if span.parent.is_some() {
            add("delete", replaced(text, span.whole.clone(), ""));
            add("duplicate", replaced(text, span.whole.clone(), &whole.repeat(2)));
            add("attribute", {
                let at = span.whole.start + 1 + span.name.len();
                replaced(text, at..at, r#" stray="1""#)
            });
        }
        let next = spans[place + 1..]
            .iter()
            .find(|next| next.parent == span.parent && next.whole.start >= span.whole.end);
        if let Some(next) = next.filter(|next| next.name != span.name) {
            let between = &text[span.whole.end..next.whole.start];
            let swapped = format!("{}{between}{whole}", &text[next.whole.clone()]);
            add("swap", replaced(text, span.whole.start..next.whole.end, &swapped));
        }
        if span.has_children {
            add("text in", replaced(text, span.inside.start..span.inside.start, "лишнее"));
        } else {
            let value = &text[span.inside.clone()];
            add("empty", replaced(text, span.inside.clone(), ""));
            add("long", replaced(text, span.inside.clone(), &"Я".repeat(2000)));
            add("blanks in", replaced(text, span.inside.clone(), &format!("  {value} ")));
        }
    }
    out
}

/// Whether each file is valid, by one run of xmllint.
fn verdicts(
    xsd: &std::path::Path,
    folder: &std::path::Path,
    count: usize,
) -> BTreeMap<usize, bool> {
    let files = (0..count).map(|number| format!("{number}.xml"));
    let run = Command::new("xmllint")
        .current_dir(folder)
        .args(["--noout", "--schema"])
        .arg(fs::canonicalize(xsd).unwrap())
        .args(files)
        .output()
        .expect("xmllint is not installed: apt-get install libxml2-utils");
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    let verdict = |line: &str| {
        let (file, is_valid) = match line.strip_suffix(" validates") {
            Some(file) => (file, true),
            None => (line.strip_suffix(" fails to validate")?, false),
        };
        Some((file.strip_suffix(".xml")?.parse().ok()?, is_valid))
    };
    said.lines().filter_map(verdict).collect()
}

#[test]
fn damaged_documents_are_judged_as_by_the_official_schema() {
    let Some(data) = shared_data() else { return };
    let sample = fs::read_to_string(data.join("samples/StaticForm_5.23.0_sample.xml")).unwrap();
    let mutants = mutants(&sample);
    let folder = std::env::temp_dir().join(format!("edoc-mutants-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for (number, (_, text)) in mutants.iter().enumerate() {
        fs::write(folder.join(format!("{number}.xml")), text).unwrap();
    }
    let xsd = data.join("album_5_23_0/xsd_statform/StaticForm.xsd");
    let verdicts = verdicts(&xsd, &folder, mutants.len());
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(verdicts.len(), mutants.len());
    let invalid = verdicts.values().filter(|is_valid| !**is_valid).count();
    assert!(invalid > 200 && invalid < mutants.len(), "{invalid} of {}", mutants.len());

    let registry = Registry::builtin().unwrap();
    let schema = registry.get("1006124E", None).unwrap();
    let wrong: Vec<String> = mutants
        .iter()
        .enumerate()
        .filter_map(|(number, (what, text))| {
            let (tree, notes) = xml::read(text.as_bytes(), &registry).unwrap();
            let mut remarks = check::remarks_of_notes(&notes, &schema);
            remarks.extend(check::check(&tree, &schema));
            let theirs = verdicts[&number];
            (has_errors(&remarks) == theirs).then(|| format!("{what}: valid {theirs}, {remarks:?}"))
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}
