//! Signatures of people, made for the test.
