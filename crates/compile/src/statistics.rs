//! Intervals: how far chance alone could have moved a figure, at 95 %.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The 97.5 % point of the normal distribution.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// The part of a distribution below the upper end of an interval.
const UPPER: f64 = 0.975;

/// The 97.5 % point of Student's t; none where there are no degrees of freedom.
fn students_t(freedom: f64) -> Option<f64> {
    let distribution = StudentsT::new(0.0, 1.0, freedom).ok()?;
    Some(distribution.inverse_cdf(UPPER))
}

/// The score interval of `numerator` successes among `denominator` (Wilson 1927): the centre
/// (p + z²/2n) / (1 + z²/n), and to each side z·√(p(1−p)/n + z²/4n²) / (1 + z²/n).
pub(crate) fn wilson(numerator: f64, denominator: f64) -> Option<(f64, f64)> {
    if denominator <= 0.0 {
        return None;
    }
    let share = numerator / denominator;
    let squared = Z * Z;
    let scale = 1.0 + squared / denominator;
    let centre = (share + squared / (2.0 * denominator)) / scale;
    let spread = share * (1.0 - share) / denominator;
    let spread = Z * (spread + squared / (4.0 * denominator * denominator)).sqrt() / scale;
    Some(((centre - spread).max(0.0), (centre + spread).min(1.0)))
}

/// What a figure was computed from, as far as its interval and that of a difference need it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample {
    /// A share.
    Share {
        /// For how many it is true.
        numerator: f64,
        /// Of how many, above 0.
        denominator: f64,
    },
    /// A mean.
    Mean {
        /// The mean.
        mean: f64,
        /// Over how many, above 0.
        people: f64,
        /// The sum of the squared distances from the mean.
        squares: f64,
    },
}

impl Sample {
    /// A share of somebody.
    pub(crate) fn share(numerator: f64, denominator: f64) -> Option<Self> {
        (denominator > 0.0).then_some(Self::Share { numerator, denominator })
    }

    /// A mean over somebody.
    pub(crate) fn mean(mean: f64, people: f64, squares: f64) -> Option<Self> {
        (people > 0.0).then_some(Self::Mean { mean, people, squares })
    }

    /// The standard deviation of what a mean is made of: √(squares / (n − 1)); none of one.
    pub(crate) fn deviation(self) -> Option<f64> {
        match self {
            Self::Mean { people, squares, .. } if people > 1.0 => {
                Some((squares / (people - 1.0)).sqrt())
            }
            Self::Mean { .. } | Self::Share { .. } => None,
        }
    }

    /// The interval of a mean: mean ± t·s/√n with n − 1 degrees of freedom (Student 1908). None
    /// of fewer than two people.
    pub(crate) fn around(sample: Option<Self>) -> (Option<f64>, Option<f64>) {
        let interval = sample.and_then(|sample| match sample {
            Self::Mean { mean, people, .. } => {
                let reach = students_t(people - 1.0)? * sample.deviation()? / people.sqrt();
                Some((mean - reach, mean + reach))
            }
            Self::Share { .. } => None,
        });
        interval.unzip()
    }

    /// The interval of a difference of two figures, as that of two independent groups.
    ///
    /// Shares: R. G. Newcombe, "Interval estimation for the difference between independent
    /// proportions: comparison of eleven methods", Statistics in Medicine 17 (1998), method 10.
    /// Means: B. L. Welch, "The generalization of 'Student's' problem when several different
    /// population variances are involved", Biometrika 34 (1947). None where a side has nobody,
    /// where a mean has fewer than two people, and between figures of two sorts.
    #[must_use]
    pub fn difference(one: Option<Self>, two: Option<Self>) -> Option<(f64, f64)> {
        match (one?, two?) {
            (
                Self::Share { numerator, denominator },
                Self::Share { numerator: fewer, denominator: all },
            ) => {
                let ((low, high), (least, most)) =
                    (wilson(numerator, denominator)?, wilson(fewer, all)?);
                let (share, less) = (numerator / denominator, fewer / all);
                let below = (share - low).hypot(most - less);
                let above = (high - share).hypot(less - least);
                Some((share - less - below, share - less + above))
            }
            (
                one @ Self::Mean { mean, people, .. },
                two @ Self::Mean { mean: other, people: others, .. },
            ) => {
                let difference = mean - other;
                let one = one.deviation()?.powi(2) / people;
                let two = two.deviation()?.powi(2) / others;
                let both = one + two;
                if both <= 0.0 {
                    return Some((difference, difference));
                }
                let shares = one.powi(2) / (people - 1.0) + two.powi(2) / (others - 1.0);
                let reach = students_t(both.powi(2) / shares)? * both.sqrt();
                Some((difference - reach, difference + reach))
            }
            (Self::Share { .. }, Self::Mean { .. }) | (Self::Mean { .. }, Self::Share { .. }) => {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Sample, students_t, wilson};

    fn near(found: f64, wanted: f64) -> bool {
        (found - wanted).abs() < 5e-5
    }

    #[test]
    fn the_interval_of_ten_in_twenty_is_wilsons() {
        // Worked by hand from the formula: centre 0.5, half-width 0.200638.
        let (low, high) = wilson(10.0, 20.0).unwrap();
        assert!((low - 0.299_298).abs() < 1e-5 && (high - 0.700_702).abs() < 1e-5, "{low} {high}");
    }

    #[test]
    fn nobody_has_no_interval() {
        assert_eq!(wilson(0.0, 0.0), None);
        assert_eq!(Sample::around(Sample::mean(3.0, 1.0, 0.0)), (None, None));
    }

    #[test]
    fn points_of_student_are_those_of_the_tables() {
        for (freedom, wanted) in [(1.0, 12.7062), (2.0, 4.3027), (10.0, 2.2281), (120.0, 1.9799)] {
            let found = students_t(freedom).unwrap();
            assert!((found - wanted).abs() < 5e-5, "{freedom}: {found}");
        }
        assert_eq!(students_t(0.0), None);
    }

    #[test]
    fn differences_of_shares_are_those_of_newcombes_examples() {
        // His table II, method 10: 56/70 − 48/80, 9/10 − 3/10, 10/10 − 0/10.
        let published = [
            ((56.0, 70.0), (48.0, 80.0), (0.0524, 0.3339)),
            ((9.0, 10.0), (3.0, 10.0), (0.1705, 0.8090)),
            ((10.0, 10.0), (0.0, 10.0), (0.6075, 1.0)),
        ];
        for ((some, all), (fewer, others), (low, high)) in published {
            let sides = (Sample::share(some, all), Sample::share(fewer, others));
            let found = Sample::difference(sides.0, sides.1).unwrap();
            assert!(near(found.0, low) && near(found.1, high), "{found:?}");
        }
    }

    #[test]
    fn a_difference_of_means_is_welchs() {
        // Worked by hand: s₁² = 4, n₁ = 4, s₂² = 9, n₂ = 9: both errors 1, √2 together, and
        // 4 / (1/3 + 1/8) = 8.7273 degrees of freedom.
        let one = Sample::mean(10.0, 4.0, 12.0);
        let two = Sample::mean(7.0, 9.0, 72.0);
        let (low, high) = Sample::difference(one, two).unwrap();
        let reach = students_t(96.0 / 11.0).unwrap() * 2.0_f64.sqrt();
        assert!((low - (3.0 - reach)).abs() < 1e-12 && (high - (3.0 + reach)).abs() < 1e-12);
        assert_eq!(Sample::difference(one, Sample::mean(7.0, 1.0, 0.0)), None);
        let same = Sample::difference(Sample::mean(2.0, 3.0, 0.0), Sample::mean(2.0, 2.0, 0.0));
        assert_eq!(same, Some((0.0, 0.0)));
    }
}
