//! A sum without rounding on the way, by Shewchuk's (1997) expansion of partial sums.

/// The sum of `numbers`, whatever their order: what each addition would lose is kept apart.
pub(super) fn exact_sum(numbers: &[f64]) -> f64 {
    // Invariant: the parts do not overlap and grow in size, and their exact sum is what was added.
    let mut parts: Vec<f64> = Vec::new();
    for &number in numbers {
        let mut carried = number;
        let mut kept = Vec::with_capacity(parts.len() + 1);
        for &part in &parts {
            let (large, small) =
                if carried.abs() < part.abs() { (part, carried) } else { (carried, part) };
            let sum = large + small;
            let lost = small - (sum - large);
            if lost != 0.0 {
                kept.push(lost);
            }
            carried = sum;
        }
        kept.push(carried);
        parts = kept;
    }
    parts.iter().rev().fold(0.0, |sum, part| sum + part)
}

#[cfg(test)]
mod tests {
    use super::exact_sum;

    #[test]
    fn a_small_number_beside_a_large_one_is_not_lost() {
        assert!((exact_sum(&[1e16, 1.0, -1e16]) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_order_of_the_numbers_does_not_matter() {
        let numbers: Vec<f64> = (1..200).map(|n| 1.0 / f64::from(n)).collect();
        let turned: Vec<f64> = numbers.iter().rev().copied().collect();
        assert!(exact_sum(&numbers).total_cmp(&exact_sum(&turned)).is_eq());
    }
}
