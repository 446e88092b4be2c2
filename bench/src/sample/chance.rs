//! Draws by chance, the same in every version of the libraries.
//!
//! Only the generator's raw 64 bits are used: how a library turns them into a range may change.

use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The seed of the whole sample.
const SEED: u64 = 20_230_101;

/// One stream of draws.
#[derive(Debug)]
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    /// A stream of its own, so that a change in one room leaves the other rooms' draws alone.
    pub(super) fn new(stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(SEED);
        generator.set_stream(stream);
        Self(generator)
    }

    /// A number from 0 up to, but not including, `bound`.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let scaled = u128::from(self.0.next_u64()) * u128::from(bound);
        u32::try_from(scaled >> 64).expect("smaller than the bound")
    }

    /// A number from `low` to `high`, both in.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// True `share` times in a thousand.
    pub(super) fn per_mille(&mut self, share: u32) -> bool {
        self.below(1000) < share
    }

    /// True `share` times in a hundred.
    pub(super) fn per_cent(&mut self, share: u32) -> bool {
        self.below(100) < share
    }

    /// One of them, each as likely as the other.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        let bound = u32::try_from(items.len()).expect("a short list");
        let place = usize::try_from(self.below(bound)).expect("a short list");
        items.get(place).copied().expect("a place below the length")
    }

    /// One of them, as likely as its weight says.
    pub(super) fn weighted<T: Copy>(&mut self, items: &[(u32, T)]) -> T {
        let total = items.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(total);
        for (weight, item) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        items.last().expect("some item").1
    }
}
