//! Tests of the engine from the outside: one binary, so that it links once.

mod album;
mod convergence;
mod reading;
mod roundtrip;
mod rules;
mod statform;
mod support;
