//! Why a file cannot be read, in words for whoever sent it.

use domain::lang::Lang;

use super::{XmlError, XmlErrorKind};

impl XmlError {
    /// What is wrong and where, in the reader's language.
    pub fn text(&self, lang: Lang) -> String {
        let Self { line, column, kind } = self;
        match lang {
            Lang::Ru => format!("строка {line}, позиция {column}: {}", kind.russian()),
            Lang::En => self.to_string(),
        }
    }
}

impl XmlErrorKind {
    fn russian(&self) -> String {
        match self {
            Self::Syntax(what) => format!("нарушен синтаксис XML ({})", russian_syntax(what)),
            Self::EndTag { expected, found } => {
                format!("закрывающий тег </{found}> стоит там, где нужен </{expected}>")
            }
            Self::Prefix(prefix) => format!("префикс «{prefix}» не объявлен"),
            Self::Entity(name) => format!(
                "сущность «&{name}» недопустима: можно использовать &lt; &gt; &amp; &apos; &quot; \
                 и номера символов"
            ),
            Self::Dtd => {
                "объявление типа документа (DTD) в документах альбома недопустимо".to_owned()
            }
            Self::Encoding(name) => format!(
                "байты не в кодировке {name}; кодировка должна быть той, которая объявлена в файле"
            ),
            Self::UnknownEncoding(name) => format!(
                "кодировка «{name}» не поддерживается: нужна UTF-8, UTF-16 или windows-1251"
            ),
            Self::Limit(what, most) => {
                format!("превышен предел: {} — не больше {most}", russian_limit(what))
            }
            Self::UnknownKind { root, namespace } => format!(
                "«{root}» пространства имён «{namespace}» не является документом загруженного \
                 альбома; загрузите его редакцию или проверьте пространство имён корневого элемента"
            ),
        }
    }
}

const SYNTAX: &[(&str, &str)] = &[
    ("a character that XML does not allow", "символ, недопустимый в XML"),
    ("a name is expected", "ожидается имя"),
    ("a name is longer than 400 bytes", "имя длиннее 400 байт"),
    ("the XML declaration is not finished", "объявление XML не закончено"),
    ("only XML 1.0 can be read", "читается только XML 1.0"),
    ("something follows the root element", "после корневого элемента есть что-то ещё"),
    ("-- inside a comment", "-- внутри примечания"),
    ("a comment is not finished", "примечание не закончено"),
    ("a CDATA section is not finished", "раздел CDATA не закончен"),
    ("a processing instruction is not finished", "инструкция обработки не закончена"),
    ("the root element is expected", "ожидается корневой элемент"),
    ("the document ends inside an element", "документ кончается внутри элемента"),
    ("> is expected", "ожидается >"),
    ("an end tag without a start tag", "закрывающий тег без открывающего"),
    ("a space, > or /> is expected", "ожидается пробел, > или />"),
    ("= is expected after the name of an attribute", "после имени атрибута ожидается ="),
    ("an attribute is given twice", "атрибут указан дважды"),
    ("a namespace that may not be declared so", "пространство имён нельзя объявить так"),
    ("a namespace with brackets", "пространство имён со скобками"),
    ("a quoted value is expected", "ожидается значение в кавычках"),
    ("a quoted value is not finished", "значение в кавычках не закончено"),
    ("< inside an attribute", "< внутри атрибута"),
    ("]]> outside a CDATA section", "]]> вне раздела CDATA"),
    ("text outside the root element", "текст вне корневого элемента"),
];

const LIMITS: &[(&str, &str)] = &[
    ("bytes", "байт в файле"),
    ("elements", "элементов"),
    ("levels", "уровней вложенности"),
    ("attributes", "атрибутов элемента"),
    ("bytes of a namespace", "байт в пространстве имён"),
    ("bytes of text", "байт в одном тексте"),
];

fn russian<'a>(table: &[(&str, &'static str)], english: &'a str) -> &'a str {
    table.iter().find(|(known, _)| *known == english).map_or(english, |(_, russian)| russian)
}

fn russian_syntax(what: &str) -> &str {
    russian(SYNTAX, what)
}

fn russian_limit(what: &str) -> &str {
    russian(LIMITS, what)
}

#[cfg(test)]
mod tests {
    use crate::registry::Registry;

    use super::*;

    /// Texts in quotation marks after a word of a source.
    fn quoted<'a>(source: &'a str, after: &str) -> Vec<&'a str> {
        source.split(after).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn every_reason_has_russian_words() {
        let source = include_str!("parse.rs");
        let mut reasons = quoted(source, "fail(\"");
        reasons.extend(quoted(source, "Syntax(\""));
        // The second argument of `until`.
        reasons.extend(quoted(source, "\", \"").into_iter().filter(|text| text.contains(' ')));
        assert!(reasons.len() > 20);
        for reason in reasons {
            assert_ne!(russian_syntax(reason), reason);
        }
        for limit in quoted(source, "Limit(\"") {
            assert_ne!(russian_limit(limit), limit);
        }
    }

    #[test]
    fn a_file_is_refused_in_the_language_of_the_reader() {
        let registry = Registry::builtin().unwrap();
        let said = |text: &str| crate::xml::read(text.as_bytes(), &registry).unwrap_err();
        let error = said("<a>\n <b");
        assert!(error.text(Lang::Ru).starts_with("строка 2, позиция"), "{}", error.text(Lang::Ru));
        assert!(error.text(Lang::En).starts_with("line 2, column"), "{}", error.text(Lang::En));
        for broken in ["", "x", "<a", "<a>", "</a>", "<a b>", "<a><![CDATA[", "<!-- ", "<?x "] {
            let text = said(broken).text(Lang::Ru);
            let own = text.chars().filter(char::is_ascii_lowercase).count();
            assert!(own < 3, "{broken}: {text}");
        }
    }
}
