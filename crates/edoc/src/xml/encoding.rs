//! From bytes to text: UTF-8, UTF-16 with a byte order mark, windows-1251.

use super::{XmlError, XmlErrorKind};

/// The encoding a file was in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16,
    Windows1251,
}

impl Encoding {
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Windows1251 => "windows-1251",
        }
    }
}

/// Characters of bytes 0x80–0xBF; from 0xC0 on the letters А–я follow. 0x98 is not assigned.
const UPPER: [char; 64] = [
    'Ђ', 'Ѓ', '‚', 'ѓ', '„', '…', '†', '‡', '€', '‰', 'Љ', '‹', 'Њ', 'Ќ', 'Ћ', 'Џ', 'ђ', '‘', '’',
    '“', '”', '•', '–', '—', '\u{98}', '™', 'љ', '›', 'њ', 'ќ', 'ћ', 'џ', '\u{A0}', 'Ў', 'ў', 'Ј',
    '¤', 'Ґ', '¦', '§', 'Ё', '©', 'Є', '«', '¬', '\u{AD}', '®', 'Ї', '°', '±', 'І', 'і', 'ґ', 'µ',
    '¶', '·', 'ё', '№', 'є', '»', 'ј', 'Ѕ', 'ѕ', 'ї',
];

fn windows_1251(byte: u8) -> char {
    match byte {
        0..=0x7F => byte as char,
        0x80..=0xBF => UPPER[usize::from(byte - 0x80)],
        _ => char::from_u32(0x0410 + u32::from(byte - 0xC0)).unwrap_or('\u{FFFD}'),
    }
}

/// Decodes a whole document by its byte order mark or its XML declaration.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Encoding), XmlError> {
    let fail = |kind| XmlError { line: 1, column: 1, kind };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'<', 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, b'<', ..] => utf16(bytes, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
            match declared(bytes).map(|name| name.to_ascii_lowercase()).as_deref() {
                None | Some("utf-8" | "utf8" | "us-ascii") => match std::str::from_utf8(bytes) {
                    Ok(text) => Ok((text.to_owned(), Encoding::Utf8)),
                    Err(error) => {
                        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
                        let (line, column) = super::parse::line_column(&good, good.len());
                        Err(XmlError { line, column, kind: XmlErrorKind::Encoding("UTF-8".into()) })
                    }
                },
                Some("windows-1251" | "cp1251" | "cp-1251" | "win-1251") => {
                    Ok((bytes.iter().map(|&b| windows_1251(b)).collect(), Encoding::Windows1251))
                }
                Some(other) => {
                    Err(fail(XmlErrorKind::UnknownEncoding(other.chars().take(40).collect())))
                }
            }
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<(String, Encoding), XmlError> {
    let fail = || XmlError { line: 1, column: 1, kind: XmlErrorKind::Encoding("UTF-16".into()) };
    if !bytes.len().is_multiple_of(2) {
        return Err(fail());
    }
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    Ok((text.map_err(|_| fail())?, Encoding::Utf16))
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&str> {
    let head = bytes.strip_prefix(b"<?xml")?;
    let head = &head[..head.len().min(200)];
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let head = std::str::from_utf8(&head[..end]).ok()?;
    let value = head.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split_once(quote).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let text = "<?xml version=\"1.0\" encoding='windows-1251'?><a>Ёлка № 5 — я</a>";
        let bytes: Vec<u8> =
            text.chars().map(|c| (0..=255u8).find(|b| windows_1251(*b) == c).unwrap()).collect();
        assert_eq!(decode(&bytes).unwrap(), (text.to_owned(), Encoding::Windows1251));
        let utf16: Vec<u8> = "\u{FEFF}<a>я</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16).unwrap(), ("<a>я</a>".to_owned(), Encoding::Utf16));
        assert!(decode(b"<?xml encoding=\"koi8-r\"?><a/>").is_err());
        let error = decode(
            "<a>\n я\u{1}"
                .as_bytes()
                .strip_suffix(b"\x01")
                .map(|b| [b, &[0xFF]].concat())
                .unwrap()
                .as_slice(),
        )
        .unwrap_err();
        assert_eq!((error.line, error.column), (2, 3));
    }
}
