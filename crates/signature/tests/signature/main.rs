//! Everything that needs more than one module, other people's material, OpenSSL or Node: one binary,
//! so that it links once.

#[cfg(test)]
mod archive;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod containers;
#[cfg(test)]
mod cryptopro;
#[cfg(test)]
mod encoding;
#[cfg(test)]
mod exchange;
#[cfg(test)]
mod gnutls;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod interop;
#[cfg(test)]
mod levels;
#[cfg(test)]
mod network;
#[cfg(test)]
mod openssl;
#[cfg(test)]
mod pki;
#[cfg(test)]
mod recheck;
#[cfg(test)]
mod shared;
