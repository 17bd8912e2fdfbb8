//! A strict parser of XML 1.0 with namespaces: no DTD, no entities but the five of XML itself,
//! everything bounded.

use std::{collections::HashMap, sync::Arc};

use super::{Limits, XmlError, XmlErrorKind, is_xml_char};
use crate::name::{Name, is_name_rest, is_name_start};

/// An element as it stands in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct RawElement {
    pub name: Name,
    pub attrs: Vec<(Name, String)>,
    /// All character data directly inside, in order.
    pub text: String,
    pub children: Vec<RawElement>,
    /// Byte offset of the start tag in the decoded text.
    pub at: usize,
    /// Namespace declarations made here; kept only on request.
    pub declared: Vec<(Box<str>, Arc<str>)>,
}

/// Line and column, counted from one, in characters.
pub(crate) fn line_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(at)];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

pub(super) const XML_NS: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NS: &str = "http://www.w3.org/2000/xmlns/";

/// Parses one document.
pub(crate) fn parse(
    text: &str,
    limits: &Limits,
    keep_declared: bool,
) -> Result<RawElement, XmlError> {
    let mut parser = Parser {
        text,
        at: 0,
        limits,
        keep_declared,
        elements: 0,
        scopes: vec![("xml".into(), XML_NS.into())],
        strings: HashMap::new(),
    };
    parser.document().map_err(|(at, kind)| {
        let (line, column) = line_column(text, at);
        XmlError { line, column, kind }
    })
}

type Parsed<T> = Result<T, (usize, XmlErrorKind)>;

struct Parser<'a> {
    text: &'a str,
    at: usize,
    limits: &'a Limits,
    keep_declared: bool,
    elements: usize,
    /// Prefixes in scope, the innermost last; an empty prefix is the default namespace.
    scopes: Vec<(Box<str>, Arc<str>)>,
    strings: HashMap<&'a str, Arc<str>>,
}

/// An element whose end tag is still to come.
struct Open<'a> {
    element: RawElement,
    tag: &'a str,
    scopes: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn fail<T>(&self, reason: &'static str) -> Parsed<T> {
        Err((self.at, XmlErrorKind::Syntax(reason)))
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn spaces(&mut self) -> bool {
        let rest = self.rest();
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.at += rest.len() - trimmed.len();
        trimmed.len() < rest.len()
    }

    fn until(&mut self, end: &str, reason: &'static str) -> Parsed<&'a str> {
        match self.rest().find(end) {
            Some(cut) => {
                let found = &self.rest()[..cut];
                if let Some(bad) = found.find(|c| !is_xml_char(c)) {
                    self.at += bad;
                    return self.fail("a character that XML does not allow");
                }
                self.at += cut + end.len();
                Ok(found)
            }
            None => self.fail(reason),
        }
    }

    fn name(&mut self) -> Parsed<&'a str> {
        let rest = self.rest();
        let end = rest.find(|c| !(is_name_start(c) || is_name_rest(c) || c == ':'));
        let name = &rest[..end.unwrap_or(rest.len())];
        let good = |part: &str| part.chars().next().is_some_and(is_name_start);
        let parts = match name.split_once(':') {
            Some((prefix, local)) => good(prefix) && good(local) && !local.contains(':'),
            None => good(name),
        };
        if !parts {
            return self.fail("a name is expected");
        }
        if name.len() > 400 {
            return self.fail("a name is longer than 400 bytes");
        }
        self.at += name.len();
        Ok(name)
    }

    fn shared(&mut self, text: &'a str) -> Arc<str> {
        self.strings.entry(text).or_insert_with(|| text.into()).clone()
    }

    fn document(&mut self) -> Parsed<RawElement> {
        self.take("\u{FEFF}");
        if self.rest().starts_with("<?xml") && self.rest()[5..].starts_with([' ', '\t', '\r', '\n'])
        {
            self.at += 5;
            let declaration = self.until("?>", "the XML declaration is not finished")?;
            if declaration.contains("version") && !declaration.contains("1.0") {
                return self.fail("only XML 1.0 can be read");
            }
        }
        self.misc()?;
        let root = self.root()?;
        self.misc()?;
        match self.rest() {
            "" => Ok(root),
            _ => self.fail("something follows the root element"),
        }
    }

    /// White space, comments and processing instructions around the root.
    fn misc(&mut self) -> Parsed<()> {
        loop {
            self.spaces();
            if self.take("<!--") {
                self.comment()?;
            } else if self.take("<?") {
                self.until("?>", "a processing instruction is not finished")?;
            } else if self.rest().starts_with("<!DOCTYPE") {
                return Err((self.at, XmlErrorKind::Dtd));
            } else {
                return Ok(());
            }
        }
    }

    fn comment(&mut self) -> Parsed<()> {
        self.until("--", "a comment is not finished")?;
        match self.take(">") {
            true => Ok(()),
            false => self.fail("-- inside a comment"),
        }
    }

    fn root(&mut self) -> Parsed<RawElement> {
        if !self.rest().starts_with('<') {
            return self.fail("the root element is expected");
        }
        let mut open: Vec<Open<'a>> = Vec::new();
        loop {
            let done = if self.take("</") {
                self.end_tag(&mut open)?
            } else if self.take("<!--") {
                self.comment()?;
                None
            } else if self.take("<![CDATA[") {
                let text = self.until("]]>", "a CDATA section is not finished")?;
                self.append(&mut open, text)?;
                None
            } else if self.rest().starts_with("<!") {
                return Err((self.at, XmlErrorKind::Dtd));
            } else if self.take("<?") {
                self.until("?>", "a processing instruction is not finished")?;
                None
            } else if self.rest().starts_with('<') {
                self.start_tag(&mut open)?
            } else if self.rest().is_empty() {
                return self.fail("the document ends inside an element");
            } else {
                self.character_data(&mut open)?;
                None
            };
            if let Some(root) = done {
                return Ok(root);
            }
        }
    }

    /// Closes the innermost element; gives it back when it was the root.
    fn close(&mut self, open: &mut Vec<Open<'a>>, done: Open<'a>) -> Option<RawElement> {
        self.scopes.truncate(done.scopes);
        match open.last_mut() {
            Some(parent) => {
                parent.element.children.push(done.element);
                None
            }
            None => Some(done.element),
        }
    }

    fn end_tag(&mut self, open: &mut Vec<Open<'a>>) -> Parsed<Option<RawElement>> {
        let at = self.at - 2;
        let tag = self.name()?;
        self.spaces();
        if !self.take(">") {
            return self.fail("> is expected");
        }
        match open.pop() {
            Some(last) if last.tag == tag => Ok(self.close(open, last)),
            Some(last) => Err((
                at,
                XmlErrorKind::EndTag { expected: last.tag.to_owned(), found: tag.to_owned() },
            )),
            None => self.fail("an end tag without a start tag"),
        }
    }

    fn start_tag(&mut self, open: &mut Vec<Open<'a>>) -> Parsed<Option<RawElement>> {
        let at = self.at;
        self.at += 1;
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err((at, XmlErrorKind::Limit("elements", self.limits.elements)));
        }
        if open.len() >= self.limits.depth {
            return Err((at, XmlErrorKind::Limit("levels", self.limits.depth)));
        }
        let tag = self.name()?;
        let scopes = self.scopes.len();
        let mut raw: Vec<(&'a str, String, usize)> = Vec::new();
        let empty = loop {
            let spaced = self.spaces();
            if self.take("/>") {
                break true;
            }
            if self.take(">") {
                break false;
            }
            if !spaced {
                return self.fail("a space, > or /> is expected");
            }
            let attribute_at = self.at;
            let name = self.name()?;
            self.spaces();
            if !self.take("=") {
                return self.fail("= is expected after the name of an attribute");
            }
            self.spaces();
            let value = self.attribute_value()?;
            if raw.iter().any(|(known, ..)| *known == name) {
                return Err((attribute_at, XmlErrorKind::Syntax("an attribute is given twice")));
            }
            raw.push((name, value, attribute_at));
            if raw.len() > self.limits.attributes {
                return Err((at, XmlErrorKind::Limit("attributes", self.limits.attributes)));
            }
        };
        self.declare(&mut raw)?;
        let mut attrs = Vec::with_capacity(raw.len());
        for (name, value, attribute_at) in raw {
            let name = match name.split_once(':') {
                Some(_) => self.resolve(name, attribute_at)?,
                None => Name { ns: self.shared(""), local: self.shared(name) },
            };
            if attrs.iter().any(|(known, _)| *known == name) {
                return Err((attribute_at, XmlErrorKind::Syntax("an attribute is given twice")));
            }
            attrs.push((name, value));
        }
        let declared = match self.keep_declared {
            true => self.scopes[scopes..].to_vec(),
            false => Vec::new(),
        };
        let name = self.resolve(tag, at)?;
        let element =
            RawElement { name, attrs, text: String::new(), children: Vec::new(), at, declared };
        let opened = Open { element, tag, scopes };
        match empty {
            true => Ok(self.close(open, opened)),
            false => {
                open.push(opened);
                Ok(None)
            }
        }
    }

    /// Takes the namespace declarations out of the attributes of a start tag.
    fn declare(&mut self, raw: &mut Vec<(&'a str, String, usize)>) -> Parsed<()> {
        let mut kept = Vec::with_capacity(raw.len());
        for (name, value, at) in raw.drain(..) {
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => {
                    kept.push((name, value, at));
                    continue;
                }
            };
            let reserved = (prefix == "xml") != (value == XML_NS)
                || prefix == "xmlns"
                || value == XMLNS_NS
                || (value.is_empty() && !prefix.is_empty());
            if reserved {
                return Err((at, XmlErrorKind::Syntax("a namespace that may not be declared so")));
            }
            if value.len() > 1000 {
                return Err((at, XmlErrorKind::Limit("bytes of a namespace", 1000)));
            }
            if value.contains(['{', '}', '[', ']']) {
                return Err((at, XmlErrorKind::Syntax("a namespace with brackets")));
            }
            self.scopes.push((prefix.into(), value.into()));
        }
        *raw = kept;
        Ok(())
    }

    fn resolve(&mut self, name: &'a str, at: usize) -> Parsed<Name> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let ns = self.scopes.iter().rev().find(|(known, _)| &**known == prefix);
        let ns = match ns {
            Some((_, ns)) => ns.clone(),
            None if prefix.is_empty() => self.shared(""),
            None => return Err((at, XmlErrorKind::Prefix(prefix.to_owned()))),
        };
        Ok(Name { ns, local: self.shared(local) })
    }

    fn attribute_value(&mut self) -> Parsed<String> {
        let quote = match self.rest().chars().next() {
            Some(c @ ('"' | '\'')) => c,
            _ => return self.fail("a quoted value is expected"),
        };
        self.at += 1;
        let mut value = String::new();
        loop {
            let rest = self.rest();
            let end =
                rest.find(|c| c == quote || matches!(c, '&' | '<') || !is_xml_char(c) || c < ' ');
            let Some(end) = end else { return self.fail("a quoted value is not finished") };
            value.push_str(&rest[..end]);
            self.at += end;
            if value.len() > self.limits.text {
                return Err((self.at, XmlErrorKind::Limit("bytes of text", self.limits.text)));
            }
            match rest[end..].chars().next() {
                Some('&') => value.push(self.reference()?),
                Some('<') => return self.fail("< inside an attribute"),
                Some('\r') => {
                    self.at += if rest[end..].starts_with("\r\n") { 2 } else { 1 };
                    value.push(' ');
                }
                Some('\t' | '\n') => {
                    self.at += 1;
                    value.push(' ');
                }
                Some(c) if c == quote => {
                    self.at += 1;
                    return Ok(value);
                }
                _ => return self.fail("a character that XML does not allow"),
            }
        }
    }

    fn character_data(&mut self, open: &mut [Open<'a>]) -> Parsed<()> {
        let rest = self.rest();
        let end = rest.find(['<', '&']).unwrap_or(rest.len());
        let run = &rest[..end];
        if let Some(bad) = run.find(|c| !is_xml_char(c)) {
            self.at += bad;
            return self.fail("a character that XML does not allow");
        }
        if let Some(bad) = run.find("]]>") {
            self.at += bad;
            return self.fail("]]> outside a CDATA section");
        }
        self.append(open, run)?;
        self.at += end;
        if rest[end..].starts_with('&') {
            let c = self.reference()?;
            if let Some(last) = open.last_mut() {
                last.element.text.push(c);
            }
        }
        Ok(())
    }

    fn append(&mut self, open: &mut [Open<'a>], text: &str) -> Parsed<()> {
        let Some(last) = open.last_mut() else { return self.fail("text outside the root element") };
        let into = &mut last.element.text;
        if into.len() + text.len() > self.limits.text {
            return Err((self.at, XmlErrorKind::Limit("bytes of text", self.limits.text)));
        }
        match text.contains('\r') {
            true => into.push_str(&text.replace("\r\n", "\n").replace('\r', "\n")),
            false => into.push_str(text),
        }
        Ok(())
    }

    fn reference(&mut self) -> Parsed<char> {
        let at = self.at;
        let rest = &self.rest()[1..];
        let unknown = || (at, XmlErrorKind::Entity(rest.chars().take(20).collect()));
        let window = &rest[..rest.floor_char_boundary(12)];
        let (name, _) = window.split_once(';').ok_or_else(unknown)?;
        let c = match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "apos" => '\'',
            "quot" => '"',
            _ => {
                let number = name.strip_prefix('#').ok_or_else(unknown)?;
                let code = match number.strip_prefix('x') {
                    Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
                        u32::from_str_radix(hex, 16)
                    }
                    None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse(),
                    _ => return Err(unknown()),
                };
                let c = code.ok().and_then(char::from_u32).filter(|c| is_xml_char(*c));
                c.ok_or_else(unknown)?
            }
        };
        self.at += name.len() + 2;
        Ok(c)
    }
}
