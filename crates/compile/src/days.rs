//! Sets of days: `nights of`, `days of`, what is made of two sets, and `within` after one.
//!
//! ```text
//! nights of (stay where place in homeless) minus nights of (stay where place is hospital)
//! nights of (stay union training) within period
//! ```
//!
//! A set is a value that definitions can name. Where a number is wanted it is how many days the
//! set has.

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{self, BinaryOperator, Expr, Timing};

use crate::catalog::{RecordTiming, Unit};
use crate::check::{Checker, Scope};
use crate::expression::Checked;
use crate::problems;
use crate::term::days::{Covering, Days};
use crate::term::{Aggregate, Term};
use crate::types::Type;

impl Checker<'_> {
    /// `nights of stay`, `days of (stay union training) within period`
    pub(crate) fn covered(
        &mut self,
        scope: &Scope,
        word: &tree::Word,
        operand: &Spanned<Expr>,
    ) -> Option<Checked> {
        let covering = if word.item == "nights" { Covering::Nights } else { Covering::Days };
        match &operand.item {
            Expr::Parenthesised(inner) if joined(inner).is_some() => {
                return self.covered(scope, word, inner);
            }
            // Two selections are joined as the sets of days that each covers.
            Expr::Binary { operator, left, right } if joined(operand).is_some() => {
                let one = self.covered(scope, word, left);
                let two = self.covered(scope, word, right);
                return join(*operator, one?, two?);
            }
            Expr::Timed { operand: inner, timing } if joined(inner).is_some() => {
                let set = self.covered(scope, word, inner);
                return self.days_within(scope, set?, timing);
            }
            _ => {}
        }
        match self.expression(scope, operand)? {
            Checked::Days(set, of) if of == covering || covering == Covering::Days => {
                Some(Checked::Days(set, covering))
            }
            found @ (Checked::Rows(_) | Checked::Row(..)) => {
                let selection = self.rows_of(found, operand.span)?;
                let record = self.catalog.records.get(&selection.record)?;
                let lasts = matches!(record.timing, RecordTiming::During { .. });
                if covering == Covering::Nights && !lasts {
                    return self.note(problems::no_duration(&record.name, operand.span));
                }
                let aggregate = Aggregate::Covered(covering);
                let term = Term::made(aggregate, selection);
                Some(Checked::Days(term, covering))
            }
            found => {
                let wanted = format!("a selection of rows or a set of {}", covering.word());
                self.note(problems::wrong_type(&wanted, &found.described(), operand.span))
            }
        }
    }

    /// `nights of A union nights of B`
    pub(crate) fn days_joined(
        &mut self,
        scope: &Scope,
        operator: BinaryOperator,
        left: &Spanned<Expr>,
        right: &Spanned<Expr>,
    ) -> Option<Checked> {
        let (one, two) = (self.expression(scope, left), self.expression(scope, right));
        let (one, two) = (self.set(one?, left.span), self.set(two?, right.span));
        join(operator, one?, two?)
    }

    /// `(nights of A union nights of B) within period`
    pub(crate) fn days_within(
        &mut self,
        scope: &Scope,
        set: Checked,
        timing: &Spanned<Timing>,
    ) -> Option<Checked> {
        let Timing::Within(period) = &timing.item else {
            let wanted = "`within` and a period after a set of days";
            return self.note(problems::wrong_type(wanted, "another phrase", timing.span));
        };
        let (first, last) = self.period(scope, period)?;
        let Checked::Days(set, covering) = set else { return None };
        let term = Term::OfDays { make: Days::Within, of: vec![set, first, last] };
        Some(Checked::Days(term, covering))
    }

    fn set(&mut self, found: Checked, span: Span) -> Option<Checked> {
        match found {
            Checked::Days(..) => Some(found),
            other => {
                let number = matches!(other, Checked::Value(_, Type::Number(_)));
                self.note(problems::no_days(&other.described(), number, span))
            }
        }
    }
}

/// What is joined as sets of days, outside all parentheses.
fn joined(expr: &Spanned<Expr>) -> Option<BinaryOperator> {
    match &expr.item {
        Expr::Parenthesised(inner) => joined(inner),
        Expr::Binary { operator, .. } => make(*operator).map(|_| *operator),
        _ => None,
    }
}

fn make(operator: BinaryOperator) -> Option<Days> {
    match operator {
        BinaryOperator::Union => Some(Days::Union),
        BinaryOperator::Minus => Some(Days::Minus),
        BinaryOperator::Intersect => Some(Days::Intersect),
        _ => None,
    }
}

fn join(operator: BinaryOperator, one: Checked, two: Checked) -> Option<Checked> {
    let (Checked::Days(one, of_one), Checked::Days(two, of_two)) = (one, two) else { return None };
    let nights = match operator {
        // Whatever is left of nights are nights.
        BinaryOperator::Minus => of_one == Covering::Nights,
        BinaryOperator::Intersect => of_one == Covering::Nights || of_two == Covering::Nights,
        _ => of_one == Covering::Nights && of_two == Covering::Nights,
    };
    let covering = if nights { Covering::Nights } else { Covering::Days };
    let term = Term::OfDays { make: make(operator)?, of: vec![one, two] };
    Some(Checked::Days(term, covering))
}

/// How many days a set has.
pub(crate) fn counted(set: Term, covering: Covering) -> (Term, Type) {
    let term = match set {
        // Counted where they are found, without the set.
        Term::Selected { aggregate: Aggregate::Covered(covering), selection } => {
            let aggregate = match covering {
                Covering::Nights => Aggregate::Nights,
                Covering::Days => Aggregate::Days,
            };
            Term::Selected { aggregate, selection }
        }
        set => Term::OfDays { make: Days::Count, of: vec![set] },
    };
    (term, Type::Number(Some(Unit::plain(covering.word()))))
}
