//! `rounded:` of an indicator: how its value is rounded before it is reported and compared.
//!
//! ```text
//! rounded: down
//! rounded: half even to 1 decimal
//! ```
//!
//! What is rounded is a decimal: the shortest one that reads back as the computed number, with the
//! digits that exact formats show. So 1.005, which no float is, is rounded as 1.005 and not as what
//! lies a hair below it. A share is rounded in percent.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree;

use crate::check::Checker;
use crate::problems;

/// More decimals than these say nothing.
const MOST_DECIMALS: usize = 9;

/// How a value is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounding {
    way: Way,
    /// Digits after the point that are kept; of a share, of its percentage.
    pub decimals: usize,
}

/// Which of the two neighbours is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The lower.
    Down,
    /// The higher.
    Up,
    /// The nearer; half-way, the one whose last digit is even.
    HalfEven,
    /// The nearer; half-way, the higher.
    HalfUp,
}

impl Way {
    const ALL: &'static [(&'static str, Self)] = &[
        ("down", Self::Down),
        ("half even", Self::HalfEven),
        ("half up", Self::HalfUp),
        ("up", Self::Up),
    ];

    /// Whether the digits grow, given what is cut off them and their sign.
    fn grows(self, cut: Cut, is_odd: bool, is_negative: bool) -> bool {
        match (self, cut) {
            (_, Cut::Nothing) => false,
            (Self::Down, _) => is_negative,
            (Self::Up, _) => !is_negative,
            (Self::HalfEven | Self::HalfUp, Cut::Less) => false,
            (Self::HalfEven | Self::HalfUp, Cut::More) => true,
            (Self::HalfEven, Cut::Half) => is_odd,
            (Self::HalfUp, Cut::Half) => !is_negative,
        }
    }
}

/// How much of the last digit that is kept is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Nothing,
    Less,
    Half,
    More,
}

impl Cut {
    fn of(digits: &[u8]) -> Self {
        let Some((first, rest)) = digits.split_first() else { return Self::Nothing };
        let is_rest = rest.iter().any(|digit| *digit != b'0');
        match (first, is_rest) {
            (b'0', false) => Self::Nothing,
            (b'5', false) => Self::Half,
            (b'0'..=b'4', _) => Self::Less,
            _ => Self::More,
        }
    }
}

/// Checks what stands after `rounded:`.
pub(super) fn check(
    checker: &mut Checker<'_>,
    written: &Spanned<tree::Rounding>,
) -> Option<Rounding> {
    let tree::Rounding { how, decimals } = &written.item;
    let Some((_, way)) = Way::ALL.iter().find(|(name, _)| *name == how.item) else {
        let known = Way::ALL.iter().map(|(name, _)| *name);
        return checker.note(problems::unknown_name("rounding", &how.item, how.span, known));
    };
    let kept = decimals.as_ref().map_or(Some(0), |digits| digits.item.parse().ok());
    match (kept, decimals) {
        (Some(decimals), _) if decimals <= MOST_DECIMALS => Some(Rounding { way: *way, decimals }),
        (_, written) => {
            let wanted = format!("a number of decimals from 0 to {MOST_DECIMALS}");
            let span = written.as_ref().map_or(how.span, |digits| digits.span);
            let found = written.as_ref().map_or("…", |digits| digits.item.as_str());
            checker.note(problems::wrong_type(&wanted, &format!("`{found}`"), span))
        }
    }
}

impl Rounding {
    /// Rounds a value; a share, from 0 to 1, in percent.
    #[must_use]
    pub fn of(self, value: f64, is_share: bool) -> f64 {
        self.rounded(value, is_share).unwrap_or(value)
    }

    /// A difference of rounded values, without the last bits that subtraction leaves.
    #[must_use]
    pub fn difference(self, value: f64, is_share: bool) -> f64 {
        Self { way: Way::HalfEven, ..self }.of(value, is_share)
    }

    fn rounded(self, value: f64, is_share: bool) -> Option<f64> {
        if !value.is_finite() {
            return None;
        }
        let text = value.abs().to_string();
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        // The point of a percentage stands two digits to the right.
        let moved = if is_share { 2 } else { 0 };
        let kept = self.decimals + moved;
        let rest = format!("{rest:0<kept$}");
        let (kept_digits, cut) = rest.split_at_checked(kept)?;
        let mut digits = [whole.as_bytes(), kept_digits.as_bytes()].concat();
        let is_odd = digits.last().is_some_and(|digit| digit % 2 == 1);
        if self.way.grows(Cut::of(cut.as_bytes()), is_odd, value.is_sign_negative()) {
            increment(&mut digits);
        }
        let point = digits.len().checked_sub(kept)?;
        let digits = String::from_utf8(digits).ok()?;
        let (whole, rest) = digits.split_at_checked(point)?;
        let size: f64 = format!("{whole}.{rest}").parse().ok()?;
        // Nothing has no sign.
        Some(if value < 0.0 && size > 0.0 { -size } else { size })
    }
}

/// One more in the last digit.
fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}

#[cfg(test)]
mod tests {
    use super::{Rounding, Way};

    fn rounded(way: Way, decimals: usize, value: f64) -> f64 {
        Rounding { way, decimals }.of(value, false)
    }

    #[track_caller]
    fn same(found: f64, wanted: f64) {
        assert_eq!(found.to_bits(), wanted.to_bits(), "{found} is not {wanted}");
    }

    #[test]
    fn halves_go_where_the_rule_says() {
        for (value, even, up) in [
            (0.5, 0.0, 1.0),
            (1.5, 2.0, 2.0),
            (2.5, 2.0, 3.0),
            (-0.5, 0.0, 0.0),
            (-1.5, -2.0, -1.0),
        ] {
            same(rounded(Way::HalfEven, 0, value), even);
            same(rounded(Way::HalfUp, 0, value), up);
        }
        same(rounded(Way::HalfEven, 0, 2.500_000_1), 3.0);
    }

    #[test]
    fn down_is_lower_and_up_is_higher() {
        same(rounded(Way::Down, 0, 2.9), 2.0);
        same(rounded(Way::Down, 0, -2.1), -3.0);
        same(rounded(Way::Up, 0, 2.1), 3.0);
        same(rounded(Way::Up, 0, -2.9), -2.0);
        same(rounded(Way::Up, 0, 3.0), 3.0);
        same(rounded(Way::Up, 0, 999.5), 1000.0);
    }

    #[test]
    fn what_is_rounded_is_the_decimal() {
        same(rounded(Way::HalfUp, 2, 1.005), 1.01);
        same(rounded(Way::HalfUp, 2, 2.675), 2.68);
        same(rounded(Way::HalfEven, 1, 0.25), 0.2);
        same(rounded(Way::Down, 3, 1.0), 1.0);
        same(rounded(Way::Down, 2, 1e-9), 0.0);
    }

    #[test]
    fn a_share_is_rounded_in_percent() {
        let share = |way, decimals, value| Rounding { way, decimals }.of(value, true);
        same(share(Way::HalfEven, 1, 0.4225), 0.422);
        same(share(Way::Down, 0, 0.999), 0.99);
        same(share(Way::Up, 0, 0.991), 1.0);
    }
}
