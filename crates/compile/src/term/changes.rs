//! Numbers that may still change, and comparisons that what may still come could turn.
//!
//! What was found of rows in a window that is not over is a lower bound of how many there will be:
//! `count of contact within 6 months after intake.day >= 2` is no failure before the six months
//! are over. So a comparison asks which way its difference may still move.

use super::days::Days;
use super::{Aggregate, Comparison, Operator, Physical, Selection, Term};

/// In which directions a number may still move: conditions that are never unknown of whom the
/// number is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Whether it may grow.
    pub grows: Term,
    /// Whether it may shrink.
    pub shrinks: Term,
}

const NEVER: Term = Term::Truth(Some(false));

impl Changes {
    /// It stands.
    const NONE: Self = Self { grows: NEVER, shrinks: NEVER };

    /// Whether it stands of everybody, whatever the windows are.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// Whether it may change at all.
    #[must_use]
    pub fn any(self) -> Term {
        either(self.grows, self.shrinks)
    }

    /// Where it may change, both ways.
    fn both_ways(self) -> Self {
        let any = self.any();
        Self { grows: any.clone(), shrinks: any }
    }

    fn growing(when: Term) -> Self {
        Self { grows: when, shrinks: NEVER }
    }

    /// What it is of the contrary number.
    fn turned(self) -> Self {
        Self { grows: self.shrinks, shrinks: self.grows }
    }

    fn joined(self, other: Self) -> Self {
        Self {
            grows: either(self.grows, other.grows),
            shrinks: either(self.shrinks, other.shrinks),
        }
    }

    /// Only where a condition is true.
    fn only(self, condition: &Term) -> Self {
        let only = |when: Term| if when == NEVER { NEVER } else { condition.clone().and(when) };
        Self { grows: only(self.grows), shrinks: only(self.shrinks) }
    }
}

fn either(one: Term, other: Term) -> Term {
    if one == NEVER || one == other {
        return other;
    }
    if other == NEVER { one } else { one.or(other) }
}

impl Term {
    /// In which directions the number, or the set of days, may still move.
    #[must_use]
    pub fn changes(&self) -> Changes {
        match self {
            Self::Selected { aggregate, selection } => of_rows(aggregate, selection),
            Self::Arithmetic { operator, left, right } => of_two(*operator, left, right),
            Self::OfDays { make, of } => of_days(*make, of),
            Self::Choose { rows, otherwise } => chosen(rows, otherwise),
            Self::Of { subject, reference, term } => {
                let there = |when: Self| {
                    let (subject, reference) = (subject.clone(), reference.clone());
                    if when == NEVER {
                        NEVER
                    } else {
                        Self::Of { subject, reference, term: Box::new(when) }
                    }
                };
                let Changes { grows, shrinks } = term.changes();
                Changes { grows: there(grows), shrinks: there(shrinks) }
            }
            _ => Changes::NONE,
        }
    }

    /// `self < other` and the like, unknown where what may still come can turn it.
    #[must_use]
    pub fn decided(self, comparison: Comparison, other: &Self) -> Self {
        let Changes { grows, shrinks } = self.changes().joined(other.changes().turned());
        let asked = |comparison| self.clone().compared(comparison, other.clone());
        match comparison {
            Comparison::Greater | Comparison::GreaterOrEqual => {
                settled(asked(comparison), grows, shrinks)
            }
            Comparison::Less | Comparison::LessOrEqual => {
                settled(asked(comparison), shrinks, grows)
            }
            Comparison::Equal if grows == NEVER && shrinks == NEVER => asked(comparison),
            Comparison::Equal => {
                let least = asked(Comparison::GreaterOrEqual);
                let most = asked(Comparison::LessOrEqual);
                let least = settled(least, grows.clone(), shrinks.clone());
                least.and(settled(most, shrinks, grows))
            }
        }
    }
}

/// A condition that is false only for now where it can be `won`, and true only for now where it
/// can be `lost`.
fn settled(condition: Term, won: Term, lost: Term) -> Term {
    let unknown = Term::Truth(None);
    let condition = match won {
        NEVER => condition,
        won => condition.or(won.and(unknown.clone())),
    };
    match lost {
        NEVER => condition,
        lost => condition.and(lost.negated().or(unknown)),
    }
}

fn of_rows(aggregate: &Aggregate, selection: &Selection) -> Changes {
    let more = Changes::growing(Term::MoreMayCome(Box::new(selection.clone())));
    let changes = match aggregate {
        Aggregate::Count
        | Aggregate::Organisations
        | Aggregate::Nights
        | Aggregate::Days
        | Aggregate::Covered(_)
        | Aggregate::Most(_, Physical::Number) => more,
        Aggregate::Least(_, Physical::Number) => more.turned(),
        Aggregate::Sum(_) | Aggregate::Mean(_) | Aggregate::Goals { .. } => more.both_ways(),
        _ => return Changes::NONE,
    };
    // The row that holds as of a day may be followed by another, and count no more.
    if selection.latest_at.is_some() { changes.both_ways() } else { changes }
}

fn of_two(operator: Operator, left: &Term, right: &Term) -> Changes {
    let (one, two) = (left.changes(), right.changes());
    match operator {
        Operator::Add => one.joined(two),
        Operator::Subtract => one.joined(two.turned()),
        // Which of the two moves, and when, is known of each subject only.
        Operator::Multiply => {
            let each = times(one.clone(), right).joined(times(two.clone(), left));
            if one.is_none() || two.is_none() {
                return each;
            }
            each.joined(Changes::growing(one.any().and(two.any())).both_ways())
        }
        Operator::Divide => times(one, right).joined(two.both_ways()),
    }
}

/// Times or over a number that stands.
fn times(changes: Changes, by: &Term) -> Changes {
    if changes.is_none() {
        return changes;
    }
    if let Term::Number(bits) = by {
        return match f64::from_bits(*bits) {
            by if by > 0.0 => changes,
            by if by < 0.0 => changes.turned(),
            _ => Changes::NONE,
        };
    }
    let is = |comparison| by.clone().compared(comparison, Term::number(0.0));
    let (above, below) = (is(Comparison::Greater), is(Comparison::Less));
    changes.clone().only(&above).joined(changes.turned().only(&below))
}

fn of_days(make: Days, of: &[Term]) -> Changes {
    let set = |at: usize| of.get(at).map_or(Changes::NONE, Term::changes);
    match make {
        Days::Union | Days::Intersect => set(0).joined(set(1)),
        Days::Minus => set(0).joined(set(1).turned()),
        Days::Count => set(0),
        Days::Within => {
            let last = of.get(2).cloned();
            let open = last.map_or(NEVER, |last| Term::NotOver(Box::new(last)));
            set(0).joined(Changes::growing(open))
        }
    }
}

/// That of the row that is chosen.
fn chosen(rows: &[(Term, Term)], otherwise: &Term) -> Changes {
    let last = otherwise.changes();
    let values: Vec<Changes> = rows.iter().map(|(_, value)| value.changes()).collect();
    let of = |way: fn(&Changes) -> &Term| {
        if *way(&last) == NEVER && values.iter().all(|value| *way(value) == NEVER) {
            return NEVER;
        }
        let conditions = rows.iter().map(|(condition, _)| condition.clone());
        let ways = values.iter().map(|value| way(value).clone());
        let otherwise = Box::new(way(&last).clone());
        Term::Choose { rows: conditions.zip(ways).collect(), otherwise }
    };
    Changes { grows: of(|it| &it.grows), shrinks: of(|it| &it.shrinks) }
}
