//! GOST R 34.10-2012 (RFC 7091): keys, signatures and key agreement over the official curves, for
//! native targets and WebAssembly.
//!
//! ```
//! use gost3410::{Curve, Signature, SigningKey, VerifyingKey};
//! use signature::{Keypair, Signer, Verifier};
//!
//! let key = SigningKey::from_bytes(Curve::Tc26_256A, &[0x11; 32])?;
//! let signature: Signature = key.sign(b"statform");
//! let public = key.verifying_key();
//! let verifying = VerifyingKey::from_bytes(Curve::Tc26_256A, public.as_bytes())?;
//! assert!(verifying.verify(b"statform", &signature).is_ok());
//! # Ok::<(), gost3410::KeyError>(())
//! ```
//!
//! # Byte orders
//!
//! | what | form | source |
//! | --- | --- | --- |
//! | private key | `d`, little-endian, 32 or 64 octets | RFC 9548, 5 |
//! | public key | `x ‖ y`, each little-endian, 64 or 128 octets | RFC 9215, 4.3 |
//! | signature | `s ‖ r`, each big-endian, 64 or 128 octets | RFC 9215, 2 |
//! | digest | as Streebog gives it; read as a little-endian integer | RFC 7091, 6.1 |
//!
//! # Nonces
//!
//! [`signature::Signer`] and [`signature::hazmat::PrehashSigner`] derive the nonce from the key
//! and the digest as RFC 6979 does, with HMAC-Streebog of the key's size. One thing differs from
//! the letter: the digest enters whole (reduced modulo `q`, never cut to the length of `q`),
//! because GOST R 34.10 signs the whole digest, and two digests that share a nonce give the key
//! away. [`signature::RandomizedSigner`] and [`signature::hazmat::RandomizedPrehashSigner`] take
//! the nonce from the given generator alone, as the standard says;
//! [`SigningKey::sign_prehash_hedged`] mixes both.
//!
//! # What is constant-time
//!
//! The sequence of instructions and the addresses that are read do not depend on the private key
//! or the nonce in: making a public key from a private one, signing (comb multiplication over
//! complete addition formulas, table look-ups that read every entry, inversion by a fixed number
//! of division steps, arithmetic modulo `q`), VKO (fixed window over complete formulas), and
//! taking the mask off a masked private key. Streebog is out of our hands: the `streebog` crate
//! reads its tables at addresses that depend on the data, so the derivation of deterministic
//! nonces and of agreed keys is as constant as that crate. Rejected nonces (out of range) change
//! the time and say nothing about the one that was used.
//!
//! Masks come from the `cmov` crate: instructions of the processor on x86-64 and AArch64, best
//! effort elsewhere, WebAssembly included. (Without it the optimiser did make branches of carries.)
//!
//! Not constant-time, by intent: verification, the checks of public keys, everything that reads
//! or writes encodings of public values. The compiler and a WebAssembly engine are free to spoil
//! any promise made in source code; `examples/timing.rs` measures what came out (a fixed-versus-
//! random t-test). Intermediate values on the stack are not wiped, only keys and nonces are.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod arithmetic;
mod curve;
mod curves;
mod encoding;
mod error;
mod kdf;
mod nonce;
pub mod oid;
mod scheme;
mod signature_value;
mod signing;
mod verifying;
mod vko;

pub use signature;

pub use crate::{
    curve::{Curve, KeySize, Parameters},
    error::KeyError,
    kdf::{kdf, kdf_tree},
    signature_value::{Signature, SignatureBytes},
    signing::SigningKey,
    verifying::VerifyingKey,
};
