//! What expressions use.

use interplay_syntax::tree::{
    Argument, BinaryOperator, Comparison, Direction, Edge, Expr, Quantifier, Relation, Timing,
};

use super::Seen;

impl Seen {
    /// Notes an expression and all that stands in it.
    pub(super) fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Name(name) if name == "delivery" => self.note("delivery looked at"),
            Expr::Name(name) if name == "organisation" => self.note("organisation counted"),
            Expr::Name(name) if name == "previous period" => self.note("previous period"),
            Expr::Name(name) if name.starts_with("previous ") => self.note("previous UNIT"),
            Expr::Number(_) | Expr::Name(_) | Expr::Column(_) | Expr::MonthDay(_) => {}
            Expr::Text(_) => self.note("a text"),
            Expr::Quantity { unit, .. } if unit.item == "%" => self.note("50%"),
            Expr::Quantity { .. } => self.note("a number with its unit"),
            Expr::Date(_) => self.note("2025-01-31"),
            Expr::Period(text) => self.period(text),
            Expr::Missing => self.note("missing"),
            Expr::Unknown => self.note("unknown"),
            Expr::Field { base, .. } => {
                if is_name(&base.item, "this") {
                    self.note("this.F");
                }
                self.expr(&base.item);
            }
            Expr::Call { function, arguments } => self.call(&function.item, arguments),
            Expr::List(list) => list.iter().for_each(|expr| self.expr(&expr.item)),
            Expr::Parenthesised(inner) => self.expr(&inner.item),
            Expr::Map(_) | Expr::Choose(_) => self.rows(expr),
            Expr::Range { from, to } => {
                self.note("A .. B");
                self.expr(&from.item);
                self.expr(&to.item);
            }
            Expr::Not(inner) => {
                self.note("not");
                self.expr(&inner.item);
            }
            Expr::Negative(inner) => {
                self.note("-X");
                self.expr(&inner.item);
            }
            Expr::Binary { .. }
            | Expr::Compare { .. }
            | Expr::Is { .. }
            | Expr::In { .. }
            | Expr::Between { .. } => {
                self.operator(expr);
            }
            Expr::Of { .. }
            | Expr::Quantified { .. }
            | Expr::Best { .. }
            | Expr::Where { .. }
            | Expr::Timed { .. } => {
                self.selection(expr);
            }
            _ => self.date(expr),
        }
    }

    /// Rows in braces.
    fn rows(&mut self, expr: &Expr) {
        match expr {
            Expr::Map(rows) => {
                for row in rows {
                    self.key(&row.key.item);
                    self.expr(&row.value.item);
                }
            }
            Expr::Choose(rows) => {
                self.note("choose");
                for row in rows {
                    match &row.condition {
                        Some(condition) => self.expr(&condition.item),
                        None => self.note("else"),
                    }
                    self.expr(&row.value.item);
                }
            }
            _ => {}
        }
    }

    /// `2025`, `2025-Q1`, `2025-03`, `2025-W05`
    pub(super) fn period(&mut self, text: &str) {
        self.note(match text.split_once('-') {
            None => "2025",
            Some((_, part)) if part.starts_with('Q') => "2025-Q1",
            Some((_, part)) if part.starts_with('W') => "2025-W05",
            Some(_) => "2025-03",
        });
    }

    /// What stands behind `compare`.
    pub(super) fn compared(&mut self, with: &Expr) {
        match with {
            Expr::Name(name) if name == "target" || name == "baseline" => {
                self.note(format!("compare {name}"));
            }
            with => {
                self.note("compare PERIOD");
                self.expr(with);
            }
        }
    }

    /// What stands behind `is` or `is about`.
    pub(super) fn expected(&mut self, value: &Expr, within: bool) {
        self.note(match value {
            _ if within => "expect is about",
            Expr::Map(_) => "expect by … is { … }",
            Expr::Missing => "expect is missing",
            Expr::Name(name) if name == "withheld" => "expect is withheld",
            _ => "expect is",
        });
    }

    fn call(&mut self, function: &str, arguments: &[Argument]) {
        self.note(function);
        let is_source = interplay_pool::FORMATS.iter().any(|format| format.name == function);
        if is_source {
            self.note(format!("source format `{function}`"));
        }
        for argument in arguments {
            if let (Some(label), true) = (&argument.label, is_source) {
                self.note(crate::vocabulary::with("source", &label.item));
            }
            self.expr(&argument.value.item);
        }
    }

    fn operator(&mut self, expr: &Expr) {
        let (left, right) = match expr {
            Expr::Binary { operator, left, right } => {
                self.note(sign(*operator));
                (left, right)
            }
            Expr::Compare { comparison, left, right } => {
                self.note(match comparison {
                    Comparison::Equal => "=",
                    Comparison::Less => "<",
                    Comparison::Greater => ">",
                    Comparison::LessOrEqual => "<=",
                    Comparison::GreaterOrEqual => ">=",
                });
                (left, right)
            }
            Expr::Is { left, negated, right } => {
                self.note(match (&right.item, negated) {
                    (Expr::Missing, false) => "is missing",
                    (Expr::Missing, true) => "is not missing",
                    (Expr::Unknown, _) => "is unknown",
                    (_, false) => "is CODE",
                    (_, true) => "is not CODE",
                });
                if is_name(&left.item, "organisation") {
                    self.note("organisation of a row");
                }
                return self.expr(&left.item);
            }
            Expr::In { left, negated, right } => {
                let unit = matches!(&right.item, Expr::Name(name) if self.units.contains(name));
                self.note(match negated {
                    _ if unit => "X in UNIT",
                    false => "in",
                    true => "not in",
                });
                if is_name(&left.item, "organisation") {
                    self.note("organisation of a row");
                }
                (left, right)
            }
            Expr::Between { value, negated, low, high } => {
                self.note(if *negated { "not between" } else { "between" });
                self.expr(&value.item);
                (low, high)
            }
            _ => return,
        };
        self.expr(&left.item);
        self.expr(&right.item);
    }

    fn date(&mut self, expr: &Expr) {
        match expr {
            Expr::Relative { direction, anchor, .. } => {
                self.note(format!("D {} X", word(*direction)));
                self.expr(&anchor.item);
            }
            Expr::ThePeriod { direction, anchor, .. } => {
                self.note(format!("the D {} X", word(*direction)));
                self.expr(&anchor.item);
            }
            Expr::LastPeriods { .. } => self.note("last N UNITS"),
            _ => self.note("year to date"),
        }
    }

    fn selection(&mut self, expr: &Expr) {
        match expr {
            Expr::Of { word, operand, known_only } => {
                self.of(&word.item);
                if *known_only {
                    self.note("known only");
                }
                self.expr(&operand.item);
            }
            Expr::Quantified { quantifier, operand } => {
                self.note(match quantifier.item {
                    Quantifier::Any => "any",
                    Quantifier::AnyOther => "any other",
                    Quantifier::No => "no",
                    Quantifier::NoOther => "no other",
                    Quantifier::Every => "every",
                    Quantifier::First => "first",
                    Quantifier::Last => "last",
                    Quantifier::The(_) => "the 2nd",
                });
                self.expr(&operand.item);
            }
            Expr::Best { operand, by } => {
                self.note("best … by");
                for key in by {
                    self.note(if key.descending { "descending" } else { "ascending" });
                }
                self.expr(&operand.item);
            }
            Expr::Where { rows, condition } => {
                self.expr(&rows.item);
                self.expr(&condition.item);
            }
            Expr::Timed { operand, timing } => {
                if let Timing::At(_) = &timing.item {
                    self.at(&operand.item);
                }
                self.expr(&operand.item);
                self.timing(&timing.item);
            }
            _ => {}
        }
    }

    /// `count of`, `quarter 1 of P`
    fn of(&mut self, word: &str) {
        match word.split_once(' ') {
            Some((_, number)) if number.chars().all(|sign| sign.is_ascii_digit()) => {
                self.note("UNIT N of P");
            }
            _ => self.note(format!("{word} of")),
        }
    }

    fn at(&mut self, operand: &Expr) {
        match operand {
            Expr::Name(name) if name == "age" => self.note("age at DATE"),
            Expr::Name(name) if self.parameters.contains(name) => self.note("PARAMETER at DATE"),
            _ => {}
        }
    }

    fn timing(&mut self, timing: &Timing) {
        match timing {
            Timing::During(period) => self.timed("during P", &period.item),
            Timing::Overlapping(period) => self.timed("overlapping P", &period.item),
            Timing::Within(period) => self.timed("within P", &period.item),
            Timing::EdgeIn { edge: Edge::Starting, period } => {
                self.timed("starting in P", &period.item);
            }
            Timing::EdgeIn { edge: Edge::Ending, period } => {
                self.timed("ending in P", &period.item);
            }
            Timing::Relation { edge, relation } => {
                match edge {
                    Some(Edge::Starting) => self.note("starting RELATION"),
                    Some(Edge::Ending) => self.note("ending RELATION"),
                    None => {}
                }
                self.relation(relation);
            }
            Timing::AsOf(date) => self.timed("as of X", &date.item),
            Timing::At(date) => self.expr(&date.item),
            Timing::AtLevel(_) => self.note("at level L"),
            Timing::AtTree(date) => self.timed("at tree of DATE", &date.item),
            Timing::From(date) => self.timed("from X", &date.item),
            Timing::Until(date) => self.timed("until X", &date.item),
        }
    }

    fn relation(&mut self, relation: &Relation) {
        match relation {
            Relation::Before(date) => self.timed("before X", &date.item),
            Relation::After(date) => self.timed("after X", &date.item),
            Relation::OnOrBefore(date) => self.timed("on or before X", &date.item),
            Relation::OnOrAfter(date) => self.timed("on or after X", &date.item),
            Relation::Within { direction, anchor, .. } => {
                self.timed(&format!("within D {} X", word(*direction)), &anchor.item);
            }
            Relation::BetweenDurations { direction, anchor, .. } => {
                self.timed(&format!("between D and D {} X", word(*direction)), &anchor.item);
            }
            Relation::BetweenDates { low, high } => {
                self.timed("between DATE and DATE", &low.item);
                self.expr(&high.item);
            }
        }
    }

    fn timed(&mut self, phrase: &str, anchor: &Expr) {
        self.note(phrase);
        self.expr(anchor);
    }
}

fn is_name(expr: &Expr, wanted: &str) -> bool {
    matches!(expr, Expr::Name(name) if name == wanted)
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Before => "before",
        Direction::After => "after",
        Direction::Around => "of",
    }
}

fn sign(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Or => "or",
        BinaryOperator::And => "and",
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Union => "union",
        BinaryOperator::Minus => "minus",
        BinaryOperator::Intersect => "intersect",
    }
}
