//! semantics.md, "Figures" and "compare": intervals, each straight from its formula.

/// The normal quantile of a 95 % interval.
pub(super) const Z: f64 = 1.959963984540054;

/// What a share or a mean was made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Made {
    /// How many of how many.
    Share(f64, f64),
    /// How many numbers, and their variance as of a sample.
    Mean(f64, f64),
}

/// The interval of Wilson (1927) around `share` of `size`.
pub(super) fn wilson(share: f64, size: f64) -> (f64, f64) {
    let centre = share + Z * Z / (2.0 * size);
    let reach = Z * (share * (1.0 - share) / size + Z * Z / (4.0 * size * size)).sqrt();
    let scale = 1.0 + Z * Z / size;
    ((centre - reach) / scale, (centre + reach) / scale)
}

/// The variance of a sample; none of one.
pub(super) fn variance(numbers: &[f64]) -> Option<f64> {
    let size = f64::from(u32::try_from(numbers.len()).expect("few numbers"));
    if size < 2.0 {
        return None;
    }
    if numbers.windows(2).all(|two| two[0].to_bits() == two[1].to_bits()) {
        return Some(0.0);
    }
    let mean = super::sum::exact_sum(numbers) / size;
    let squares: Vec<f64> = numbers.iter().map(|number| (number - mean).powi(2)).collect();
    Some(super::sum::exact_sum(&squares) / (size - 1.0))
}

/// The mean of `numbers` with its interval, by Student's t.
pub(super) fn around_mean(numbers: &[f64], mean: f64) -> (Option<f64>, Option<f64>) {
    let size = f64::from(u32::try_from(numbers.len()).expect("few numbers"));
    let Some(variance) = variance(numbers) else { return (None, None) };
    let reach = students_t(size - 1.0) * (variance / size).sqrt();
    (Some(mean - reach), Some(mean + reach))
}

/// The interval of the difference of two independent figures: Newcombe's (1998) tenth method for
/// shares, Welch's (1947) for means.
pub(super) fn difference(one: Made, other: Made, difference: f64) -> Option<(f64, f64)> {
    match (one, other) {
        (Made::Share(some, all), Made::Share(few, others)) => {
            let (p, q) = (some / all, few / others);
            let ((p_low, p_high), (q_low, q_high)) = (wilson(p, all), wilson(q, others));
            let square = |number: f64| number * number;
            let below = (square(p - p_low) + square(q_high - q)).sqrt();
            let above = (square(p_high - p) + square(q - q_low)).sqrt();
            Some((p - q - below, p - q + above))
        }
        (Made::Mean(n, s2), Made::Mean(m, t2)) => {
            if n < 2.0 || m < 2.0 {
                return None;
            }
            let (a, b) = (s2 / n, t2 / m);
            if a + b == 0.0 {
                return Some((difference, difference));
            }
            let freedom = (a + b) * (a + b) / (a * a / (n - 1.0) + b * b / (m - 1.0));
            let reach = students_t(freedom) * (a + b).sqrt();
            Some((difference - reach, difference + reach))
        }
        _ => panic!("a share is not compared with a mean"),
    }
}

/// The 97.5 % point of Student's t. With t = √ν·tan θ its density is that of cos^(ν−1) θ, which is
/// integrated from 0 by Simpson's rule; the point is found by halving.
pub(super) fn students_t(freedom: f64) -> f64 {
    let whole = half_integral(freedom);
    let (mut low, mut high) = (0.0, std::f64::consts::FRAC_PI_2);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if integral(freedom, middle) < 0.95 * whole { low = middle } else { high = middle }
    }
    freedom.sqrt() * f64::midpoint(low, high).tan()
}

/// ∫ cos^(ν−1) from 0 to `end`.
fn integral(freedom: f64, end: f64) -> f64 {
    const STEPS: u32 = 4_000;
    let step = end / f64::from(STEPS);
    let sum: f64 = (0..=STEPS)
        .map(|at| {
            let weight = match at {
                0 | STEPS => 1.0,
                odd if odd % 2 == 1 => 4.0,
                _ => 2.0,
            };
            weight * (step * f64::from(at)).cos().powf(freedom - 1.0)
        })
        .sum();
    sum * step / 3.0
}

/// ∫ cos^(ν−1) from 0 to π/2: √π/2 · Γ(ν/2) / Γ((ν+1)/2).
fn half_integral(freedom: f64) -> f64 {
    let ratio = ln_gamma(freedom / 2.0) - ln_gamma(f64::midpoint(freedom, 1.0));
    std::f64::consts::PI.sqrt() / 2.0 * ratio.exp()
}

/// Stirling's series, far enough out for it to be exact; Γ(x + 1) = xΓ(x) leads there.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut lead) = (x, 0.0);
    while x < 20.0 {
        lead += x.ln();
        x += 1.0;
    }
    let series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x.powi(3)) + 1.0 / (1260.0 * x.powi(5))
        - 1.0 / (1680.0 * x.powi(7));
    (x - 0.5) * x.ln() - x + (2.0 * std::f64::consts::PI).ln() / 2.0 + series - lead
}

#[cfg(test)]
mod tests {
    use super::{students_t, variance, wilson};

    #[test]
    fn the_interval_of_eight_of_ten_is_that_of_the_tables() {
        let (low, high) = wilson(0.8, 10.0);
        assert!((low - 0.490_16).abs() < 1e-5, "{low}");
        assert!((high - 0.943_32).abs() < 1e-5, "{high}");
    }

    #[test]
    fn points_of_student_are_those_of_the_tables() {
        for (freedom, wanted) in [(1.0, 12.706_205), (5.0, 2.570_582), (60.0, 2.000_298)] {
            assert!((students_t(freedom) - wanted).abs() < 1e-6, "{freedom}");
        }
    }

    #[test]
    fn the_variance_of_a_sample_is_over_one_less() {
        assert_eq!(variance(&[1.0, 3.0]), Some(2.0));
        assert_eq!(variance(&[1.0]), None);
    }
}
