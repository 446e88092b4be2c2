//! A sum without rounding on the way, by Shewchuk's (1997) expansion of partial sums.

/// The sum of `numbers`, whatever their order: the float that is nearest to what they are together,
/// half-way the even one.
pub(super) fn exact_sum(numbers: &[f64]) -> f64 {
    let parts = expansion(numbers.iter().copied());
    let near = parts.iter().rev().fold(0.0, |sum, part| sum + part);
    let nearer = [near.next_down(), near.next_up()].into_iter().find(|other| {
        // Twice the sum less both lies on the side of the nearer one.
        let twice = parts.iter().chain(&parts).copied().chain([-near, -other]);
        match expansion(twice).into_iter().rfind(|part| *part != 0.0) {
            None => near.to_bits() % 2 == 1,
            Some(rest) => (rest > 0.0) == (*other > near),
        }
    });
    nearer.unwrap_or(near)
}

/// The numbers as parts that do not overlap and grow in size, and are together exactly as much: what
/// each addition would lose is kept apart. Their sum has the sign of the
/// last that is not 0.
fn expansion(numbers: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut parts: Vec<f64> = Vec::new();
    for number in numbers {
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
    parts
}

#[cfg(test)]
mod tests {
    use super::exact_sum;

    #[test]
    fn a_small_number_beside_a_large_one_is_not_lost() {
        assert!((exact_sum(&[1e16, 1.0, -1e16]) - 1.0).abs() < f64::EPSILON);
    }

    /// 2.6333333333333333 and the like are no floats; the sum of the four floats lies nearer to the
    /// first of the two that are left.
    #[test]
    fn the_last_rounding_looks_at_all_that_is_below() {
        let sum = exact_sum(&[158.0 / 60.0, 36.0 / 60.0, 112.0 / 60.0, 74.0 / 60.0]);
        assert!((sum - 6.333_333_333_333_333).abs() < 1e-16, "{sum}");
        assert!(exact_sum(&[1.0, f64::EPSILON / 2.0]).total_cmp(&1.0).is_eq());
        let above = exact_sum(&[1.0, f64::EPSILON / 2.0, 1e-40]);
        assert!(above.total_cmp(&(1.0 + f64::EPSILON)).is_eq());
    }

    #[test]
    fn the_order_of_the_numbers_does_not_matter() {
        let numbers: Vec<f64> = (1..200).map(|n| 1.0 / f64::from(n)).collect();
        let turned: Vec<f64> = numbers.iter().rev().copied().collect();
        assert!(exact_sum(&numbers).total_cmp(&exact_sum(&turned)).is_eq());
    }
}
