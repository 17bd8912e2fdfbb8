//! Who may use whom (ARCHITECTURE.md). A new arrow between rooms is a decision, not an accident:
//! it fails here first.

use crate::workspace::{Package, Workspace};

/// Every room and the rooms that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("gost3410", &[]),
    ("edoc", &["domain"]),
    ("signature", &["domain", "gost3410"]),
    ("signer", &["signature"]),
    ("backend", &["domain", "edoc", "signature"]),
    ("sandbox", &["domain", "edoc", "signature"]),
    ("app", &["domain", "edoc", "signature", "signer", "backend"]),
    ("frontend", &["app"]),
    ("server", &["domain", "edoc", "signature", "backend", "app", "sandbox"]),
    ("xtask", &[]),
];

/// Outside crates that a room must not know, whichever way they would come.
const STRANGERS: &[(&str, &[&str])] = &[
    ("domain", &["tokio", "axum", "leptos", "sea-orm", "reqwest"]),
    ("edoc", &["tokio", "axum", "leptos", "sea-orm", "reqwest"]),
    ("backend", &["axum", "leptos", "leptos_axum"]),
    ("sandbox", &["leptos", "sea-orm"]),
    ("app", &["sea-orm", "sea-orm-migration", "reqwest"]),
    ("server", &["sea-orm"]),
];

/// What is wrong with a package, in words.
fn mistakes(package: &Package) -> Vec<String> {
    let name = package.name.as_str();
    let Some((_, allowed)) = ARROWS.iter().find(|(room, _)| *room == name) else {
        return vec![format!("{name} is a new room: give it a row in ARROWS")];
    };
    let strangers = STRANGERS.iter().find(|(room, _)| *room == name).map_or(&[][..], |(_, s)| s);
    let mut found = Vec::new();
    for dependency in &package.dependencies {
        let other = dependency.name.as_str();
        if dependency.path.is_some() && other != name && !allowed.contains(&other) {
            found.push(format!("{name} must not use {other}"));
        }
        if strangers.contains(&other) && dependency.kind.as_deref() != Some("dev") {
            found.push(format!("{name} must not know {other}"));
        }
        if name == "app" && other == "backend" && !dependency.optional {
            found.push("app may use backend only with its feature ssr".into());
        }
    }
    found
}

#[test]
fn no_arrow_is_new() {
    let workspace = Workspace::locate().unwrap();
    let found: Vec<String> = workspace.packages.values().flat_map(mistakes).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_browser_never_gets_the_backend() {
    let workspace = Workspace::locate().unwrap();
    let app = &workspace.packages["app"];
    let reaches_backend =
        |feature: &&String| app.features[*feature].iter().any(|value| value == "dep:backend");
    let features: Vec<&String> = app.features.keys().filter(reaches_backend).collect();
    assert_eq!(features, ["ssr"]);
}

#[test]
fn a_wrong_arrow_is_seen() {
    let package = |json: &str| serde_json::from_str::<Package>(json).unwrap();
    let with = |name: &str, dependency: &str| {
        package(&format!(
            r#"{{"name":"{name}","manifest_path":"/x/Cargo.toml","features":{{}},"dependencies":[{dependency}]}}"#
        ))
    };
    let path = |name: &str| {
        format!(r#"{{"name":"{name}","kind":null,"optional":false,"features":[],"path":"/y"}}"#)
    };
    let registry = |name: &str, kind: &str| {
        format!(r#"{{"name":"{name}","kind":{kind},"optional":false,"features":[],"path":null}}"#)
    };
    assert_eq!(mistakes(&with("sandbox", &path("backend"))), ["sandbox must not use backend"]);
    assert_eq!(
        mistakes(&with("backend", &registry("axum", "null"))),
        ["backend must not know axum"]
    );
    assert!(mistakes(&with("backend", &registry("axum", "\"dev\""))).is_empty());
    assert_eq!(mistakes(&with("app", &path("backend"))).len(), 1);
    assert_eq!(mistakes(&with("tariff", "")).len(), 1);
}

/// Where `on:` stands at a component of a view, as line numbers: at such a place the handler is
/// added again each time the view around it runs (ADR 6).
fn spread_handlers(source: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for (at, mark) in source.match_indices(" on:") {
        // A parameter of this name is followed by its type, after a blank.
        if !source[at + mark.len()..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let before = &source[..at];
        // The tag that was opened last: `<` right before a letter; `<` of a type has none after a
        // blank.
        let tag = before.rmatch_indices('<').find_map(|(open, _)| {
            let opens = before[..open].ends_with([' ', '\n', '{', '>', '(']);
            before[open + 1..].chars().next().filter(|c| opens && c.is_ascii_alphabetic())
        });
        if tag.is_some_and(|first| first.is_ascii_uppercase()) {
            found.push(before.matches('\n').count() + 1);
        }
    }
    found
}

#[test]
fn handlers_stand_at_elements_only() {
    assert_eq!(spread_handlers("view! { <p>\n<Button kind=A\n on:click=f/></p> }"), [3]);
    assert!(spread_handlers("let a: Vec<u8>; view! { <ul><button on:click=f/></ul> }").is_empty());
    let app = Workspace::locate().unwrap().root.join("app/src");
    let mut folders = vec![app];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let lines = spread_handlers(&std::fs::read_to_string(&path).unwrap());
                assert!(lines.is_empty(), "{}: {lines:?}", path.display());
            }
        }
    }
}
