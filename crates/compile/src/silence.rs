//! Silence: which days an organisation has said nothing about, because it did not deliver them.
//!
//! Where nothing was found, but an organisation that knows the subject has not delivered the
//! record for all days looked at, what was asked is unknown, not false (D5).

use std::collections::{BTreeMap, BTreeSet};

use datafusion::logical_expr::{Expr, ident};

use crate::calendar::Period;
use crate::check::ORGANISATION;
use crate::kernel::dates;
use crate::kernel::silent::{self, Gap};
use crate::term::{Comparison, Term};

/// The record of the scan that says who knows a subject; no author can name one so.
pub const KNOWN: &str = "#known";

/// The field of [`KNOWN`] with the first day on which the organisation saw the subject.
pub const SINCE: &str = "since";

/// The days that organisations did not deliver, by record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undelivered {
    /// `contact`: organisations and stretches of days, both ends in. Of a record that is not here
    /// everything was delivered.
    pub gaps: BTreeMap<String, Vec<(String, Period)>>,
}

impl Undelivered {
    /// Of everything each day was delivered.
    pub const NONE: &'static Self = &Self { gaps: BTreeMap::new() };

    /// The gaps of a record that count for rows of these organisations, or of all.
    pub(crate) fn gaps(
        &self,
        record: &str,
        only: Option<&BTreeSet<String>>,
        symbol: &dyn Fn(&str) -> i32,
    ) -> Vec<Gap> {
        let own = self.gaps.get(record).into_iter().flatten();
        let own = own.filter(|(name, _)| only.is_none_or(|only| only.contains(name)));
        let gap = |(name, days): &(String, Period)| {
            let (first, last) = (dates::days(days.first), dates::days(days.last));
            Gap { organisation: symbol(name), first, last }
        };
        own.map(gap).collect()
    }
}

/// The organisations that a condition on rows at `depth` leaves; none when it leaves all.
pub(crate) fn named(condition: &Term, depth: usize) -> Option<BTreeSet<String>> {
    let is_organisation = |term: &Term| matches!(term, Term::RowField { depth: at, field, .. } if *at == depth && field == ORGANISATION);
    match condition {
        Term::And(terms) => {
            let named = terms.iter().filter_map(|term| named(term, depth));
            named.reduce(|one, other| one.intersection(&other).cloned().collect())
        }
        Term::In { value, symbols } if is_organisation(value) => {
            Some(symbols.iter().cloned().collect())
        }
        Term::In { value, symbols } => {
            let is_one = |fact: &Term| matches!(fact, Term::Symbol(code) if symbols.contains(code));
            with_fact(value, is_organisation, is_one)
        }
        Term::Compare { comparison: Comparison::Equal, left, right } => {
            match (left.as_ref(), right.as_ref()) {
                (field, Term::Symbol(name)) | (Term::Symbol(name), field)
                    if is_organisation(field) =>
                {
                    Some(BTreeSet::from([name.clone()]))
                }
                (choice, code @ Term::Symbol(_)) | (code @ Term::Symbol(_), choice) => {
                    with_fact(choice, is_organisation, |fact| fact == code)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// The organisations of which a declared fact is wanted, where a choice is that fact: one row for
/// each organisation that has it.
fn with_fact(
    choice: &Term,
    is_organisation: impl Fn(&Term) -> bool,
    is_wanted: impl Fn(&Term) -> bool,
) -> Option<BTreeSet<String>> {
    let Term::Choose { rows, otherwise } = choice else { return None };
    if !matches!(otherwise.as_ref(), Term::Missing(_)) {
        return None;
    }
    let mut named = BTreeSet::new();
    for (condition, fact) in rows {
        let Term::Compare { comparison: Comparison::Equal, left, right } = condition else {
            return None;
        };
        let (true, Term::Symbol(name)) = (is_organisation(left), right.as_ref()) else {
            return None;
        };
        if is_wanted(fact) {
            named.insert(name.clone());
        }
    }
    Some(named)
}

/// Whether an organisation that knows the subject by `data_date` has a gap with a day from `first`
/// to `last`; only that in column `organisation`, unless it is the total.
pub(crate) fn silent(
    gaps: Vec<Gap>,
    data_date: i32,
    (first, last): (Expr, Expr),
    organisation: Option<Expr>,
) -> Expr {
    let known = |field: &str| ident(format!("{KNOWN}.{field}"));
    let arguments = [known(ORGANISATION), known(SINCE), first, last];
    silent::silent(gaps, data_date, arguments.into_iter().chain(organisation).collect())
}
