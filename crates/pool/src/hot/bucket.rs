//! Which bucket a subject lies in.

/// Fowler, Noll and Vo's hash (1a, 64 bits) of the subject's name: the same on every machine.
pub(crate) fn of(subject: &str, bucket_count: usize) -> usize {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let hash =
        subject.bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    let count = u64::try_from(bucket_count).unwrap_or(1).max(1);
    usize::try_from(hash % count).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn subjects_spread_over_all_buckets() {
        let mut seen = [0_u32; 16];
        for person in 0..1600 {
            seen[super::of(&format!("{person:x}"), 16)] += 1;
        }
        assert!(seen.iter().all(|count| *count > 40), "{seen:?}");
    }
}
