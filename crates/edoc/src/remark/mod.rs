//! Remarks on a document: what is wrong, where, what would be right.
//!
//! A remark has the shape of an error in the album's list of errors (`ErrorList`, 1004030E), and
//! can be written to and read from such a list.

mod error_list;
mod text;

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

pub use error_list::{
    ErrorListHead, ErrorListRead, error_list_schema, read_error_list, write_error_list,
};

use crate::path::Path;
use domain::lang::Lang;

/// A stable code, such as `structure.required`. Customs' own codes are carried as they came.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Code(pub Cow<'static, str>);

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        impl Code {
            $($(#[$doc])* pub const $name: Self = Self(Cow::Borrowed($code));)*
        }
        #[cfg(test)]
        pub(crate) const ALL_CODES: &[&str] = &[$($code),*];
    };
}

codes! {
    /// An element or attribute is missing.
    REQUIRED = "structure.required";
    /// Too few occurrences.
    FEW = "structure.few";
    /// Too many occurrences.
    MANY = "structure.many";
    /// One of several elements must be there.
    ONE_OF = "structure.one_of";
    /// Elements exclude each other.
    ONLY_ONE = "structure.only_one";
    /// The schema does not know the element or attribute.
    UNKNOWN = "structure.unknown";
    /// An element stands out of the order of the schema.
    ORDER = "structure.order";
    /// Text where elements are expected.
    TEXT = "structure.text";
    EMPTY = "value.empty";
    TYPE = "value.type";
    LENGTH = "value.length";
    SHORT = "value.short";
    LONG = "value.long";
    PATTERN = "value.pattern";
    ENUMERATION = "value.enumeration";
    DIGITS = "value.digits";
    FRACTION = "value.fraction";
    RANGE = "value.range";
    FIXED = "value.fixed";
    /// A reporting month that has not ended or begun yet.
    PERIOD_FUTURE = "statform.period_future";
    /// The tenth working day of the next month has passed.
    PERIOD_LATE = "statform.period_late";
    DIRECTION = "statform.direction";
    TRANSPORT = "statform.transport";
    /// An identifier with a wrong check digit or shape.
    IDENTIFIER = "statform.identifier";
    /// A party without any identifier.
    IDENTIFIER_MISSING = "statform.identifier_missing";
    /// A party that has to be Russian is not.
    PARTY_RUSSIAN = "statform.party_russian";
    /// The other party has to be foreign.
    PARTY_FOREIGN = "statform.party_foreign";
    PARTY_NAME = "statform.party_name";
    /// The identifiers are those of another country than the address.
    PARTY_COUNTRY = "statform.party_country";
    COUNTRY = "statform.country";
    COUNTRY_NAME = "statform.country_name";
    TRADE_COUNTRY = "statform.trade_country";
    ROUTE = "statform.route";
    CURRENCY = "statform.currency";
    TOTAL = "statform.total";
    TOTAL_MISSING = "statform.total_missing";
    LINES = "statform.lines";
    NUMBERING = "statform.numbering";
    TNVED_SHORT = "statform.tnved_short";
    TNVED = "statform.tnved";
    UNIT_MISSING = "statform.unit_missing";
    UNIT = "statform.unit";
    UNIT_SUPERFLUOUS = "statform.unit_superfluous";
    QUANTITY = "statform.quantity";
    NET_WEIGHT = "statform.net_weight";
    COST = "statform.cost";
    COST_RUB = "statform.cost_rub";
    COST_USD = "statform.cost_usd";
    RATE = "statform.rate";
    EXTRA_CODE = "statform.extra_code";
    EXTRA_TWICE = "statform.extra_twice";
    INTERNET_TRADE = "statform.internet_trade";
    TRACEABLE = "statform.traceable";
    DOCUMENTS = "statform.documents";
    DOCUMENT_INCOMPLETE = "statform.document_incomplete";
    DOCUMENT_DATE = "statform.document_date";
    PREVIOUS = "statform.previous";
    PREVIOUS_SHAPE = "statform.previous_shape";
    POWER = "statform.power";
    CONTACT = "statform.contact";
    /// The reference data needed for a check is not loaded.
    NOT_LOADED = "statform.not_loaded";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An error prevents sending, a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Error,
    Warning,
}

/// One remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub code: Code,
    pub level: Level,
    /// The field to go to.
    pub path: Path,
    /// Number of the graph of the printed form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graph: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What the texts mention besides: name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(Cow<'static, str>, String)>,
}

impl Remark {
    pub fn error(code: Code, path: Path) -> Self {
        Self {
            code,
            level: Level::Error,
            path,
            graph: None,
            found: None,
            expected: None,
            args: Vec::new(),
        }
    }

    pub fn warning(code: Code, path: Path) -> Self {
        Self { level: Level::Warning, ..Self::error(code, path) }
    }

    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    #[must_use]
    pub fn expected(mut self, expected: impl ToString) -> Self {
        self.expected = Some(expected.to_string());
        self
    }

    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name.into(), value.to_string()));
        self
    }

    /// Labels of the field, which the texts quote.
    #[must_use]
    pub(crate) fn label(mut self, ru: &str, en: &str) -> Self {
        for (name, label) in [("label", ru), ("label_en", en)] {
            if !label.is_empty() {
                self.args.push((name.into(), label.to_owned()));
            }
        }
        self
    }

    /// An argument by its name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What is wrong.
    pub fn text(&self, lang: Lang) -> String {
        text::cause(self, lang)
    }

    /// What to do about it.
    pub fn remedy(&self, lang: Lang) -> String {
        text::remedy(self, lang)
    }

    /// The cause and the remedy, one sentence after the other: «Не указан код. Укажите код».
    pub fn sentence(&self, lang: Lang) -> String {
        let (mut said, remedy) = (self.text(lang), self.remedy(lang));
        if remedy.is_empty() {
            return said;
        }
        if !said.is_empty() {
            let is_closed = said.ends_with(['.', '!', '?', '…', ':']);
            said.push_str(if is_closed { " " } else { ". " });
        }
        said.push_str(&remedy);
        said
    }
}

/// True when some remark is an error.
pub fn has_errors(remarks: &[Remark]) -> bool {
    remarks.iter().any(|remark| remark.level == Level::Error)
}
