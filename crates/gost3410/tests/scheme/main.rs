//! Tests of the scheme from the outside: one binary, so that it links once.

#[cfg(test)]
mod encoding;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod rfc;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod support;
