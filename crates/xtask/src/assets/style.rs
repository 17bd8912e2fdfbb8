//! One style sheet out of `style/main.css` and what it imports.
//!
//! An `@import` is replaced by the imported rules, inside the `@layer`, `@supports` or `@media` that the import
//! names, as a browser would apply them. Comments and needless spaces go.

use std::path::{Path, PathBuf};

use super::read_text;
use crate::failure::{Failure, Result};

/// Reads the entry and its imports.
///
/// # Errors
/// A file that is missing or imports itself, an import that is not understood or stands after
/// rules, a relative `url(…)` (the bundle lives elsewhere than its sources), unbalanced braces.
pub fn bundle(entry: &Path) -> Result<String> {
    let mut out = String::new();
    include(entry, &mut Vec::new(), &mut out)?;
    Ok(out)
}

fn include(path: &Path, above: &mut Vec<PathBuf>, out: &mut String) -> Result<()> {
    let wrong = |what: String| Failure::new(format!("{}: {what}.", path.display()));
    if above.iter().any(|p| p == path) {
        return Err(wrong("imports itself".into()));
    }
    let text = compact(&read_text(path)?).map_err(wrong)?;
    above.push(path.to_path_buf());
    let mut rest = text.as_str();
    while let Some((statement, after)) = leading_statement(rest) {
        match statement.strip_prefix("@import") {
            Some(import) => {
                let import = Import::parse(import.trim())
                    .ok_or_else(|| wrong(format!("`{statement}` is not understood")))?;
                let file = path.parent().unwrap_or(path).join(&import.file);
                out.push_str(&import.open);
                include(&file, above, out)?;
                out.push_str(&"}".repeat(import.open.matches('{').count()));
            }
            None if statement.starts_with("@charset") => {}
            None => {
                out.push_str(statement);
                out.push(';');
            }
        }
        rest = after;
    }
    above.pop();
    if rest.contains("@import") {
        return Err(wrong("an @import stands after rules".into()));
    }
    if let Some(url) = relative_url(rest) {
        return Err(wrong(format!("`{url}` is relative; use an absolute path or data:")));
    }
    out.push_str(rest);
    Ok(())
}

/// `@import …`, `@charset …` and `@layer a, b`, which end in a semicolon, at the start.
fn leading_statement(text: &str) -> Option<(&str, &str)> {
    if !["@import", "@charset", "@layer"].iter().any(|word| text.starts_with(word)) {
        return None;
    }
    let end = text.find(['{', ';'])?;
    text[end..].starts_with(';').then(|| (&text[..end], &text[end + 1..]))
}

struct Import {
    file: String,
    /// What stands around the imported rules, for example `@layer base{`.
    open: String,
}

impl Import {
    /// Parses `"a.css" layer(base) supports(…) (width > 40rem)`.
    fn parse(text: &str) -> Option<Self> {
        let text = match text.strip_prefix("url(") {
            Some(inner) => inner.replacen(')', "", 1),
            None => text.to_owned(),
        };
        let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (file, mut rest) = text[1..].split_once(quote)?;
        if file.contains("://") || file.starts_with('/') {
            return None;
        }
        let mut open = String::new();
        rest = rest.trim();
        if let Some(inner) = rest.strip_prefix("layer(") {
            let (name, after) = inner.split_once(')')?;
            open.push_str(&format!("@layer {name}{{"));
            rest = after.trim();
        } else if let Some(after) = rest.strip_prefix("layer") {
            open.push_str("@layer{");
            rest = after.trim();
        }
        if rest.starts_with("supports(") {
            return None;
        }
        if !rest.is_empty() {
            open.push_str(&format!("@media {rest}{{"));
        }
        Some(Self { file: file.to_owned(), open })
    }
}

/// A `url(…)` that depends on where the style sheet lives.
fn relative_url(text: &str) -> Option<&str> {
    text.match_indices("url(").find_map(|(at, _)| {
        let inner = text[at + 4..].trim_start_matches(['"', '\'', ' ']);
        let absolute = ["/", "data:", "#"].iter().any(|start| inner.starts_with(start));
        (!absolute).then(|| text[at..].split_inclusive(')').next().unwrap_or(&text[at..]))
    })
}

/// Removes comments and spaces that mean nothing; strings stay as they are.
fn compact(text: &str) -> std::result::Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut depth = 0_usize;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '/' if rest.starts_with("/*") => {
                let end = rest.find("*/").ok_or("a comment has no end")?;
                // A comment parts two words as a space does.
                space(&mut out);
                end + 2
            }
            '"' | '\'' => {
                let end = string_end(rest).ok_or("a string has no end")?;
                out.push_str(&rest[..end]);
                end
            }
            '\\' => {
                let end = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[..end]);
                end
            }
            c if c.is_ascii_whitespace() => {
                space(&mut out);
                1
            }
            '{' | '}' | ';' | ',' => {
                depth = match c {
                    '{' => depth + 1,
                    '}' => depth.checked_sub(1).ok_or("a `}` too many")?,
                    _ => depth,
                };
                trim(&mut out);
                if c == '}' && out.ends_with(';') {
                    out.pop();
                }
                out.push(c);
                1
            }
            c => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    if depth > 0 {
        return Err(format!("{depth} `}}` missing"));
    }
    trim(&mut out);
    Ok(out)
}

/// One space, unless nothing needs parting here.
fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '{', '}', ';', ',']) {
        out.push(' ');
    }
}

fn trim(out: &mut String) {
    while out.ends_with(' ') && !out.ends_with("\\ ") {
        out.pop();
    }
}

/// The length of the string that begins the text.
fn string_end(text: &str) -> Option<usize> {
    let quote = text.chars().next()?;
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => return None,
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundled(files: &[(&str, &str)]) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        bundle(&folder.path().join(files[0].0))
    }

    #[test]
    fn imports_are_inlined_in_their_order_and_layer() {
        let css = bundled(&[
            (
                "main.css",
                "@charset \"utf-8\";\n@layer base, areas;\n@import \"base.css\" layer(base);\n@import url('areas/a.css') layer(areas) print;\nb { c: d }",
            ),
            ("base.css", "@import 'deep.css';\nhtml { margin: 0 }"),
            ("deep.css", "i { j: k }"),
            ("areas/a.css", "a { b: c; }"),
        ]);
        assert_eq!(
            css.unwrap(),
            "@layer base,areas;@layer base{i{j: k}html{margin: 0}}@layer areas{@media print{a{b: c}}}b{c: d}"
        );
    }

    #[test]
    fn layer_blocks_stay_rules() {
        let css = bundled(&[("main.css", "@layer base {\n  a { b: c }\n}\n")]);
        assert_eq!(css.unwrap(), "@layer base{a{b: c}}");
    }

    #[test]
    fn strings_escapes_and_selectors_keep_their_meaning() {
        for (source, expected) in [
            (
                "a::before { content: \"  /* x */ { ; \\\" \" }",
                "a::before{content: \"  /* x */ { ; \\\" \"}",
            ),
            ("a :hover , b>c{d:calc(1px + 2px)}", "a :hover,b>c{d:calc(1px + 2px)}"),
            ("a/* x */b { c: d }", "a b{c: d}"),
            (".\\31 a { b: c }", ".\\31 a{b: c}"),
            ("a { --x: ; }", "a{--x:}"),
            (
                "\u{feff}a { b: url(data:image/svg+xml;base64,AA==) }",
                "a{b: url(data:image/svg+xml;base64,AA==)}",
            ),
        ] {
            assert_eq!(bundled(&[("main.css", source)]).unwrap(), expected);
        }
    }

    #[test]
    fn mistakes_are_named_with_their_file() {
        for (files, expected) in [
            (vec![("main.css", "@import \"main.css\";")], "imports itself"),
            (vec![("main.css", "@import \"none.css\";")], "none.css"),
            (vec![("main.css", "a { b: c } @import \"x.css\";")], "after rules"),
            (vec![("main.css", "@import \"https://x.example/a.css\";")], "not understood"),
            (vec![("main.css", "a { b: url(icon.svg) }")], "relative"),
            (vec![("main.css", "a { b: c ")], "missing"),
            (vec![("main.css", "a } b")], "too many"),
            (vec![("main.css", "a { b: 'c }")], "string has no end"),
            (vec![("main.css", "/* a")], "comment has no end"),
        ] {
            let failure = bundled(&files).unwrap_err().to_string();
            assert!(failure.contains(expected), "{failure} should contain {expected}");
            assert!(failure.contains(".css"), "{failure}");
        }
    }
}
