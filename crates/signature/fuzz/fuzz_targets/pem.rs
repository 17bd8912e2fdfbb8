//! PEM and Base64, whole and as a stream.
#![no_main]

use std::io::Read;

use signature::pem;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let whole = pem::blocks_or_der(bytes);
    let mut streamed = Vec::new();
    let read = pem::Unarmored::new(bytes).and_then(|mut reader| reader.read_to_end(&mut streamed));
    // What the stream gives is the first of the blocks.
    if let (Ok(blocks), Ok(_)) = (whole, read)
        && let Some(first) = blocks.first()
    {
        assert_eq!(first, &streamed);
    }
});
