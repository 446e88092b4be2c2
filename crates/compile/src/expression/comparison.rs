//! Comparisons: `<`, `is`, `in`, `between`.

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{self, Expr};

use super::name::pick_field;
use super::reference::of;
use super::{Checked, Pick, settled, truth, written};
use crate::catalog::CodeList;
use crate::check::{Checker, Scope};
use crate::days::counted;
use crate::hierarchy;
use crate::period;
use crate::problems;
use crate::term::{Comparison, Physical, Selection, Term};
use crate::turned::is_turned;
use crate::types::Type;

impl Checker<'_> {
    pub(super) fn compare(
        &mut self,
        scope: &Scope,
        comparison: tree::Comparison,
        left: &Spanned<Expr>,
        right: &Spanned<Expr>,
    ) -> Option<Checked> {
        let one = self.value(scope, left);
        if let (Some((_, Type::Code(list))), Expr::Name(code) | Expr::Text(code)) =
            (&one, &right.item)
            && self.code_list(list).is_some_and(|list| list.has(code))
        {
            return self.note(problems::use_is(&written(left), code, right.span));
        }
        for (side, other) in [(left, right), (right, left)] {
            if side.item == Expr::Missing {
                let span = left.span.to(right.span);
                return self.note(problems::missing_compared(&written(other), span));
            }
        }
        let two = self.value(scope, right);
        let ((one, one_type), (two, two_type)) = (one?, two?);
        let comparison = match comparison {
            tree::Comparison::Equal => Comparison::Equal,
            tree::Comparison::Less => Comparison::Less,
            tree::Comparison::Greater => Comparison::Greater,
            tree::Comparison::LessOrEqual => Comparison::LessOrEqual,
            tree::Comparison::GreaterOrEqual => Comparison::GreaterOrEqual,
        };
        self.same_type((&one_type, left.span), (&two_type, right.span))?;
        let ordered = matches!(one_type, Type::Number(_) | Type::Date | Type::Missing)
            && matches!(two_type, Type::Number(_) | Type::Date | Type::Missing);
        if comparison != Comparison::Equal && !ordered {
            let found = one_type.to_string();
            return self.note(problems::wrong_type("a number or a date", &found, left.span));
        }
        Some(truth(compared(one, comparison, two)))
    }

    pub(super) fn same_type(&mut self, one: (&Type, Span), two: (&Type, Span)) -> Option<()> {
        if one.0.fits(two.0) {
            return Some(());
        }
        if let (Type::Number(Some(first)), Type::Number(Some(second))) = (one.0, two.0) {
            return self.differing((first, one.1), (second, two.1));
        }
        self.note(problems::types_differ(one.0, one.1, two.0, two.1))
    }

    pub(super) fn is(
        &mut self,
        scope: &Scope,
        left: &Spanned<Expr>,
        negated: bool,
        right: &Spanned<Expr>,
    ) -> Option<Checked> {
        if matches!(right.item, Expr::Missing) {
            let term = match self.expression(scope, left)? {
                Checked::Value(term, _) => term,
                Checked::Days(set, covering) => counted(set, covering).0,
                Checked::Row(selection, pick) => self.existence(&selection, &pick)?,
                Checked::RowOf(subject, reference, selection, pick) => {
                    of(subject, reference, self.existence(&selection, &pick)?)
                }
                Checked::Rows(selection) => {
                    return self.note(problems::many_rows(&selection.record, left.span));
                }
                found => {
                    let found = found.described();
                    return self.note(problems::wrong_type("a value", &found, left.span));
                }
            };
            let mark = self.end_mark(scope, &term);
            let missing = Term::IsMissing(Box::new(term));
            // An end that is unknown is not missing: there is one.
            let missing = match mark {
                Some(mark) => missing.and(Term::IsMissing(Box::new(mark))),
                None => missing,
            };
            return Some(truth(missing.negated_if(negated)));
        }
        if matches!(right.item, Expr::Unknown) {
            return self.is_unknown(scope, left).map(|term| truth(term.negated_if(negated)));
        }
        let (one, one_type) = self.value(scope, left)?;
        if let (Type::Code(list), Expr::Name(code)) = (&one_type, &right.item) {
            let symbol = self.code(list, code, right.span)?;
            return Some(truth(compared(one, Comparison::Equal, symbol).negated_if(negated)));
        }
        if let (Type::Code(list), Expr::Timed { operand, .. }) = (&one_type, &right.item)
            && matches!(&operand.item, Expr::Name(code) if self.code_list(list).is_some_and(|list| list.has(code)))
        {
            return self.note(problems::time_after_code(right.span));
        }
        if let (Type::Code(list), Expr::Text(code)) = (&one_type, &right.item)
            && self.code_list(list).is_some_and(|list| list.has(code))
        {
            return self.note(problems::use_is(&written(left), code, right.span));
        }
        if let (Type::Code(list), Expr::Text(text)) = (&one_type, &right.item) {
            self.code(list, text, right.span);
            return None;
        }
        let (two, two_type) = self.value(scope, right)?;
        self.same_type((&one_type, left.span), (&two_type, right.span))?;
        Some(truth(compared(one, Comparison::Equal, two).negated_if(negated)))
    }

    /// `left is unknown`, `(any …) is unknown`
    fn is_unknown(&mut self, scope: &Scope, left: &Spanned<Expr>) -> Option<Term> {
        let found = self.expression(scope, left)?;
        if let Checked::Value(term, kind) = &found {
            if *kind == Type::Truth {
                return Some(Term::IsUnknown(Box::new(term.clone())));
            }
            if let Some(mark) = self.end_mark(scope, term) {
                return Some(Term::IsMissing(Box::new(mark)).negated());
            }
        }
        let wanted = "a condition, or the end of a row,";
        self.note(problems::wrong_type(wanted, &found.described(), left.span))
    }

    /// The mark of a row's end, when the term is such.
    fn end_mark(&self, scope: &Scope, term: &Term) -> Option<Term> {
        let mark_of = |record: &str, field: &str| {
            let record = self.catalog.records.get(record)?;
            record.mark().filter(|_| record.end() == Some(field))
        };
        match term {
            Term::RowField { depth, field, .. } => {
                let hand = || scope.rows.get(*depth).map(|row| &row.record);
                let record = scope.mapped.as_ref().or_else(hand)?;
                let (depth, physical) = (*depth, Physical::Symbol);
                Some(Term::RowField { depth, field: mark_of(record, field)?, physical })
            }
            Term::Selected { aggregate, selection } => {
                let field = mark_of(&selection.record, aggregate.picked()?)?;
                let aggregate = aggregate.picking(field);
                Some(Term::Selected { aggregate, selection: selection.clone() })
            }
            Term::Of { subject, reference, term } => {
                let mark = self.end_mark(&Scope::of(subject), term)?;
                Some(of(subject.clone(), reference.as_ref().clone(), mark))
            }
            _ => None,
        }
    }

    /// A value that is missing just when the row is.
    pub(super) fn existence(&mut self, selection: &Selection, pick: &Pick) -> Option<Term> {
        let record = self.catalog.records.get(&selection.record)?;
        Some(pick_field(selection, pick, record.start()?, Physical::Date))
    }

    pub(super) fn code(&mut self, list: &str, code: &str, span: Span) -> Option<Term> {
        let list = self.code_list(list)?;
        if list.has(code) {
            if let Some(level) = holds_others(&list, code) {
                return self.note(problems::level_after_is(code, &level, span));
            }
            return Some(Term::Symbol(code.to_owned()));
        }
        if list.groups.contains_key(code) {
            return self.note(problems::group_after_is(code, span));
        }
        let is_label = |label: &str| label.eq_ignore_ascii_case(code);
        if let Some((found, _)) = list.codes.iter().find(|(_, label)| is_label(label)) {
            return self.note(problems::label_as_code(&list.name, found, code, span));
        }
        let known = list.codes.iter().map(|(code, _)| code.as_str());
        self.note(problems::unknown_code(&list.name, code, span, known))
    }

    pub(super) fn is_in(
        &mut self,
        scope: &Scope,
        left: &Spanned<Expr>,
        negated: bool,
        right: &Spanned<Expr>,
    ) -> Option<Checked> {
        let (left, tree_at) = hierarchy::dated(left);
        let (value, kind) = self.value(scope, left)?;
        if let (Type::Number(unit), false) = (&kind, negated)
            && let Some(converted) = self.in_unit((&value, unit.as_ref()), left.span, right)
        {
            return converted;
        }
        let members: Vec<&Spanned<Expr>> = match &right.item {
            Expr::List(members) => members.iter().collect(),
            Expr::Parenthesised(only) => vec![only],
            _ => vec![right],
        };
        match &kind {
            Type::Code(list) => {
                let symbols = self.codes_in(scope, (list, &written(left)), &members)?;
                let member = self.member(scope, (value, list), tree_at, &symbols)?;
                let Checked::Value(term, _) = member else { return None };
                Some(truth(term.negated_if(negated)))
            }
            _ if tree_at.is_some() => self.note(problems::no_levels(&kind.to_string(), left.span)),
            Type::Date => {
                let (first, last) = self.period(scope, right)?;
                Some(truth(within(&value, first, last).negated_if(negated)))
            }
            _ if is_period(&right.item) => self.note(problems::in_period(right.span)),
            _ => {
                let mut term: Option<Term> = None;
                for member in members {
                    if member.item == Expr::Missing {
                        return self.note(problems::missing_among(&written(left), member.span));
                    }
                    let (other, other_kind) = self.value(scope, member)?;
                    self.same_type((&kind, left.span), (&other_kind, member.span))?;
                    let equal = compared(value.clone(), Comparison::Equal, other);
                    term = Some(match term {
                        None => equal,
                        Some(term) => term.or(equal),
                    });
                }
                Some(truth(term?.negated_if(negated)))
            }
        }
    }

    pub(super) fn codes_in(
        &mut self,
        scope: &Scope,
        (list, left): (&str, &str),
        members: &[&Spanned<Expr>],
    ) -> Option<Vec<String>> {
        let own = self.code_list(list)?;
        // Of a level, also the codes in which its own lie.
        let whole = hierarchy::parts(list).and_then(|(whole, _)| self.code_list(whole));
        let list = whole.unwrap_or_else(|| own.clone());
        let mut symbols = Vec::new();
        let mut sound = true;
        for member in members {
            let (Expr::Name(name) | Expr::Text(name)) = &member.item else {
                if let Expr::Call { function, .. } = &member.item {
                    let (name, span) = (&function.item, function.span);
                    self.problems.push(problems::unknown_name("function", name, span, []));
                    sound = false;
                    continue;
                }
                self.problems.push(match &member.item {
                    Expr::Missing => problems::missing_among(left, member.span),
                    _ => problems::wrong_expr("a code or a group", member),
                });
                sound = false;
                continue;
            };
            if let Some(group) = list.groups.get(name) {
                symbols.extend(group.iter().cloned());
            } else if list.has(name) && coarse_enough(&own, name) {
                if scope.mapped.is_some() && holds_others(&list, name).is_some() {
                    let what = format!("what lies in `{name}`, in a source,");
                    self.problems.push(problems::not_available(&what, member.span));
                    sound = false;
                }
                symbols.push(name.clone());
            } else {
                let codes = list.codes.iter().map(|(code, _)| code.as_str());
                let codes = codes.filter(|code| coarse_enough(&own, code));
                let known = codes.chain(list.groups.keys().map(String::as_str));
                self.problems.push(problems::unknown_code(&own.name, name, member.span, known));
                sound = false;
            }
        }
        symbols.sort();
        symbols.dedup();
        sound.then_some(symbols)
    }

    pub(super) fn between(
        &mut self,
        scope: &Scope,
        value: &Spanned<Expr>,
        low: &Spanned<Expr>,
        high: &Spanned<Expr>,
    ) -> Option<Term> {
        let (value_is, low_is) = (self.value(scope, value), self.value(scope, low));
        let high_is = self.value(scope, high);
        let ((term, kind), (low_term, low_kind), (high_term, high_kind)) =
            (value_is?, low_is?, high_is?);
        if let Some(side) = [low, high].into_iter().find(|side| side.item == Expr::Missing) {
            return self.note(problems::missing_compared(&written(value), side.span));
        }
        if !matches!(kind, Type::Number(_) | Type::Date) {
            let found = kind.to_string();
            return self.note(problems::wrong_type("a number or a date", &found, value.span));
        }
        if let (Expr::Of { .. }, Type::Number(_), Type::Date) = (&value.item, &kind, &low_kind) {
            return self.note(problems::rows_or_number(&kind, value.span, low.span));
        }
        self.same_type((&kind, value.span), (&low_kind, low.span))?;
        self.same_type((&kind, value.span), (&high_kind, high.span))?;
        let is_less = match (&low_term, &high_term) {
            (Term::Number(low), Term::Number(high)) => f64::from_bits(*high) < f64::from_bits(*low),
            (low, high) => is_turned(low, high),
        };
        if is_less {
            let (low_is, high_is) = (written(low), written(high));
            let problem = match kind {
                Type::Date => problems::turned(
                    Some(format!("between {high_is} and {low_is}")),
                    low.span.to(high.span),
                ),
                _ => problems::turned_numbers(&low_is, &high_is, low.span.to(high.span)),
            };
            return self.note(problem);
        }
        Some(within(&term, low_term, high_term))
    }
}

/// Whether a period is written here.
fn is_period(expr: &Expr) -> bool {
    match expr {
        Expr::Period(_)
        | Expr::Range { .. }
        | Expr::LastPeriods { .. }
        | Expr::PeriodOf { .. }
        | Expr::ToDate(_) => true,
        Expr::Name(name) => period::is_named(name),
        _ => false,
    }
}

/// The level of a code in which others lie, unless all codes of the list are of that level.
fn holds_others(list: &CodeList, code: &str) -> Option<String> {
    let tree = list.tree.as_ref().filter(|_| hierarchy::parts(&list.name).is_none())?;
    tree.levels.get(tree.level_of(code).filter(|level| *level > 0)?).cloned()
}

/// Whether codes of `own`, a level of a list perhaps, can lie in `code`.
fn coarse_enough(own: &CodeList, code: &str) -> bool {
    let Some((_, level)) = hierarchy::parts(&own.name) else { return true };
    let Some(tree) = &own.tree else { return true };
    let level = tree.levels.iter().position(|known| known == level);
    tree.level_of(code) >= level
}

/// `low <= value and value <= high`
pub(crate) fn within(value: &Term, low: Term, high: Term) -> Term {
    compared(value.clone(), Comparison::GreaterOrEqual, low).and(compared(
        value.clone(),
        Comparison::LessOrEqual,
        high,
    ))
}

/// Compares, giving a bare `missing` the other side's kind.
pub(super) fn compared(one: Term, comparison: Comparison, two: Term) -> Term {
    let (one_kind, two_kind) = (one.physical(), two.physical());
    settled(one, two_kind).decided(comparison, &settled(two, one_kind))
}
