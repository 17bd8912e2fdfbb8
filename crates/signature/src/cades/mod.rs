//! CMS Advanced Electronic Signatures (RFC 5126): references to certificates and to revocation
//! data, the data themselves, and archive time-stamps (ETSI EN 319 122-1 §5.5).

mod archive;
mod ess;
mod long_term;

pub use archive::HashIndex;
pub use ess::EssCertId;
pub use long_term::{LongTerm, esc_imprint, references, values};
