//! Object identifiers of GOST keys and algorithms (RFC 9215, RFC 4357, RFC 4491, RFC 7836).

use der::asn1::ObjectIdentifier;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// `id-tc26-gost3410-12-256`: a 256-bit public key.
pub const GOST3410_2012_256: ObjectIdentifier = oid("1.2.643.7.1.1.1.1");
/// `id-tc26-gost3410-12-512`: a 512-bit public key.
pub const GOST3410_2012_512: ObjectIdentifier = oid("1.2.643.7.1.1.1.2");
/// `id-GostR3410-2001`: a public key of the old standard; the arithmetic is that of 256 bits.
pub const GOST3410_2001: ObjectIdentifier = oid("1.2.643.2.2.19");
/// `id-tc26-gost3411-12-256`: Streebog-256.
pub const GOST3411_2012_256: ObjectIdentifier = oid("1.2.643.7.1.1.2.2");
/// `id-tc26-gost3411-12-512`: Streebog-512.
pub const GOST3411_2012_512: ObjectIdentifier = oid("1.2.643.7.1.1.2.3");
/// `id-tc26-signwithdigest-gost3410-12-256`.
pub const SIGN_WITH_DIGEST_256: ObjectIdentifier = oid("1.2.643.7.1.1.3.2");
/// `id-tc26-signwithdigest-gost3410-12-512`.
pub const SIGN_WITH_DIGEST_512: ObjectIdentifier = oid("1.2.643.7.1.1.3.3");
/// `id-tc26-agreement-gost-3410-12-256`: VKO with a 256-bit key.
pub const AGREEMENT_256: ObjectIdentifier = oid("1.2.643.7.1.1.6.1");
/// `id-tc26-agreement-gost-3410-12-512`: VKO with a 512-bit key.
pub const AGREEMENT_512: ObjectIdentifier = oid("1.2.643.7.1.1.6.2");

/// `id-GostR3410-2001-TestParamSet`.
pub const TEST_256: ObjectIdentifier = oid("1.2.643.2.2.35.0");
/// `id-GostR3410-2001-CryptoPro-A-ParamSet`.
pub const CRYPTO_PRO_A: ObjectIdentifier = oid("1.2.643.2.2.35.1");
/// `id-GostR3410-2001-CryptoPro-B-ParamSet`.
pub const CRYPTO_PRO_B: ObjectIdentifier = oid("1.2.643.2.2.35.2");
/// `id-GostR3410-2001-CryptoPro-C-ParamSet`.
pub const CRYPTO_PRO_C: ObjectIdentifier = oid("1.2.643.2.2.35.3");
/// `id-GostR3410-2001-CryptoPro-XchA-ParamSet`.
pub const CRYPTO_PRO_XCH_A: ObjectIdentifier = oid("1.2.643.2.2.36.0");
/// `id-GostR3410-2001-CryptoPro-XchB-ParamSet`.
pub const CRYPTO_PRO_XCH_B: ObjectIdentifier = oid("1.2.643.2.2.36.1");
/// `id-tc26-gost-3410-2012-256-paramSetA`.
pub const TC26_256_A: ObjectIdentifier = oid("1.2.643.7.1.2.1.1.1");
/// `id-tc26-gost-3410-2012-256-paramSetB`.
pub const TC26_256_B: ObjectIdentifier = oid("1.2.643.7.1.2.1.1.2");
/// `id-tc26-gost-3410-2012-256-paramSetC`.
pub const TC26_256_C: ObjectIdentifier = oid("1.2.643.7.1.2.1.1.3");
/// `id-tc26-gost-3410-2012-256-paramSetD`.
pub const TC26_256_D: ObjectIdentifier = oid("1.2.643.7.1.2.1.1.4");
/// `id-tc26-gost-3410-2012-512-paramSetTest`.
pub const TEST_512: ObjectIdentifier = oid("1.2.643.7.1.2.1.2.0");
/// `id-tc26-gost-3410-2012-512-paramSetA`.
pub const TC26_512_A: ObjectIdentifier = oid("1.2.643.7.1.2.1.2.1");
/// `id-tc26-gost-3410-2012-512-paramSetB`.
pub const TC26_512_B: ObjectIdentifier = oid("1.2.643.7.1.2.1.2.2");
/// `id-tc26-gost-3410-2012-512-paramSetC`.
pub const TC26_512_C: ObjectIdentifier = oid("1.2.643.7.1.2.1.2.3");
