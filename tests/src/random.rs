//! Random programs and data, the same for the same seed.
//!
//! One codebook for all, so that a failing program can be read by whoever knows it; data in which
//! the tricky days are common; programs that begin small and grow, so that the first that fails
//! is short. All programs are well typed: the engine must accept every one.

mod codebook;
mod condition;
mod data;
mod home;
mod number;
mod program;
mod rows;
mod when;
mod writer;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::oracle::World;

/// How many programs share the data of one case.
const PROGRAM_COUNT: usize = 20;

/// Data, and programs to ask of it.
#[derive(Clone, Debug)]
pub struct RandomCase {
    /// Subject, organisations, codes and records.
    pub codebook: String,
    /// What lies in the pool.
    pub data: World,
    /// Declarations that follow the codebook, and a query; the shorter ones first.
    pub programs: Vec<(String, String)>,
}

/// The case of `seed`.
#[must_use]
pub fn case(seed: u64) -> RandomCase {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let data = data::world(&mut rng);
    let programs = (0..PROGRAM_COUNT).map(|place| program::program(&mut rng, 1 + place / 6));
    RandomCase { codebook: codebook::TEXT.to_owned(), programs: programs.collect(), data }
}
