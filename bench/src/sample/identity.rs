//! How a young person is known to the organisations: by national number or by the coalition's
//! reference, in whatever form a clerk writes it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::chance::Chance;

/// What all organisations that know somebody write, once the form is taken off.
#[derive(Clone, Debug)]
pub(super) enum Identity {
    /// Eleven digits: birth date, serial, check digits. The check digits are wrong on purpose.
    National(String),
    /// The coalition's reference, for those without a national number.
    Reference(u32),
}

/// The form in which an organisation writes it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// `05.06.01-123.45`, `RÉF-004217`
    Dotted,
    /// `05060112345`, `réf004217`
    Bare,
    /// `050601 123 45`, `Réf. 004217`
    Spaced,
    /// `050601-123-45`, `ref-004217` with the accent as a character of its own
    Decomposed,
}

impl Identity {
    /// For those born on a day, not given out before.
    pub(super) fn national(
        birth: NaiveDate,
        chance: &mut Chance,
        given: &mut BTreeSet<String>,
    ) -> Self {
        loop {
            let serial = chance.between(1, 997);
            let stem = format!("{}{serial:03}", birth.format("%y%m%d"));
            if given.insert(stem.clone()) {
                let check = wrong_check(&stem);
                return Self::National(format!("{stem}{check:02}"));
            }
        }
    }

    /// As an organisation writes it.
    pub(super) fn written(&self, form: Form) -> String {
        match self {
            Self::National(digits) => national_in(form, digits),
            Self::Reference(number) => match form {
                Form::Dotted => format!("RÉF-{number:06}"),
                Form::Bare => format!("réf{number:06}"),
                Form::Spaced => format!("Réf. {number:06}"),
                Form::Decomposed => format!("RE\u{301}F {number:06}"),
            },
        }
    }
}

fn national_in(form: Form, digits: &str) -> String {
    let mark = |place: usize| match (form, place) {
        (Form::Dotted, 2 | 4 | 9) => ".",
        (Form::Spaced, 6 | 9) => " ",
        (Form::Dotted, 6) | (Form::Decomposed, 6 | 9) => "-",
        _ => "",
    };
    let marked = digits.chars().enumerate().map(|(place, digit)| format!("{}{digit}", mark(place)));
    marked.collect()
}

/// Check digits that are right for neither century, so that no number can be anybody's.
fn wrong_check(stem: &str) -> u64 {
    let number: u64 = stem.parse().expect("nine digits");
    let right = |number: u64| 97 - number % 97;
    let wrong = right(number) % 97 + 1;
    if wrong == right(2_000_000_000 + number) { 0 } else { wrong }
}
