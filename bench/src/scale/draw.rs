//! Draws by chance, from the raw 64 bits of a generator whose stream never changes.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The seed of every measurement.
const SEED: u64 = 20_260_101;

/// One stream of draws.
#[derive(Debug)]
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    pub(super) fn new(stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(SEED);
        generator.set_stream(stream);
        Self(generator)
    }

    /// A place below `bound`.
    pub(super) fn at(&mut self, bound: u32) -> usize {
        let scaled = u128::from(self.0.next_u64()) * u128::from(bound);
        usize::try_from(scaled >> 64).expect("smaller than the bound")
    }

    /// The same as a number.
    pub(super) fn index(&mut self, bound: i32) -> i32 {
        let bound = u32::try_from(bound).expect("a bound above nought");
        i32::try_from(self.at(bound)).expect("smaller than the bound")
    }

    /// True `share` times in a thousand.
    pub(super) fn per_mille(&mut self, share: u32) -> bool {
        self.at(1000) < share as usize
    }
}
