//! Tests of the engine from the outside: one binary, so that it links once.

#[cfg(test)]
mod album;
#[cfg(test)]
mod convergence;
#[cfg(test)]
mod mutants;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod roundtrip;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod statform;
#[cfg(test)]
mod support;
