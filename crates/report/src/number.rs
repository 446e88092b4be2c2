//! The one place that rounds, and that says how numbers look.
//!
//! Readers see groups of three digits with a space between (`12 345.50`): a comma or a point
//! would mean different things to different readers. Files for machines get every digit.

/// What stands where there is nobody to measure.
pub const EMPTY: &str = "–";
/// What stands where nothing was delivered.
pub const NO_DATA: &str = "no data";
/// What stands for a number that would tell of too few people. It names no range: a second cell
/// that is withheld only to protect the first may hold any number.
pub const WITHHELD: &str = "withheld";

/// How the values of one measure are shown: all alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    decimals: usize,
    is_share: bool,
}

impl Scale {
    /// The scale for values of `unit`.
    ///
    /// Shares have one decimal. An amount of money, whose unit is a currency (`EUR`), has two.
    /// Everything else has none when all values are whole; if not, one from 100 on, else two. All
    /// have more where one of the values would be shown as nothing and is not.
    #[must_use]
    pub fn new(unit: Option<&str>, values: &[f64]) -> Self {
        let decimals = match unit {
            Some("%") => 1,
            _ if values.iter().all(|value| is_whole(*value)) => 0,
            Some(unit) if is_currency(unit) => 2,
            _ if values.iter().any(|value| value.abs() >= 100.0) => 1,
            _ => 2,
        };
        let is_share = unit == Some("%");
        let places = values.iter().map(|value| places(in_percent(*value, is_share), decimals));
        Self { decimals: places.max().unwrap_or(decimals), is_share }
    }

    /// The same, with as many decimals as a rule prescribes.
    #[must_use]
    pub fn rounded(self, decimals: Option<usize>) -> Self {
        Self { decimals: decimals.unwrap_or(self.decimals), ..self }
    }

    /// `42.3 %`, `1 450.50`
    #[must_use]
    pub fn show(self, value: f64) -> String {
        if self.is_share { format!("{} %", self.bare(value)) } else { self.bare(value) }
    }

    /// The same with as many decimals as it takes to show that a number is not 0.
    fn enough_for(self, value: f64) -> Self {
        let decimals = places(in_percent(value, self.is_share), self.decimals);
        Self { decimals, ..self }
    }

    /// `36.7 – 48.1 %`
    #[must_use]
    pub fn range(self, low: f64, high: f64) -> String {
        format!("{} – {}", self.bare(low), self.show(high))
    }

    /// `+3.2 pp`, `-40`: two shares differ by percentage points, for a percentage of a percentage
    /// would be another number.
    #[must_use]
    pub fn difference(self, value: f64) -> String {
        let unit = if self.is_share { " pp" } else { "" };
        format!("{}{unit}", self.enough_for(value).signed(value))
    }

    /// `-1.0 – +7.4 pp`
    #[must_use]
    pub fn difference_range(self, low: f64, high: f64) -> String {
        let unit = if self.is_share { " pp" } else { "" };
        format!("{} – {}{unit}", self.signed(low), self.signed(high))
    }

    /// Whether a difference, as it is shown, is that of two numbers as they are.
    #[must_use]
    pub fn fits(self, this: f64, that: f64, difference: f64) -> bool {
        let [this, that, difference] = [this, that, difference].map(|it| self.rounded_off(it));
        // Both are whole numbers of the last digit: half of one lies between any two.
        (this - that - difference).abs() < 0.5 || !(this - that).is_finite()
    }

    /// How many of its last digit a number is, as it is shown.
    fn rounded_off(self, value: f64) -> f64 {
        (in_percent(value, self.is_share) * factor(self.decimals)).round()
    }

    fn signed(self, value: f64) -> String {
        let text = self.bare(value);
        let is_nothing = text.bytes().all(|letter| matches!(letter, b'0' | b'.'));
        if value > 0.0 && !is_nothing { format!("+{text}") } else { text }
    }

    fn bare(self, value: f64) -> String {
        grouped(in_percent(value, self.is_share), self.decimals)
    }
}

/// A number of people or rows: `12 345`
#[must_use]
pub fn count(value: f64) -> String {
    grouped(value, 0)
}

/// A number that no unit speaks of: as many decimals as it takes, four at most.
#[must_use]
pub fn plain(value: f64) -> String {
    if is_whole(value) {
        return count(value);
    }
    let text = grouped(value, places(value, 4));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Every digit, for machines: reading it back gives the same number.
#[must_use]
pub fn exact(value: f64) -> String {
    // Minus nothing is nothing.
    if value == 0.0 { "0".to_owned() } else { value.to_string() }
}

/// Rounded to `decimals`, a half away from zero, in groups of three digits.
fn grouped(value: f64, decimals: usize) -> String {
    let factor = factor(decimals);
    let scaled = value * factor;
    // Past 2^53 there are no decimals to round.
    let rounded = if scaled.abs() < 9e15 { scaled.round() / factor } else { value };
    let digits = format!("{:.decimals$}", rounded.abs());
    let (whole, rest) = digits.split_once('.').unwrap_or((&digits, ""));
    let sign = if rounded < 0.0 { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{rest}", in_groups(whole))
}

/// Below this a number is what is left of a calculation that came to nothing.
const NOTHING: f64 = 1e-9;

/// How many decimals it takes, `decimals` or more, for a number that is not 0 not to look so.
fn places(value: f64, decimals: usize) -> usize {
    const MOST: usize = 9;
    let is_shown = |places: &usize| (value.abs() * factor(*places)).round() >= 1.0;
    if value.abs() < NOTHING || decimals > MOST {
        return decimals;
    }
    (decimals..=MOST).find(is_shown).unwrap_or(decimals)
}

fn factor(decimals: usize) -> f64 {
    (0..decimals).fold(1.0, |factor, _| factor * 10.0)
}

fn in_percent(value: f64, is_share: bool) -> f64 {
    if is_share { value * 100.0 } else { value }
}

fn in_groups(digits: &str) -> String {
    let count = digits.chars().count();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (count - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

fn is_whole(value: f64) -> bool {
    value.fract() == 0.0
}

/// Currencies have three capitals (ISO 4217); `EUR per month` is money too.
fn is_currency(unit: &str) -> bool {
    let name = unit.split(' ').next().unwrap_or_default();
    name.len() == 3 && name.bytes().all(|letter| letter.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::{Scale, count, exact, plain};

    fn scale(unit: &str, values: &[f64]) -> Scale {
        Scale::new(Some(unit), values)
    }

    #[test]
    fn shares_are_per_cent_with_one_decimal() {
        let share = scale("%", &[0.4225]);
        assert_eq!(share.show(0.4225), "42.3 %");
        assert_eq!(share.show(1.0), "100.0 %");
        assert_eq!(share.range(0.367, 0.481), "36.7 – 48.1 %");
    }

    #[test]
    fn a_difference_has_its_sign_and_that_of_shares_is_in_points() {
        let share = scale("%", &[0.4]);
        assert_eq!(share.difference(0.0325), "+3.3 pp");
        assert_eq!(share.difference_range(-0.01, 0.0), "-1.0 – 0.0 pp");
        assert_eq!(scale("nights", &[3.0]).difference(-40.0), "-40");
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!(count(0.0), "0");
        assert_eq!(count(999.0), "999");
        assert_eq!(count(12_345.0), "12 345");
        assert_eq!(count(-1_234_567.0), "-1 234 567");
    }

    #[test]
    fn money_has_cents_when_one_of_its_amounts_has() {
        assert_eq!(scale("EUR", &[1450.5]).show(1450.5), "1 450.50");
        assert_eq!(scale("EUR", &[1450.0]).show(1450.0), "1 450");
    }

    #[test]
    fn decimals_are_alike_for_all_values_of_a_measure() {
        assert_eq!(scale("nights", &[3.0, 41.25]).show(3.0), "3.00");
        assert_eq!(scale("nights", &[3.0, 412.25]).show(3.0), "3.0");
        assert_eq!(scale("nights", &[3.0, 412.0]).show(3.0), "3");
    }

    #[test]
    fn a_number_that_is_not_nothing_does_not_look_so() {
        assert_eq!(scale("contacts", &[0.004, 0.25]).show(0.25), "0.250");
        assert_eq!(scale("contacts", &[0.004, 0.25]).show(0.004), "0.004");
        assert_eq!(scale("%", &[0.0003, 0.5]).show(0.0003), "0.03 %");
        assert_eq!(scale("contacts", &[0.0, 0.25]).show(0.0), "0.00");
        assert_eq!(scale("contacts", &[1e-15, 0.25]).show(1e-15), "0.00");
        assert_eq!(scale("%", &[0.5]).difference(0.0002), "+0.02 pp");
        assert_eq!(plain(0.000_02), "0.00002");
    }

    #[test]
    fn a_difference_may_not_fit_the_numbers_shown() {
        let money = scale("EUR per month", &[135.94, 129.06]);
        assert!(money.fits(135.94, 129.06, 6.88));
        let scores = scale("points", &[135.94, 129.06]);
        assert!(!scores.fits(135.94, 129.06, 6.88));
        assert!(scores.fits(135.94, 129.04, 6.9));
    }

    #[test]
    fn a_half_goes_away_from_zero_and_nothing_has_no_sign() {
        assert_eq!(scale("nights", &[0.125]).show(0.125), "0.13");
        assert_eq!(scale("nights", &[0.25]).show(-0.001), "0.00");
        assert_eq!(exact(-0.0), "0");
    }

    #[test]
    fn plain_numbers_have_no_empty_decimals() {
        assert_eq!(plain(2.5), "2.5");
        assert_eq!(plain(1.0 / 3.0), "0.3333");
        assert_eq!(plain(1234.0), "1 234");
    }

    #[test]
    fn exact_numbers_read_back() {
        let third = 1.0 / 3.0;
        assert_eq!(exact(third).parse(), Ok(third));
        assert_eq!(exact(5.0), "5");
    }

    #[test]
    fn numbers_beyond_all_counting_are_still_shown() {
        assert_eq!(count(1e18), "1 000 000 000 000 000 000");
        assert_eq!(count(f64::INFINITY), "inf");
    }
}
