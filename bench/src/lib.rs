//! Generators of synthetic data for Interplay's samples and measurements.
//!
//! What is made here depends on nothing but its seed: no clock, no files, no order of hashing. It
//! shares no code with the engine, so that a fault of the one cannot hide a fault of the other.

#![expect(
    clippy::expect_used,
    reason = "a generator has no user whose program could make it panic: what it writes is its own"
)]

pub mod measured;
pub mod sample;
pub mod scale;
