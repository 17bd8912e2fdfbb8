//! Compression at its highest level: done once, served many times.

use std::io::Write;

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, GzBuilder};

use crate::failure::{Failure, Result};

/// Brotli, quality 11, window 4 MiB.
pub fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut packed, &params)
        .map_err(|error| Failure::new(format!("Brotli failed: {error}.")))?;
    Ok(packed)
}

/// gzip, level 9, without name and time, so that equal content gives equal bytes.
pub fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .map_err(|error| Failure::new(format!("gzip failed: {error}.")))
}
