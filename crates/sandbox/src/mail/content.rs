//! What a message says: subject and text, decoded (RFC 2045, 2047) for showing.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Deepest nesting of multipart that is looked into.
const DEPTH: usize = 8;

pub(super) struct Content {
    pub(super) subject: String,
    pub(super) text: String,
}

/// Reads a whole message.
pub(super) fn read(raw: &str) -> Content {
    let raw = raw.replace("\r\n", "\n");
    let (headers, _) = split(&raw);
    Content { subject: decode_words(&header(headers, "subject")), text: text(&raw, DEPTH).1 }
}

fn split(part: &str) -> (&str, &str) {
    match part.strip_prefix('\n') {
        Some(body) => ("", body),
        None => part.split_once("\n\n").unwrap_or((part, "")),
    }
}

/// A header's value, unfolded; empty when absent.
fn header(headers: &str, name: &str) -> String {
    let mut value: Option<String> = None;
    for line in headers.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some(value) = &mut value {
                value.push(' ');
                value.push_str(line.trim());
            }
            continue;
        }
        if value.is_some() {
            break;
        }
        if let Some((own, rest)) = line.split_once(':')
            && own.eq_ignore_ascii_case(name)
        {
            value = Some(rest.trim().to_owned());
        }
    }
    value.unwrap_or_default()
}

/// The text of a part and whether it is plain; of a multipart, the first plain text inside.
fn text(part: &str, depth: usize) -> (bool, String) {
    let (headers, body) = split(part);
    let kind = header(headers, "content-type");
    let lower = kind.to_ascii_lowercase();
    if lower.starts_with("multipart/") && depth > 0 {
        let Some(boundary) = parameter(&kind, "boundary") else { return (false, String::new()) };
        let delimiter = format!("--{boundary}");
        let mut best = (false, String::new());
        for inner in body.split(&delimiter).skip(1) {
            if inner.starts_with("--") {
                break;
            }
            let found = text(inner.strip_prefix('\n').unwrap_or(inner), depth - 1);
            if found.0 {
                return found;
            }
            if best.1.is_empty() {
                best = found;
            }
        }
        return best;
    }
    if !(lower.is_empty() || lower.starts_with("text/")) {
        return (false, String::new());
    }
    let bytes = match &*header(headers, "content-transfer-encoding").to_ascii_lowercase() {
        "base64" => {
            let packed: String = body.split_ascii_whitespace().collect();
            BASE64.decode(packed).unwrap_or_else(|_| body.as_bytes().to_vec())
        }
        "quoted-printable" => quoted_printable(body, false),
        _ => body.as_bytes().to_vec(),
    };
    (!lower.starts_with("text/html"), String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

/// `boundary` of `multipart/mixed; boundary="x"`.
fn parameter<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    value.split(';').skip(1).find_map(|part| {
        let (own, value) = part.trim().split_once('=')?;
        own.eq_ignore_ascii_case(name).then(|| value.trim_matches('"'))
    })
}

/// RFC 2045 section 6.7; with `word`, RFC 2047 section 4.2 (`_` is a space).
fn quoted_printable(text: &str, word: bool) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'=' if bytes.get(at) == Some(&b'\n') => at += 1,
            b'=' => match bytes.get(at..at + 2).and_then(|pair| hex::decode(pair).ok()) {
                Some(decoded) => {
                    out.extend(decoded);
                    at += 2;
                }
                None => out.push(b'='),
            },
            b'_' if word => out.push(b' '),
            other => out.push(*other),
        }
    }
    out
}

/// Decodes `=?utf-8?B?…?=` and `=?utf-8?Q?…?=`; white space between two such words is dropped.
fn decode_words(value: &str) -> String {
    let mut out = Vec::new();
    let mut after_word = false;
    for token in value.split(' ') {
        match encoded_word(token) {
            Some(bytes) => {
                if !after_word && !out.is_empty() {
                    out.push(b' ');
                }
                out.extend(bytes);
                after_word = true;
            }
            None => {
                if !out.is_empty() {
                    out.push(b' ');
                }
                out.extend(token.as_bytes());
                after_word = false;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn encoded_word(token: &str) -> Option<Vec<u8>> {
    let inner = token.strip_prefix("=?")?.strip_suffix("?=")?;
    let mut parts = inner.splitn(3, '?');
    let (charset, encoding, text) = (parts.next()?, parts.next()?, parts.next()?);
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    match encoding {
        "B" | "b" => BASE64.decode(text).ok(),
        "Q" | "q" => Some(quoted_printable(text, true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::proptest;

    use super::*;

    #[test]
    fn a_plain_message_is_read_as_it_is() {
        let content = read("Subject: hello\r\n world\r\nTo: a@b\r\n\r\nline 1\r\nline 2\r\n");
        assert_eq!(content.subject, "hello world");
        assert_eq!(content.text, "line 1\nline 2");
    }

    #[test]
    fn encoded_words_and_quoted_printable_are_decoded() {
        let content = read(
            "Subject: =?utf-8?B?0KTQvtGA0LzQsA==?= =?UTF-8?Q?_=E2=84=96=201?= ok\n\
             Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n\
             =D0=94=D0=B0 =3D long =\nline\n",
        );
        assert_eq!(content.subject, "Форма № 1 ok");
        assert_eq!(content.text, "Да = long line");
    }

    #[test]
    fn plain_text_is_preferred_inside_multipart() {
        let content = read(
            "Content-Type: multipart/alternative; boundary=\"b\"\n\n--b\nContent-Type: text/html\n\n\
             <p>x</p>\n--b\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n0JTQsA==\n--b--\n",
        );
        assert_eq!(content.text, "Да");
    }

    #[test]
    fn broken_encodings_do_not_panic() {
        for raw in ["", "\n", "Subject: =?utf-8?B?!?=\n\n=", "Content-Type: multipart/x\n\n--", "a"]
        {
            read(raw);
        }
    }

    proptest! {
        #[test]
        fn no_message_panics(raw in "(Subject: |Content-Type: |multipart/x; boundary=b|--b|=\\?utf-8\\?[BQ]\\?|[=?_A-F0-9 а]|\n){0,40}") {
            read(&raw);
        }
    }
}
