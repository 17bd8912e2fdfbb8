//! Containers of CryptoPro CSP, their files one after another.
#![no_main]

use signature::container::{CryptoProFiles, KeyContainer};

libfuzzer_sys::fuzz_target!(|files: (&[u8], &[u8], &[u8])| {
    let (header, masks, primary) = files;
    let parts = [(masks, primary)];
    let files = CryptoProFiles { header, parts: &parts, name: Some(masks) };
    let _ = KeyContainer::from_cryptopro(&files, "");
});
