//! Simple types: which texts a field may hold (XML Schema Part 2: Datatypes).

use std::{cmp::Ordering, sync::OnceLock};

use serde::{Deserialize, Serialize};

use super::{
    lexical::{compare_decimals, digits, lexical},
    pattern::{Pattern, PatternError},
};

/// Built-in types of XML Schema that documents use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BuiltIn {
    String,
    NormalizedString,
    Token,
    AnyUri,
    Boolean,
    Decimal,
    Integer,
    NonNegativeInteger,
    PositiveInteger,
    Int,
    Long,
    Double,
    Date,
    DateTime,
    Time,
    GYear,
    GYearMonth,
    GMonth,
    GMonthDay,
    GDay,
    Duration,
    Base64Binary,
    HexBinary,
}

impl BuiltIn {
    /// The type by its local name in the namespace of XML Schema.
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "string" | "anySimpleType" | "anyType" => Self::String,
            "normalizedString" => Self::NormalizedString,
            "token" | "language" | "NMTOKEN" | "Name" | "NCName" | "ID" | "IDREF" => Self::Token,
            "anyURI" => Self::AnyUri,
            "boolean" => Self::Boolean,
            "decimal" => Self::Decimal,
            "integer" => Self::Integer,
            "nonNegativeInteger" | "unsignedInt" | "unsignedLong" | "unsignedShort"
            | "unsignedByte" => Self::NonNegativeInteger,
            "positiveInteger" => Self::PositiveInteger,
            "int" | "short" | "byte" => Self::Int,
            "long" => Self::Long,
            "double" | "float" => Self::Double,
            "date" => Self::Date,
            "dateTime" => Self::DateTime,
            "time" => Self::Time,
            "gYear" => Self::GYear,
            "gYearMonth" => Self::GYearMonth,
            "gMonth" => Self::GMonth,
            "gMonthDay" => Self::GMonthDay,
            "gDay" => Self::GDay,
            "duration" => Self::Duration,
            "base64Binary" => Self::Base64Binary,
            "hexBinary" => Self::HexBinary,
            _ => return None,
        })
    }

    fn white_space(self) -> WhiteSpace {
        match self {
            Self::String => WhiteSpace::Preserve,
            Self::NormalizedString => WhiteSpace::Replace,
            _ => WhiteSpace::Collapse,
        }
    }

    pub fn is_number(self) -> bool {
        matches!(
            self,
            Self::Decimal
                | Self::Integer
                | Self::NonNegativeInteger
                | Self::PositiveInteger
                | Self::Int
                | Self::Long
                | Self::Double
        )
    }

    fn is_date(self) -> bool {
        matches!(
            self,
            Self::Date
                | Self::DateTime
                | Self::Time
                | Self::GYear
                | Self::GYearMonth
                | Self::GMonth
                | Self::GMonthDay
                | Self::GDay
        )
    }

    /// True for types whose length facets count characters.
    fn has_length(self) -> bool {
        matches!(self, Self::String | Self::NormalizedString | Self::Token | Self::AnyUri)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WhiteSpace {
    Preserve,
    Replace,
    Collapse,
}

/// A value of an enumeration with what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumValue {
    pub value: Box<str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub label: Box<str>,
}

/// Limits of a simple type, those of its bases included.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facets {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// Every inner list must have a pattern that matches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<Vec<Box<str>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enumeration: Vec<EnumValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_digits: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fraction_digits: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_inclusive: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_inclusive: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_exclusive: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_exclusive: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub white_space: Option<WhiteSpace>,
}

/// A simple type: a built-in one with limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SimpleType {
    pub name: Box<str>,
    pub base: BuiltIn,
    #[serde(flatten)]
    pub facets: Facets,
    #[serde(skip)]
    compiled: Compiled,
}

/// Compiled patterns; they take no part in comparing and are made when first needed.
#[derive(Debug, Default)]
struct Compiled(OnceLock<Vec<Vec<Pattern>>>);

impl Clone for Compiled {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Compiled {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueError {
    /// Not a text of the built-in type.
    Type(BuiltIn),
    Length {
        expected: u32,
        found: usize,
    },
    TooShort {
        min: u32,
        found: usize,
    },
    TooLong {
        max: u32,
        found: usize,
    },
    Pattern(String),
    Enumeration(Vec<String>),
    TotalDigits(u32),
    FractionDigits(u32),
    Below {
        bound: String,
        inclusive: bool,
    },
    Above {
        bound: String,
        inclusive: bool,
    },
}

impl SimpleType {
    pub fn new(name: impl Into<Box<str>>, base: BuiltIn, facets: Facets) -> Self {
        Self { name: name.into(), base, facets, compiled: Compiled::default() }
    }

    fn patterns(&self) -> &[Vec<Pattern>] {
        self.compiled.0.get_or_init(|| {
            let compile = |text: &str| Pattern::new(text).ok();
            self.facets
                .patterns
                .iter()
                .map(|any| any.iter().filter_map(|text| compile(text)).collect())
                .collect()
        })
    }

    /// Checks that every pattern of the type can be compiled.
    ///
    /// # Errors
    /// The first pattern that cannot.
    pub fn check_patterns(&self) -> Result<(), PatternError> {
        self.facets.patterns.iter().flatten().try_for_each(|text| Pattern::new(text).map(drop))
    }

    /// Patterns of which one must match, when the type has exactly one such list.
    pub fn pattern_nodes(&self) -> Vec<&super::pattern::Node> {
        match self.patterns() {
            [any] => any.iter().map(Pattern::ast).collect(),
            _ => Vec::new(),
        }
    }

    /// The longest text in characters, when limited.
    pub fn longest(&self) -> Option<u32> {
        self.facets.length.or(self.facets.max_length)
    }

    /// The text with white space treated as the type wants it.
    pub fn normalise<'a>(&self, text: &'a str) -> std::borrow::Cow<'a, str> {
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        match self.facets.white_space.unwrap_or(self.base.white_space()) {
            WhiteSpace::Preserve => text.into(),
            WhiteSpace::Replace => text.replace(['\t', '\n', '\r'], " ").into(),
            WhiteSpace::Collapse => {
                let clean = !text.starts_with(is_space)
                    && !text.ends_with(is_space)
                    && !text.contains(['\t', '\n', '\r'])
                    && !text.contains("  ");
                match clean {
                    true => text.into(),
                    false => text
                        .split(is_space)
                        .filter(|w| !w.is_empty())
                        .collect::<Vec<_>>()
                        .join(" ")
                        .into(),
                }
            }
        }
    }

    /// Checks a text against the type.
    ///
    /// # Errors
    /// Everything that is wrong, the most telling first; after a wrong built-in type nothing more.
    pub fn check(&self, text: &str) -> Result<(), Vec<ValueError>> {
        let raw = text;
        let text = &*self.normalise(raw);
        let facets = &self.facets;
        // Validators disagree whether blanks around a date are taken away before it is read, and
        // all of them take a date without blanks.
        let is_blank_date = self.base.is_date() && raw != text;
        if is_blank_date || !lexical(self.base, text) {
            return Err(vec![ValueError::Type(self.base)]);
        }
        let mut wrong = Vec::new();
        if self.base.has_length() {
            let found = text.chars().count();
            match facets.length {
                Some(expected) if found != expected as usize => {
                    wrong.push(ValueError::Length { expected, found });
                }
                _ => {}
            }
            match facets.min_length {
                Some(min) if found < min as usize => {
                    wrong.push(ValueError::TooShort { min, found })
                }
                _ => {}
            }
            match facets.max_length {
                Some(max) if found > max as usize => wrong.push(ValueError::TooLong { max, found }),
                _ => {}
            }
        }
        for (any, texts) in self.patterns().iter().zip(&facets.patterns) {
            if !any.iter().any(|pattern| pattern.matches(text)) {
                wrong.push(ValueError::Pattern(texts.join("|")));
            }
        }
        if !facets.enumeration.is_empty()
            && !facets.enumeration.iter().any(|choice| self.same(&choice.value, text))
        {
            let values = facets.enumeration.iter().map(|choice| choice.value.to_string());
            wrong.push(ValueError::Enumeration(values.collect()));
        }
        if self.base.is_number() && self.base != BuiltIn::Double {
            let (total, fraction) = digits(text);
            if let Some(max) = facets.total_digits.filter(|max| total > *max as usize) {
                wrong.push(ValueError::TotalDigits(max));
            }
            if let Some(max) = facets.fraction_digits.filter(|max| fraction > *max as usize) {
                wrong.push(ValueError::FractionDigits(max));
            }
        }
        let bounds = [
            (&facets.min_inclusive, true, true),
            (&facets.min_exclusive, true, false),
            (&facets.max_inclusive, false, true),
            (&facets.max_exclusive, false, false),
        ];
        for (bound, lower, inclusive) in bounds {
            let Some(bound) = bound else { continue };
            let bad = match self.compare(text, bound) {
                Ordering::Less => lower,
                Ordering::Equal => !inclusive,
                Ordering::Greater => !lower,
            };
            let bound = bound.to_string();
            match (bad, lower) {
                (true, true) => wrong.push(ValueError::Below { bound, inclusive }),
                (true, false) => wrong.push(ValueError::Above { bound, inclusive }),
                _ => {}
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    fn same(&self, a: &str, b: &str) -> bool {
        match self.base {
            base if base.is_number() => self.compare(a, b).is_eq(),
            _ => a == b,
        }
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        match self.base {
            BuiltIn::Double => {
                a.parse::<f64>().ok().partial_cmp(&b.parse().ok()).unwrap_or(Ordering::Equal)
            }
            base if base.is_number() => compare_decimals(a, b),
            _ => a.cmp(b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn good(base: BuiltIn, text: &str) -> bool {
        SimpleType::new("t", base, Facets::default()).check(text).is_ok()
    }

    #[test]
    fn built_in_types() {
        use BuiltIn::*;
        for (base, texts) in [
            (Decimal, &["1", "-1.50", ".5", "5.", "+3", " 4 "][..]),
            (Integer, &["007", "-3"]),
            (Date, &["2026-02-28", "2024-02-29", "2026-10-05Z", "2026-10-05+03:00"]),
            (DateTime, &["2026-11-10T10:00:00", "2026-11-10T10:00:00.123+14:00"]),
            (Time, &["24:00:00", "23:59:59.9Z"]),
            (GYearMonth, &["2026-10"]),
            (GMonthDay, &["--02-29"]),
            (Duration, &["P1Y2M3DT4H5M6.7S", "-P1D", "PT1S"]),
            (Boolean, &["true", "0"]),
            (Base64Binary, &["", "QQ==", "QU JD"]),
        ] {
            assert!(texts.iter().all(|text| good(base, text)), "{base:?}");
        }
        for (base, texts) in [
            (Decimal, &["", ".", "1,5", "1e3", "--1"][..]),
            (Integer, &["1.0"]),
            (
                Date,
                &[
                    "2026-02-29",
                    " 2026-02-28",
                    "26-01-01",
                    "0000-01-01",
                    "2026-1-1",
                    "2026-10-05+15:00",
                ],
            ),
            (DateTime, &["2026-11-10 10:00:00", "2026-11-10T10:00", "2026-11-10"]),
            (GYearMonth, &["2026-13", "10.2026", "2026"]),
            (Duration, &["P", "PT", "P1S", "P1.5D", "1D"]),
            (Int, &["2147483648"]),
            (PositiveInteger, &["0"]),
        ] {
            assert!(texts.iter().all(|text| !good(base, text)), "{base:?}");
        }
    }

    #[test]
    fn facets() {
        let amount = SimpleType::new(
            "Amount",
            BuiltIn::Decimal,
            Facets {
                total_digits: Some(5),
                fraction_digits: Some(2),
                min_inclusive: Some("0".into()),
                ..Facets::default()
            },
        );
        assert!(amount.check("123.450").is_ok() && amount.check("-0").is_ok());
        assert_eq!(amount.check("1.234"), Err(vec![ValueError::FractionDigits(2)]));
        assert_eq!(amount.check("123456"), Err(vec![ValueError::TotalDigits(5)]));
        assert!(amount.check("-1").is_err());
        let name = SimpleType::new(
            "Name",
            BuiltIn::String,
            Facets { min_length: Some(1), max_length: Some(3), ..Facets::default() },
        );
        assert!(name.check("ЖЖЖ").is_ok());
        assert_eq!(name.check("ЖЖЖЖ"), Err(vec![ValueError::TooLong { max: 3, found: 4 }]));
    }

    proptest! {
        #[test]
        fn decimals_compare_as_numbers(a in -100_000i64..100_000, b in -100_000i64..100_000) {
            let text = |n: i64| format!("{}{}.{:03}", if n < 0 { "-" } else { "" }, n.abs() / 1000, n.abs() % 1000);
            prop_assert_eq!(compare_decimals(&text(a), &text(b)), a.cmp(&b));
        }

        #[test]
        fn no_text_panics(text: String) {
            for name in ["decimal", "date", "dateTime", "time", "duration", "gMonthDay", "base64Binary", "double"] {
                let _ = good(BuiltIn::by_name(name).unwrap(), &text);
            }
        }
    }
}
