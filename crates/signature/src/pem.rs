//! PEM (RFC 7468) and bare Base64, beside DER: files in all three forms are called the same.

use std::io::{self, BufRead, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

/// More blocks in a file are not read.
const MAX_BLOCKS: usize = 4096;

/// A text that begins as PEM and does not go on so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the PEM text is damaged")]
pub struct PemError;

/// A block of PEM: its label and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub label: String,
    pub der: Vec<u8>,
}

/// All blocks of a PEM text; text between them is passed over.
///
/// # Errors
/// [`PemError`] when a block does not end, or is not Base64.
pub fn blocks(text: &[u8]) -> Result<Vec<Block>, PemError> {
    let text =
        std::str::from_utf8(text.strip_prefix(&BOM).unwrap_or(text)).map_err(|_| PemError)?;
    let mut blocks = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in text.lines().map(str::trim) {
        if let Some(label) = marker(line, "BEGIN") {
            if open.is_some() || blocks.len() == MAX_BLOCKS {
                return Err(PemError);
            }
            open = Some((label, String::new()));
        } else if let Some(label) = marker(line, "END") {
            let (opened, base64) = open.take().filter(|(l, _)| *l == label).ok_or(PemError)?;
            let der = STANDARD.decode(base64).map_err(|_| PemError)?;
            blocks.push(Block { label: opened.to_owned(), der });
        } else if let Some((_, base64)) = &mut open {
            base64.push_str(line);
        }
    }
    if open.is_some() { Err(PemError) } else { Ok(blocks) }
}

fn marker<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.strip_prefix("-----")?.strip_prefix(word)?.strip_prefix(' ')?.strip_suffix("-----")
}

/// The objects in a file: all blocks of PEM, or one in DER or in bare Base64.
///
/// # Errors
/// [`PemError`] for damaged PEM or Base64.
pub fn blocks_or_der(file: &[u8]) -> Result<Vec<Vec<u8>>, PemError> {
    match Form::of(file) {
        Form::Pem => Ok(blocks(file)?.into_iter().map(|block| block.der).collect()),
        Form::Base64 => {
            let text: Vec<u8> = file.iter().copied().filter(|c| !c.is_ascii_whitespace()).collect();
            Ok(vec![
                STANDARD.decode(text.strip_prefix(&BOM).unwrap_or(&text)).map_err(|_| PemError)?,
            ])
        }
        Form::Der => Ok(vec![file.to_vec()]),
    }
}

const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Der,
    Pem,
    Base64,
}

impl Form {
    /// The form of a file by how it begins. DER begins with the octet of a SEQUENCE, which is the
    /// digit `0`; in Base64 that is `MI` or another letter.
    fn of(head: &[u8]) -> Self {
        let head = head.strip_prefix(&BOM).unwrap_or(head);
        if head.first() == Some(&0x30) && head.get(1).is_some_and(|second| *second >= 0x80) {
            return Self::Der;
        }
        let window = &head[..head.len().min(1 << 16)];
        if window.windows(11).any(|text| text == b"-----BEGIN ") {
            return Self::Pem;
        }
        let plain = |c: &u8| c.is_ascii_alphanumeric() || b"+/=\r\n\t ".contains(c);
        if head.first() == Some(&b'M') && window.iter().all(plain) {
            Self::Base64
        } else {
            Self::Der
        }
    }
}

/// Gives the DER or BER in a stream, whichever of the three forms it has, without holding it.
pub struct Unarmored<R> {
    input: R,
    form: Form,
    /// Decoded octets that were not taken yet.
    ready: Vec<u8>,
    taken: usize,
    /// Base64 characters short of a group of four.
    group: Vec<u8>,
    /// The label of the first block of PEM, once it has begun.
    label: Option<String>,
    /// The padding of Base64 was there: nothing may follow it.
    padded: bool,
    begun: bool,
    ended: bool,
}

impl<R: BufRead> Unarmored<R> {
    /// # Errors
    /// When the stream cannot be read.
    pub fn new(mut input: R) -> io::Result<Self> {
        let form = Form::of(input.fill_buf()?);
        Ok(Self {
            input,
            form,
            ready: Vec::new(),
            taken: 0,
            group: Vec::new(),
            label: None,
            padded: false,
            begun: false,
            ended: false,
        })
    }

    /// Decodes one more line. Lines are taken in pieces, however long they are.
    fn advance(&mut self) -> io::Result<()> {
        let mut line = Vec::new();
        let read = (&mut self.input).take(1 << 16).read_until(b'\n', &mut line)?;
        let mut text = line.as_slice();
        if !self.begun {
            text = text.strip_prefix(&BOM).unwrap_or(text);
        }
        self.begun = true;
        let damaged = || io::Error::from(io::ErrorKind::InvalidData);
        // Markers are what they are for [`blocks`].
        let marked = |word| marker(std::str::from_utf8(text).ok()?.trim(), word);
        let is_whole = match self.form {
            Form::Pem => match (marked("BEGIN"), marked("END"), &self.label) {
                (Some(label), _, None) => {
                    self.label = Some(label.to_owned());
                    return Ok(());
                }
                (None, Some(label), Some(opened)) if label == opened => true,
                (Some(_), _, Some(_)) | (None, Some(_), _) => return Err(damaged()),
                (None, None, None) if read > 0 => return Ok(()),
                (None, None, _) if read == 0 => return Err(damaged()),
                (None, None, _) => false,
            },
            Form::Base64 | Form::Der => read == 0,
        };
        if is_whole {
            self.ended = true;
            return if self.group.is_empty() { Ok(()) } else { Err(damaged()) };
        }
        self.group.extend(text.iter().filter(|c| !c.is_ascii_whitespace()));
        let whole = self.group.len() / 4 * 4;
        if self.padded && !self.group.is_empty() {
            return Err(damaged());
        }
        self.padded = self.group[..whole].ends_with(b"=");
        self.ready = STANDARD.decode(&self.group[..whole]).map_err(|_| damaged())?;
        self.taken = 0;
        self.group.drain(..whole);
        Ok(())
    }
}

impl<R: BufRead> Read for Unarmored<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.form == Form::Der {
            return self.input.read(out);
        }
        while self.taken == self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            self.ready.clear();
            self.taken = 0;
            self.advance()?;
        }
        let rest = &self.ready[self.taken..];
        let size = rest.len().min(out.len());
        out[..size].copy_from_slice(&rest[..size]);
        self.taken += size;
        Ok(size)
    }
}

/// DER as a block of PEM with lines of 64 characters.
pub fn encode(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in base64.as_bytes().chunks(64) {
        out.extend(line.iter().copied().map(char::from));
        out.push('\n');
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unarmored(file: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        // A buffer of a few octets cuts lines anywhere.
        let mut reader = Unarmored::new(io::BufReader::with_capacity(64, file))?;
        reader.read_to_end(&mut out).map(|_| out)
    }

    #[test]
    fn the_three_forms_are_one() {
        let der = [&[0x30, 0x82, 0x01, 0x00][..], &[0x5a; 256]].concat();
        let pem = format!("Subject: x\n{}", encode("CMS", &der)).replace('\n', "\r\n");
        let bare = STANDARD.encode(&der);
        for file in [der.as_slice(), pem.as_bytes(), bare.as_bytes()] {
            assert_eq!(unarmored(file).unwrap(), der);
            assert_eq!(blocks_or_der(file).unwrap(), std::slice::from_ref(&der));
        }
    }

    #[test]
    fn a_stream_and_the_whole_are_read_alike() {
        let good = encode("CMS", b"content");
        let bom = format!("\u{feff}{good}");
        for file in [good.as_str(), &bom] {
            assert_eq!(unarmored(file.as_bytes()).unwrap(), b"content");
            assert_eq!(blocks(file.as_bytes()).unwrap()[0].der, b"content");
        }
        let passed_over = format!("-----BEGIN unfinished\nMIIB\n{good}");
        assert_eq!(unarmored(passed_over.as_bytes()).unwrap(), b"content");
        assert_eq!(blocks(passed_over.as_bytes()).unwrap()[0].der, b"content");
        for damaged in [
            format!("-----BEGIN CMS-----\n{good}"),
            good.replace("END CMS", "END CERTIFICATE"),
            format!("-----END CMS-----\n{good}"),
            good.replace("-----END CMS-----\n", ""),
            good.replace("\n-----END", "\nMIIB\n-----END"),
        ] {
            assert!(unarmored(damaged.as_bytes()).is_err(), "{damaged}");
            assert_eq!(blocks(damaged.as_bytes()), Err(PemError), "{damaged}");
        }
    }

    #[test]
    fn damaged_text_is_refused() {
        assert!(unarmored(b"-----BEGIN CMS-----\nMII\n-----END CMS-----\n").is_err());
        assert!(unarmored(b"-----BEGIN CMS-----\nM!!I\n-----END CMS-----\n").is_err());
        assert_eq!(blocks(b"-----BEGIN A-----\nMIIB\n-----END B-----\n"), Err(PemError));
        assert_eq!(blocks(b"-----BEGIN A-----\nMIIB\n"), Err(PemError));
    }
}
