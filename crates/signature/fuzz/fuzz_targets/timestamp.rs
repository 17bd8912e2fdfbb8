//! Time-stamp tokens, answers and requests.
#![no_main]

use signature::issue::TimestampQuery;
use signature::timestamp::{Timestamp, read_response};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = Timestamp::from_der(bytes);
    let _ = read_response(bytes);
    let _ = TimestampQuery::from_der(bytes);
});
