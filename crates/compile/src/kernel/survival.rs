//! How long something lasts, when it has not yet ended for everybody.
//!
//! The part S(t) for whom it lasts longer than t is the product, over the times up to t at which
//! it ended for d of the n for whom it still lasted, of 1 − d/n: E. L. Kaplan and P. Meier,
//! "Nonparametric Estimation from Incomplete Observations", Journal of the American Statistical
//! Association 53 (1958). The median is the first time with S(t) ≤ ½.
//!
//! The limits of S(t) are S^exp(±z·√V / ln S), V the sum of d / (n(n − d)) (M. Greenwood, 1926),
//! the log-log transformation of Ø. Borgan and K. Liestøl, "A Note on Confidence Intervals and
//! Bands for the Survival Function Based on Transformations", Scandinavian Journal of Statistics
//! 17 (1990). Those of the median are the first times at which a limit is ½ or less: R. Brookmeyer
//! and J. Crowley, "A Confidence Interval for the Median Survival Time", Biometrics 38 (1982).
//! Where S is 0 it has no limits.

/// One of the numbers that are made of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// The lower limit of the median.
    Low,
    /// The median itself.
    Median,
    /// Its upper limit.
    High,
}

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A half, and what products of fractions may be off it.
const HALF: f64 = 0.5 + 1e-9;

/// A time that ended, or that lasted at the end of what is seen, in one number: in their order,
/// those that ended stand before those of the same length that did not.
#[must_use]
pub fn coded(days: f64, ended: bool) -> f64 {
    if ended { 2.0 * days } else { 2.0 * days + 1.0 }
}

/// Of coded times, shortest first; none when it is not reached.
pub(super) fn median(coded: &[f64], limit: Limit) -> Option<f64> {
    let (mut lasting, mut variance) = (1.0, 0.0);
    let mut at_risk = count(coded.len());
    for same in coded.chunk_by(|one, next| (one / 2.0).floor() >= (next / 2.0).floor()) {
        let days = (same.first()? / 2.0).floor();
        let ended = count(same.iter().filter(|time| **time <= 2.0 * days).count());
        if ended > 0.0 {
            lasting *= 1.0 - ended / at_risk;
            variance += ended / (at_risk * (at_risk - ended));
            let reached = match limit {
                Limit::Median => Some(lasting),
                Limit::Low => limited(lasting, variance, Z),
                Limit::High => limited(lasting, variance, -Z),
            };
            if reached.is_some_and(|lasting| lasting <= HALF) {
                return Some(days);
            }
        }
        at_risk -= count(same.len());
    }
    None
}

/// The limit of `lasting` at `z`.
fn limited(lasting: f64, variance: f64, z: f64) -> Option<f64> {
    let inside = variance.is_finite() && lasting > 0.0;
    inside.then(|| lasting.powf((-z * variance.sqrt() / lasting.ln()).exp()))
}

fn count(of: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "there are fewer subjects than 2^52")]
    let count = of as f64;
    count
}

#[cfg(test)]
mod tests {
    use super::{Limit, coded, median};

    fn medians(ended: &[f64], lasting: &[f64]) -> [Option<f64>; 3] {
        let ended = ended.iter().map(|days| coded(*days, true));
        let mut all: Vec<f64> =
            ended.chain(lasting.iter().map(|days| coded(*days, false))).collect();
        all.sort_unstable_by(f64::total_cmp);
        [Limit::Low, Limit::Median, Limit::High].map(|limit| median(&all, limit))
    }

    /// Weeks in remission of Freireich and others (1963), as the textbooks have them.
    #[test]
    fn the_medians_of_the_leukaemia_trial_are_those_of_the_textbooks() {
        let placebo = [
            1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0, 5.0, 8.0, 8.0, 8.0, 8.0, 11.0, 11.0, 12.0,
            12.0, 15.0, 17.0, 22.0, 23.0,
        ];
        assert_eq!(medians(&placebo, &[]), [Some(4.0), Some(8.0), Some(11.0)]);
        let treated = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0];
        let lasting = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0];
        assert_eq!(medians(&treated, &lasting), [Some(13.0), Some(23.0), None]);
    }

    #[test]
    fn of_nobody_and_of_those_who_all_wait_there_is_none() {
        assert_eq!(medians(&[], &[]), [None; 3]);
        assert_eq!(medians(&[], &[3.0, 4.0]), [None; 3]);
    }
}
