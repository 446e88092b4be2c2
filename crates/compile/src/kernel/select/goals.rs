//! Goal attainment scaling: a subject's scored and weighted goals as one T-score.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use datafusion::arrow::datatypes::Float64Type;
use datafusion::common::{Result, exec_err};

use super::super::exact::Total;
use super::Rows;

/// How goals of one person go together, by custom.
const CORRELATION: f64 = 0.3;

/// T of somebody whose goals were reached as expected.
const EXPECTED: f64 = 50.0;

/// The standard deviation of T where scores have that of 1.
const SCALE: f64 = 10.0;

impl Rows<'_> {
    /// T of the scores with their weights, 1 each without. Missing over no rows, and when a score
    /// or a weight is missing or lies outside its range.
    pub(super) fn goals(&self, scores: &ArrayRef, weights: Option<&ArrayRef>) -> Result<ArrayRef> {
        let scores = numbers(scores)?;
        let weights = weights.map(numbers).transpose()?;
        Ok(self.numbers(|subject, _| {
            if subject.unknown() {
                return None;
            }
            let mut goals = Goals::default();
            for row in subject.rows() {
                let score = known(scores, row)?;
                let weight = weights.map_or(Some(1.0), |weights| known(weights, row))?;
                goals.add(score, weight)?;
            }
            goals.scaled().map(|scaled| (true, scaled))
        }))
    }
}

fn numbers(values: &ArrayRef) -> Result<&PrimitiveArray<Float64Type>> {
    match values.as_primitive_opt() {
        Some(numbers) => Ok(numbers),
        None => exec_err!("numbers are expected, found {}", values.data_type()),
    }
}

fn known(numbers: &PrimitiveArray<Float64Type>, row: usize) -> Option<f64> {
    numbers.is_valid(row).then(|| numbers.value(row))
}

/// The sums over one subject's goals; exact, so that their order makes no difference.
#[derive(Debug, Default)]
struct Goals {
    scores: Total,
    weights: Total,
    squares: Total,
}

impl Goals {
    /// None when score or weight lie outside their range.
    fn add(&mut self, score: f64, weight: f64) -> Option<()> {
        let weighs = weight > 0.0 && weight.is_finite();
        if !weighs || !(-2.0..=2.0).contains(&score) {
            return None;
        }
        self.scores.add(weight * score);
        self.weights.add(weight);
        self.squares.add(weight * weight);
        Some(())
    }

    /// None over no goals.
    fn scaled(&self) -> Option<f64> {
        let weights = self.weights.value();
        let spread = (1.0 - CORRELATION) * self.squares.value() + CORRELATION * weights * weights;
        self.weights.any().then(|| EXPECTED + SCALE * self.scores.value() / spread.sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::Goals;

    fn scaled(goals: &[(f64, f64)]) -> Option<f64> {
        let mut all = Goals::default();
        for (score, weight) in goals {
            all.add(*score, *weight)?;
        }
        all.scaled()
    }

    fn near(found: Option<f64>, wanted: f64) -> bool {
        found.is_some_and(|found| (found - wanted).abs() < 0.005)
    }

    #[test]
    fn scores_are_those_of_the_published_tables() {
        assert!(near(scaled(&[(1.0, 1.0); 3]), 63.69));
        assert!(near(scaled(&[(2.0, 1.0); 3]), 77.39));
        assert!(near(scaled(&[(1.0, 2.0), (-1.0, 1.0)]), 54.02));
        assert!(near(scaled(&[(0.0, 3.0)]), 50.0));
    }

    #[test]
    fn a_factor_on_all_weights_changes_nothing() {
        let [one, ten] = [1.0, 10.0].map(|factor| scaled(&[(2.0, factor), (-1.0, 3.0 * factor)]));
        assert!((one.unwrap() - ten.unwrap()).abs() < 1e-12);
    }

    #[test]
    fn what_lies_outside_its_range_makes_none() {
        assert_eq!(scaled(&[(3.0, 1.0)]), None);
        assert_eq!(scaled(&[(1.0, 0.0)]), None);
        assert_eq!(scaled(&[(1.0, f64::INFINITY)]), None);
        assert_eq!(scaled(&[]), None);
    }
}
