//! Regular expressions of XML Schema (Datatypes, appendix F), as far as documents need them.
//!
//! Branches, groups, quantifiers, classes with ranges, negation and subtraction, the escapes
//! `\d \w \s \i \c` with their capitals, and character escapes are understood; categories
//! `\p{…}` are not. A pattern is compiled to a small non-deterministic automaton, so matching
//! takes time linear in the text, whatever the pattern.

use std::fmt;

const MAX_STATES: usize = 20_000;
const MAX_DEPTH: usize = 50;

/// A compiled pattern. It matches whole texts.
#[derive(Debug, Clone)]
pub struct Pattern {
    ast: Node,
    program: Vec<Op>,
    classes: Vec<Class>,
    /// For a program of up to 128 states: where one gets from each state without a character.
    reach: Vec<u128>,
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("pattern «{pattern}» cannot be read at character {at}: {reason}")]
pub struct PatternError {
    pub pattern: String,
    /// Counted from one.
    pub at: usize,
    pub reason: &'static str,
}

/// What a pattern is made of; hints and examples are derived from it.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Empty,
    Class(Class),
    Sequence(Vec<Node>),
    Branches(Vec<Node>),
    Repeat { node: Box<Node>, min: u32, max: Option<u32> },
}

/// A set of characters.
#[derive(Clone, PartialEq)]
pub struct Class {
    ranges: Vec<(char, char)>,
    negated: bool,
    without: Option<Box<Class>>,
}

impl fmt::Debug for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}{:?}]", if self.negated { "^" } else { "" }, self.ranges)
    }
}

#[derive(Debug, Clone)]
enum Op {
    Class(u32),
    Split(u32, u32),
    Jump(u32),
    Match,
}

impl Class {
    fn of(ranges: &[(char, char)]) -> Self {
        Self { ranges: ranges.to_vec(), negated: false, without: None }
    }

    fn one(c: char) -> Self {
        Self::of(&[(c, c)])
    }

    pub fn contains(&self, c: char) -> bool {
        let inside = self.ranges.iter().any(|&(from, to)| (from..=to).contains(&c));
        inside != self.negated && !self.without.as_ref().is_some_and(|class| class.contains(c))
    }

    /// Ranges when the class is plain: neither negated nor subtracted from.
    pub fn plain(&self) -> Option<&[(char, char)]> {
        (!self.negated && self.without.is_none()).then_some(&self.ranges)
    }

    /// A character of the class, for examples.
    pub fn sample(&self) -> Option<char> {
        let candidates = self.ranges.iter().map(|range| range.0).chain(['0', 'A', 'a', 'А', '-']);
        candidates.into_iter().find(|c| self.contains(*c))
    }
}

impl Pattern {
    /// # Errors
    /// A syntax error, or a pattern that would need too many states.
    pub fn new(pattern: &str) -> Result<Self, PatternError> {
        let chars: Vec<char> = pattern.chars().collect();
        let mut parser = Parser { chars: &chars, at: 0, depth: 0 };
        let fail = |at: usize, reason| PatternError {
            pattern: pattern.chars().take(200).collect(),
            at: at + 1,
            reason,
        };
        let ast = parser.branches().map_err(|reason| fail(parser.at, reason))?;
        if parser.at < chars.len() {
            return Err(fail(parser.at, "this bracket was not opened"));
        }
        let mut compiled =
            Self { ast: Node::Empty, program: Vec::new(), classes: Vec::new(), reach: Vec::new() };
        compiled.compile(&ast).map_err(|reason| fail(0, reason))?;
        compiled.program.push(Op::Match);
        compiled.ast = ast;
        if compiled.program.len() <= 128 {
            let mut states = States::new(compiled.program.len());
            for at in 0..compiled.program.len() {
                states.clear();
                states.add(&compiled.program, at as u32);
                let bits = states.list.iter().fold(0u128, |bits, at| bits | 1 << at);
                compiled.reach.push(bits);
            }
        }
        Ok(compiled)
    }

    pub fn ast(&self) -> &Node {
        &self.ast
    }

    /// True when the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        if let Some(&start) = self.reach.first() {
            return self.matches_small(text, start);
        }
        let mut now = States::new(self.program.len());
        let mut next = States::new(self.program.len());
        now.add(&self.program, 0);
        for c in text.chars() {
            if now.list.is_empty() {
                return false;
            }
            next.clear();
            for &at in &now.list {
                if let Op::Class(class) = &self.program[at as usize]
                    && self.classes[*class as usize].contains(c)
                {
                    next.add(&self.program, at + 1);
                }
            }
            std::mem::swap(&mut now, &mut next);
        }
        now.list.iter().any(|&at| matches!(self.program[at as usize], Op::Match))
    }

    /// The states are bits of a number.
    fn matches_small(&self, text: &str, start: u128) -> bool {
        let mut now = start;
        for c in text.chars() {
            let mut next = 0;
            while now != 0 {
                let at = now.trailing_zeros() as usize;
                now &= now - 1;
                if let Op::Class(class) = self.program[at]
                    && self.classes[class as usize].contains(c)
                {
                    next |= self.reach[at + 1];
                }
            }
            if next == 0 {
                return false;
            }
            now = next;
        }
        // The last state of a program is its only match.
        now >> (self.program.len() - 1) & 1 == 1
    }

    fn push(&mut self, op: Op) -> Result<usize, &'static str> {
        if self.program.len() >= MAX_STATES {
            return Err("the pattern is too large");
        }
        self.program.push(op);
        Ok(self.program.len() - 1)
    }

    fn here(&self) -> u32 {
        self.program.len() as u32
    }

    fn compile(&mut self, node: &Node) -> Result<(), &'static str> {
        match node {
            Node::Empty => Ok(()),
            Node::Class(class) => {
                let known = self.classes.iter().position(|c| c == class);
                let id = known.unwrap_or_else(|| {
                    self.classes.push(class.clone());
                    self.classes.len() - 1
                });
                self.push(Op::Class(id as u32)).map(drop)
            }
            Node::Sequence(nodes) => nodes.iter().try_for_each(|node| self.compile(node)),
            Node::Branches(nodes) => {
                let mut ends = Vec::new();
                for (n, node) in nodes.iter().enumerate() {
                    if n + 1 == nodes.len() {
                        self.compile(node)?;
                        continue;
                    }
                    let split = self.push(Op::Match)?;
                    self.compile(node)?;
                    ends.push(self.push(Op::Match)?);
                    self.program[split] = Op::Split(split as u32 + 1, self.here());
                }
                for end in ends {
                    self.program[end] = Op::Jump(self.here());
                }
                Ok(())
            }
            Node::Repeat { node, min, max } => {
                (0..*min).try_for_each(|_| self.compile(node))?;
                match max {
                    None => {
                        let split = self.push(Op::Match)?;
                        self.compile(node)?;
                        self.push(Op::Jump(split as u32))?;
                        self.program[split] = Op::Split(split as u32 + 1, self.here());
                    }
                    Some(max) => {
                        let mut splits = Vec::new();
                        for _ in *min..*max {
                            splits.push(self.push(Op::Match)?);
                            self.compile(node)?;
                        }
                        for split in splits {
                            self.program[split] = Op::Split(split as u32 + 1, self.here());
                        }
                    }
                }
                Ok(())
            }
        }
    }
}

/// The set of states of a running automaton.
struct States {
    list: Vec<u32>,
    known: Vec<bool>,
}

impl States {
    fn new(size: usize) -> Self {
        Self { list: Vec::new(), known: vec![false; size] }
    }

    fn clear(&mut self) {
        self.list.clear();
        self.known.fill(false);
    }

    fn add(&mut self, program: &[Op], at: u32) {
        let mut todo = vec![at];
        while let Some(at) = todo.pop() {
            if std::mem::replace(&mut self.known[at as usize], true) {
                continue;
            }
            match program[at as usize] {
                Op::Jump(to) => todo.push(to),
                Op::Split(a, b) => todo.extend([b, a]),
                Op::Class(_) | Op::Match => self.list.push(at),
            }
        }
    }
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
    depth: usize,
}

type Parsed<T> = Result<T, &'static str>;

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn next(&mut self, reason: &'static str) -> Parsed<char> {
        let c = self.peek().ok_or(reason)?;
        self.at += 1;
        Ok(c)
    }

    fn branches(&mut self) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("brackets are nested too deeply");
        }
        let mut branches = vec![self.sequence()?];
        while self.take('|') {
            branches.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(match branches.len() {
            1 => branches.swap_remove(0),
            _ => Node::Branches(branches),
        })
    }

    fn sequence(&mut self) -> Parsed<Node> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            if matches!(c, '|' | ')') {
                break;
            }
            let atom = self.atom()?;
            nodes.push(self.quantified(atom)?);
        }
        Ok(match nodes.len() {
            0 => Node::Empty,
            1 => nodes.swap_remove(0),
            _ => Node::Sequence(nodes),
        })
    }

    fn atom(&mut self) -> Parsed<Node> {
        match self.next("a character is missing")? {
            '(' => {
                let inner = self.branches()?;
                match self.take(')') {
                    true => Ok(inner),
                    false => Err("a closing bracket is missing"),
                }
            }
            '[' => self.class().map(Node::Class),
            '.' => Ok(Node::Class(Class {
                ranges: vec![('\n', '\n'), ('\r', '\r')],
                negated: true,
                without: None,
            })),
            '\\' => self.escape().map(Node::Class),
            '*' | '+' | '?' | '{' | '}' | ']' => Err("a character that needs an escape"),
            c => Ok(Node::Class(Class::one(c))),
        }
    }

    fn quantified(&mut self, node: Node) -> Parsed<Node> {
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.at += 1;
                let min = self.number()?;
                let max = match self.take(',') {
                    true if self.peek() == Some('}') => None,
                    true => Some(self.number()?),
                    false => Some(min),
                };
                if self.peek() != Some('}') || max.is_some_and(|max| max < min) {
                    return Err("a quantifier is {n}, {n,} or {n,m} with n ≤ m");
                }
                (min, max)
            }
            _ => return Ok(node),
        };
        self.at += 1;
        Ok(Node::Repeat { node: Box::new(node), min, max })
    }

    fn number(&mut self) -> Parsed<u32> {
        let from = self.at;
        let mut n = 0u32;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            n = n * 10 + digit;
            self.at += 1;
            if n > 10_000 {
                return Err("a quantifier is larger than 10000");
            }
        }
        if from == self.at { Err("a number is missing") } else { Ok(n) }
    }

    fn class(&mut self) -> Parsed<Class> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("classes are nested too deeply");
        }
        let mut class = Class { ranges: Vec::new(), negated: self.take('^'), without: None };
        let mut first = true;
        loop {
            match self.next("a closing ] is missing")? {
                ']' if !first => break,
                '-' if self.peek() == Some('[') => {
                    self.at += 1;
                    class.without = Some(Box::new(self.class()?));
                    if !self.take(']') {
                        return Err("] is expected after a subtracted class");
                    }
                    break;
                }
                '\\' => {
                    let escape = self.escape()?;
                    if escape.negated {
                        return Err("a negative escape inside a class is not understood");
                    }
                    class.ranges.extend(escape.ranges);
                }
                '[' => return Err("[ needs an escape inside a class"),
                from => {
                    let ranged = self.peek() == Some('-')
                        && !matches!(self.chars.get(self.at + 1), None | Some(']' | '['));
                    let mut to = from;
                    if ranged {
                        self.at += 1;
                        to = self.next("a range is not finished")?;
                        if to == '\\' {
                            to = self.escape()?.ranges[0].0;
                        }
                    }
                    if to < from {
                        return Err("a range goes backwards");
                    }
                    class.ranges.push((from, to));
                }
            }
            first = false;
        }
        self.depth -= 1;
        Ok(class)
    }

    fn escape(&mut self) -> Parsed<Class> {
        let c = self.next("a character is missing after \\")?;
        let mut class = match c.to_ascii_lowercase() {
            'd' => Class::of(&[('0', '9')]),
            's' => Class::of(&[(' ', ' '), ('\t', '\t'), ('\n', '\n'), ('\r', '\r')]),
            // Letters, digits and marks of the scripts that documents are written in.
            'w' => Class::of(&[
                ('0', '9'),
                ('A', 'Z'),
                ('a', 'z'),
                ('\u{C0}', '\u{D6}'),
                ('\u{D8}', '\u{F6}'),
                ('\u{F8}', '\u{1FFF}'),
                ('\u{2C00}', '\u{2DFF}'),
                ('\u{3040}', '\u{D7FF}'),
                ('$', '$'),
                ('+', '+'),
                ('<', '>'),
                ('^', '^'),
                ('`', '`'),
                ('|', '|'),
                ('~', '~'),
            ]),
            'i' => {
                Class::of(&[('A', 'Z'), ('a', 'z'), ('_', '_'), (':', ':'), ('\u{C0}', '\u{1FFF}')])
            }
            'c' => Class::of(&[
                ('A', 'Z'),
                ('a', 'z'),
                ('0', '9'),
                ('_', '_'),
                (':', ':'),
                ('-', '.'),
                ('\u{B7}', '\u{B7}'),
                ('\u{C0}', '\u{1FFF}'),
            ]),
            _ => match c {
                'n' => return Ok(Class::one('\n')),
                'r' => return Ok(Class::one('\r')),
                't' => return Ok(Class::one('\t')),
                '\\' | '|' | '.' | '-' | '^' | '?' | '*' | '+' | '{' | '}' | '(' | ')' | '['
                | ']' | '/' | '"' | '\'' | '$' | '#' | ' ' => return Ok(Class::one(c)),
                _ => return Err("this escape is not understood"),
            },
        };
        class.negated = c.is_ascii_uppercase();
        match c.to_ascii_lowercase() {
            'n' | 'r' | 't' => Err("this escape is not understood"),
            _ => Ok(class),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(text)
    }

    #[test]
    fn patterns_of_the_album() {
        assert!(matches(r"\d{2}|\d{4}|\d{6}|\d{8,10}", "847130000"));
        assert!(!matches(r"\d{2}|\d{4}|\d{6}|\d{8,10}", "84713"));
        assert!(matches("[A-Z]{2}|[0]{2}|[9]{2}", "00"));
        assert!(!matches("[A-Z]{2}|[0]{2}|[9]{2}", "09"));
        assert!(matches("[А-Яа-я]{1,120}", "Иванов"));
        assert!(matches(r"R(\.[A-Z]{2}\.[A-Z]{2}\.[0-9]{2})?\.[0-9]{3}", "R.036"));
        assert!(matches("[0-9,/-]*", "12,3/4-5") && matches("[0-9,/-]*", ""));
        assert!(matches(r"\D{3}", "АБВ") && !matches(r"\D{3}", "А1В"));
        assert!(matches("(IMO)\\d{7}", "IMO1234567"));
        assert!(matches(r"[A-Z0-9][A-Z0-9 -]{1,8}[A-Z0-9]", "A -9"));
        assert!(matches("[a-z-[aeiou]]+", "xyz") && !matches("[a-z-[aeiou]]+", "xaz"));
        assert!(matches("a+b?.", "aac") && !matches("a+b?.", "b"));
    }

    #[test]
    fn bad_patterns_are_told_apart() {
        for bad in ["(", ")", "[", "[b-a]", "a{2", "a{3,2}", "*", r"\q", r"\p{L}", "a{99999}"] {
            assert!(Pattern::new(bad).is_err(), "{bad}");
        }
        assert!(Pattern::new("((a{1000}){1000}){1000}").is_err());
        assert!(Pattern::new(&"(".repeat(100_000)).is_err());
    }

    #[test]
    fn large_programs_match_alike() {
        let large = "(\\d{60}|[A-Z]{80})x?";
        assert!(Pattern::new(large).unwrap().reach.is_empty());
        assert!(matches(large, &"7".repeat(60)) && matches(large, &("Q".repeat(80) + "x")));
        assert!(!matches(large, &"7".repeat(61)) && !matches(large, ""));
    }

    #[test]
    fn time_is_linear() {
        let text = "a".repeat(5000) + "!";
        assert!(!matches("(a*)*(a*)*b", &text));
    }

    proptest! {
        #[test]
        fn no_pattern_panics(pattern: String, text: String) {
            if let Ok(pattern) = Pattern::new(&pattern) {
                let _ = pattern.matches(&text);
            }
        }
    }
}
