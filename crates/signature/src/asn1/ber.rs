//! BER from a stream: the outer layers of CMS (RFC 5652 §5, X.690 §8).
//!
//! Signing programs write SignedData with indefinite lengths and cut the content into many octet
//! strings. [`BerReader`] walks such layers without holding the content, and turns the smaller
//! parts into definite lengths, so that everything behind them is read as DER.

use std::io::{ErrorKind, Read};

use super::{Error, Result, tag, write};

/// How deep elements may be nested.
const MAX_DEPTH: usize = 48;

/// Header of an element in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Element {
    tag: u8,
    /// Octets of the content; `None` when it goes to an end-of-contents mark.
    length: Option<u64>,
}

impl Element {
    fn is_constructed(&self) -> bool {
        self.tag & tag::CONSTRUCTED != 0
    }
}

/// Reads BER elements from a stream.
pub struct BerReader<R> {
    input: R,
    /// Octets that were read.
    position: u64,
    /// Where every open element ends; `None` when its length is indefinite.
    open: Vec<Option<u64>>,
    /// A header that was read and not yet taken.
    ahead: Option<Element>,
}

impl<R: Read> BerReader<R> {
    pub fn new(input: R) -> Self {
        Self { input, position: 0, open: Vec::new(), ahead: None }
    }

    /// Tag of the next element of the open one, or `None` at its end.
    ///
    /// # Errors
    /// When the header is broken.
    pub fn peek(&mut self) -> Result<Option<u8>> {
        let element = match self.ahead {
            Some(element) => element,
            None if self.open.last() == Some(&Some(self.position)) => return Ok(None),
            None => {
                let element = self.header()?;
                self.ahead = Some(element);
                element
            }
        };
        match (element.tag, self.open.last()) {
            (0, Some(None)) => Ok(None),
            (0, _) => Err(Error::Value("an end-of-contents mark where none is expected")),
            (tag, _) => Ok(Some(tag)),
        }
    }

    /// Opens the next element, which must have this tag and be constructed.
    ///
    /// # Errors
    /// [`Error::Tag`] for another one, [`Error::TooDeep`].
    pub fn enter(&mut self, expected: u8) -> Result<()> {
        let element = self.take(expected)?;
        self.open(element)
    }

    /// Closes the element that was opened last; nothing of it may be left.
    ///
    /// # Errors
    /// [`Error::Trailing`] when something is.
    pub fn leave(&mut self) -> Result<()> {
        if self.peek()?.is_some() {
            return Err(Error::Trailing);
        }
        // A header that was read ahead is the end-of-contents mark of an indefinite length.
        self.ahead = None;
        self.open.pop();
        Ok(())
    }

    /// Says that the stream ends here.
    ///
    /// # Errors
    /// [`Error::Trailing`] when it goes on.
    pub fn finish(&mut self) -> Result<()> {
        let mut one = [0];
        match self.input.read(&mut one) {
            Ok(0) => Ok(()),
            Ok(_) => Err(Error::Trailing),
            Err(_) => Err(Error::Io),
        }
    }

    /// The next element whole, with definite lengths, and octet strings in one piece. `budget` is
    /// how many octets may still be held; it is lowered.
    ///
    /// # Errors
    /// [`Error::TooLarge`] over the budget, [`Error::TooDeep`], broken headers.
    pub fn element(&mut self, budget: &mut usize) -> Result<Vec<u8>> {
        let Some(found) = self.peek()? else { return Err(Error::Truncated) };
        let element = self.take(found)?;
        if !element.is_constructed() {
            let mut out = Vec::new();
            self.content(element, &mut |piece| {
                charge(budget, piece.len())?;
                out.extend_from_slice(piece);
                Ok(())
            })?;
            return Ok(write::element(element.tag, &out));
        }
        self.open(element)?;
        let mut parts = Vec::new();
        while self.peek()?.is_some() {
            // Every element costs, or a megabyte of empty ones would take much more memory.
            charge(budget, 16)?;
            parts.push(self.element(budget)?);
        }
        self.leave()?;
        if element.tag == tag::OCTET_STRING | tag::CONSTRUCTED {
            return Ok(write::octets(&strings(&parts)?));
        }
        Ok(write::element(element.tag, &parts.concat()))
    }

    /// Hands the next element, an octet string in one piece or in many, to `sink`.
    ///
    /// # Errors
    /// When it is not an octet string, and what `sink` says.
    pub fn octet_string(&mut self, sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let found = self.peek()?.ok_or(Error::Truncated)?;
        if found == tag::OCTET_STRING {
            let element = self.take(found)?;
            return self.content(element, sink);
        }
        self.enter(tag::OCTET_STRING | tag::CONSTRUCTED)?;
        while self.peek()?.is_some() {
            self.octet_string(sink)?;
        }
        self.leave()
    }

    fn take(&mut self, expected: u8) -> Result<Element> {
        match self.peek()? {
            Some(found) if found != expected => Err(Error::Tag { expected, found }),
            None => Err(Error::Truncated),
            Some(_) => self.ahead.take().ok_or(Error::Truncated),
        }
    }

    fn open(&mut self, element: Element) -> Result<()> {
        if !element.is_constructed() {
            return Err(Error::Value("an element without parts where parts are expected"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Error::TooDeep);
        }
        self.open.push(element.length.map(|length| self.position + length));
        Ok(())
    }

    /// Where the innermost open element of definite length ends.
    fn limit(&self) -> u64 {
        self.open.iter().rev().find_map(|end| *end).unwrap_or(u64::MAX)
    }

    /// Fills `buffer` from the stream, within the open elements.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<()> {
        let end = self.position.checked_add(buffer.len() as u64).ok_or(Error::TooLarge)?;
        if end > self.limit() {
            return Err(Error::Truncated);
        }
        self.input.read_exact(buffer).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => Error::Truncated,
            _ => Error::Io,
        })?;
        self.position = end;
        Ok(())
    }

    /// The content of a primitive element in pieces of at most 64 KiB.
    fn content(
        &mut self,
        element: Element,
        sink: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let mut left = element.length.ok_or(Error::Length)?;
        let mut buffer = vec![0; left.min(1 << 16) as usize];
        while left > 0 {
            let size = left.min(buffer.len() as u64) as usize;
            self.fill(&mut buffer[..size])?;
            left -= size as u64;
            sink(&buffer[..size])?;
        }
        Ok(())
    }

    fn octet(&mut self) -> Result<u8> {
        let mut one = [0];
        self.fill(&mut one)?;
        Ok(one[0])
    }

    fn header(&mut self) -> Result<Element> {
        let tag = self.octet()?;
        if tag & 0x1f == 0x1f {
            return Err(Error::Value("a tag number over 30"));
        }
        let length = match self.octet()? {
            short @ 0..=0x7f => Some(u64::from(short)),
            0x80 if tag & tag::CONSTRUCTED != 0 => None,
            long @ 0x81..=0x87 => {
                let mut length = 0;
                for _ in 0x80..long {
                    length = length << 8 | u64::from(self.octet()?);
                }
                Some(length)
            }
            _ => return Err(Error::Length),
        };
        if tag == 0 && length != Some(0) {
            return Err(Error::Value("a broken end-of-contents mark"));
        }
        if length.is_some_and(|length| length > self.limit().saturating_sub(self.position)) {
            return Err(Error::Truncated);
        }
        Ok(Element { tag, length })
    }
}

fn charge(budget: &mut usize, size: usize) -> Result<()> {
    *budget = budget.checked_sub(size).ok_or(Error::TooLarge)?;
    Ok(())
}

/// Joins the pieces of a constructed octet string.
fn strings(parts: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(super::Cursor::new(part).octets()?);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bytes: &[u8]) -> Result<Vec<u8>> {
        let mut reader = BerReader::new(bytes);
        let element = reader.element(&mut 10_000)?;
        reader.finish()?;
        Ok(element)
    }

    #[test]
    fn indefinite_lengths_become_definite() {
        let ber = [0x30, 0x80, 0x02, 0x01, 0x05, 0x31, 0x80, 0x05, 0x00, 0, 0, 0, 0];
        assert_eq!(whole(&ber).unwrap(), [0x30, 7, 2, 1, 5, 0x31, 2, 5, 0]);
    }

    #[test]
    fn octet_strings_are_joined() {
        let ber = [0x24, 0x80, 0x04, 2, 1, 2, 0x24, 3, 0x04, 1, 3, 0, 0];
        assert_eq!(whole(&ber).unwrap(), [4, 3, 1, 2, 3]);
    }

    #[test]
    fn der_stays_as_it_is() {
        let der = write::sequence(&[&write::octets(&[7; 300]), &write::number(128)]);
        assert_eq!(whole(&der).unwrap(), der);
    }

    #[test]
    fn broken_nesting_is_refused() {
        // Longer than the element around it; no end mark; a mark without need; text after it.
        assert_eq!(whole(&[0x30, 3, 4, 2, 1]), Err(Error::Truncated));
        assert_eq!(whole(&[0x30, 0x80, 5, 0]), Err(Error::Truncated));
        assert!(whole(&[0x30, 2, 0, 0]).is_err());
        assert_eq!(whole(&[5, 0, 0]), Err(Error::Trailing));
        assert_eq!(whole(&[[0x30, 0x80].repeat(60)].concat()), Err(Error::TooDeep));
        // An indefinite length must close inside the definite one around it.
        assert_eq!(whole(&[0x30, 4, 0x30, 0x80, 5, 0, 0, 0]), Err(Error::Truncated));
    }

    #[test]
    fn a_promise_of_much_is_not_believed() {
        let claim = [0x04, 0x84, 0xff, 0xff, 0xff, 0xff, 1, 2, 3];
        assert_eq!(whole(&claim), Err(Error::Truncated));
        let parts = [vec![0x30, 0x82, 0x20, 0], [5, 0].repeat(4096)].concat();
        assert_eq!(whole(&parts), Err(Error::TooLarge));
    }
}
