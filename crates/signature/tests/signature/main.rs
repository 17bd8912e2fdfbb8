//! Everything that needs more than one module, other people's material, or OpenSSL.

mod cases;
