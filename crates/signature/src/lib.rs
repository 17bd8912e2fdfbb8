pub mod asn1;
pub mod cades;
pub mod certificate;
pub mod cms;
pub mod container;
pub mod digest;
pub mod issue;
pub mod key;
pub mod oid;
pub mod path;
pub mod pem;
pub mod report;
pub mod revocation;
pub mod sign;
#[cfg(test)]
mod testing;
pub mod timestamp;
pub mod verify;
