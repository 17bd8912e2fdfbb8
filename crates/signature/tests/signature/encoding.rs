//! Reading and writing of DER against the `der` and `x509-cert` crates.

use der::asn1::{BitString, Uint, UtcTime};
use der::{Decode, Encode};
use proptest::prelude::*;
use signature::asn1::{BerReader, Cursor, Tlv, tag, write};
use signature::certificate::Certificate;

use crate::pki::{Kind, World};

proptest! {
    #[test]
    fn unsigned_numbers(octets in proptest::collection::vec(any::<u8>(), 1..40)) {
        let theirs = Uint::new(&octets).unwrap().to_der().unwrap();
        prop_assert_eq!(write::unsigned(&octets), theirs.clone());
        prop_assert!(Cursor::new(&theirs).integer().is_ok());
    }

    #[test]
    fn small_numbers(value in 0u64..1 << 63) {
        prop_assert_eq!(write::number(value), value.to_der().unwrap());
        prop_assert_eq!(Cursor::new(&write::number(value)).small(tag::INTEGER), Ok(value));
    }

    #[test]
    fn strings_of_every_length(length in 0usize..70_000) {
        let written = write::octets(&vec![0x5a; length]);
        let theirs = der::asn1::OctetString::new(vec![0x5a; length]).unwrap().to_der().unwrap();
        prop_assert_eq!(&written, &theirs);
        // DER goes through the reader of BER unchanged.
        let again = BerReader::new(written.as_slice()).element(&mut 100_000).unwrap();
        prop_assert_eq!(again, written);
    }

    #[test]
    fn named_bits(bits in any::<u16>()) {
        let written = write::named_bits(bits);
        prop_assert_eq!(Cursor::new(&written).bits().unwrap().named_bits(), bits);
        prop_assert!(BitString::from_der(&written).is_ok());
    }

    #[test]
    fn times(seconds in 0i64..2_524_608_000) {
        let time = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        let written = write::time(time);
        prop_assert_eq!(Cursor::new(&written).time(), Ok(time));
        let theirs = UtcTime::from_der(&written).unwrap().to_unix_duration();
        prop_assert_eq!(theirs.as_secs() as i64, seconds);
    }

    /// What the strict reader takes, `der` takes too, with the same content.
    #[test]
    fn headers(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(element) = Tlv::single(&bytes)
            && let Ok(theirs) = der::asn1::AnyRef::from_der(&bytes)
        {
            prop_assert_eq!(element.value, theirs.value());
        }
    }
}

#[test]
fn certificates_read_alike() {
    for kind in [Kind::Gost256, Kind::Gost512, Kind::P256, Kind::P384] {
        let world = World::new(kind);
        let mut certificates =
            vec![world.root.certificate, world.middle.certificate, world.person.certificate];
        if let Some(root) = crate::shared::signatures() {
            for entry in std::fs::read_dir(root.join("pkits/certs")).unwrap() {
                let der = std::fs::read(entry.unwrap().path()).unwrap();
                certificates.extend(Certificate::from_der(&der));
            }
        }
        for own in certificates {
            // Theirs does not read dates before 1970, nor serial numbers of more than 20 octets.
            let Ok(theirs) = x509_cert::Certificate::from_der(own.as_der()) else { continue };
            let tbs = theirs.tbs_certificate();
            assert_eq!(tbs.subject().to_der().unwrap(), own.subject().as_der());
            assert_eq!(tbs.issuer().to_der().unwrap(), own.issuer().as_der());
            assert_eq!(tbs.serial_number().as_bytes(), own.serial());
            let until = tbs.validity().not_after.to_unix_duration().as_secs();
            assert_eq!(until as i64, own.not_after().timestamp());
            let count = tbs.extensions().map_or(0, |extensions| extensions.len());
            assert_eq!(count, own.extensions().present.len());
        }
    }
}
