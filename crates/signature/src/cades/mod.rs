//! CMS Advanced Electronic Signatures (RFC 5126): references to certificates and to revocation
//! data, and the data themselves.

mod ess;
mod long_term;

pub use ess::EssCertId;
pub use long_term::{LongTerm, esc_imprint, references, values};
