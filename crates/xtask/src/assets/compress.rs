//! Compression: at its highest level what is shipped, done once and served many times; lightly what
//! is built to be looked at.

use std::io::Write;

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, GzBuilder};

use crate::failure::{Failure, Result};

/// How much work compression is worth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    Best,
    /// A quick build has a module of 25 MB: the best takes minutes.
    Light,
}

/// Brotli, quality 11 at best, window 4 MiB.
pub fn brotli(content: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: if effort == Effort::Best { 11 } else { 3 },
        lgwin: 22,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut packed, &params)
        .map_err(|error| Failure::new(format!("Brotli failed: {error}.")))?;
    Ok(packed)
}

/// gzip, level 9 at best, without name and time, so that equal content gives equal bytes.
pub fn gzip(content: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let level = if effort == Effort::Best { Compression::best() } else { Compression::fast() };
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), level);
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .map_err(|error| Failure::new(format!("gzip failed: {error}.")))
}
