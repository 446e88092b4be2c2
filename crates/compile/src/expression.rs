//! Expressions: what each form means and which types it joins.

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{self, Expr};

use crate::calendar;
use crate::catalog::Unit;
use crate::catalog::{RecordTiming, RuleKind};
use crate::check::{Checker, ORGANISATION, Scope};
use crate::problems;
use crate::term::{Aggregate, Comparison, Operator, Physical, Selection, Term};
use crate::types::{TimeUnit, Type, UNITS};

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Checked {
    /// One value or condition.
    Value(Term, Type),
    /// `6 months`
    Duration(i64, TimeUnit),
    /// First and last day.
    Period(Term, Term),
    /// Rows of a record.
    Rows(Selection),
    /// At most one row of a record.
    Row(Selection, Pick),
}

/// Which row of a selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// `first`
    First,
    /// `last`, and `as of` on a record at a day
    Last,
}

impl Checked {
    fn described(&self) -> String {
        match self {
            Self::Value(_, kind) => kind.to_string(),
            Self::Duration(..) => "a duration".to_owned(),
            Self::Period(..) => "a period".to_owned(),
            Self::Rows(selection) => format!("rows of `{}`", selection.record),
            Self::Row(selection, _) => format!("a row of `{}`", selection.record),
        }
    }
}

impl Checker<'_> {
    /// A condition.
    pub(crate) fn condition(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<Term> {
        match self.expression(scope, expr)? {
            Checked::Value(term, Type::Truth) => Some(term),
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a condition", &found, expr.span))
            }
        }
    }

    /// A number with its unit.
    pub(crate) fn number(
        &mut self,
        scope: &Scope,
        expr: &Spanned<Expr>,
    ) -> Option<(Term, Option<Unit>)> {
        match self.value(scope, expr)? {
            (term, Type::Number(unit)) => Some((term, unit)),
            (_, found) => {
                self.note(problems::wrong_type("a number", &found.to_string(), expr.span))
            }
        }
    }

    /// A day.
    pub(crate) fn date(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<Term> {
        match self.value(scope, expr)? {
            (term, Type::Date) => Some(term),
            (_, Type::Missing) => Some(Term::Missing(Physical::Date)),
            (_, found) => self.note(problems::wrong_type("a date", &found.to_string(), expr.span)),
        }
    }

    /// A period's first and last day.
    pub(crate) fn period(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<(Term, Term)> {
        match self.expression(scope, expr)? {
            Checked::Period(first, last) => Some((first, last)),
            Checked::Value(Term::Date(day), Type::Date) => Some((Term::Date(day), Term::Date(day))),
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a period", &found, expr.span))
            }
        }
    }

    /// One value of any type.
    pub(crate) fn value(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<(Term, Type)> {
        match self.expression(scope, expr)? {
            Checked::Value(term, kind) => Some((term, kind)),
            Checked::Duration(count, TimeUnit::Day) => Some(days(count)),
            Checked::Duration(count, TimeUnit::Week) => Some(days(count * 7)),
            Checked::Rows(selection) => {
                self.note(problems::many_rows(&selection.record, expr.span))
            }
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a value", &found, expr.span))
            }
        }
    }

    /// Anything.
    #[expect(clippy::too_many_lines, reason = "one arm a form of expression")]
    pub(crate) fn expression(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<Checked> {
        let span = expr.span;
        match &expr.item {
            Expr::Number(digits) => Some(number(digits, None)),
            Expr::Quantity { number, unit } => self.quantity(number, unit),
            Expr::Text(text) => Some(Checked::Value(Term::Symbol(text.clone()), Type::Text)),
            Expr::Date(day) => {
                let day = calendar::date(day)?;
                Some(Checked::Value(Term::Date(day), Type::Date))
            }
            Expr::Period(literal) => {
                let period = calendar::period(literal)?;
                Some(Checked::Period(Term::Date(period.first), Term::Date(period.last)))
            }
            Expr::Missing => Some(Checked::Value(Term::Missing(Physical::Number), Type::Missing)),
            Expr::Unknown => Some(Checked::Value(Term::Truth(None), Type::Truth)),
            Expr::Name(name) => self.name(scope, name, span),
            Expr::Field { base, field } => self.field(scope, base, field),
            Expr::Parenthesised(inner) => self.expression(scope, inner),
            Expr::Choose(rows) => self.choose(scope, rows),
            Expr::Binary { operator, left, right } => self.binary(scope, *operator, left, right),
            Expr::Not(inner) => {
                let term = self.condition(scope, inner)?;
                Some(Checked::Value(term.negated(), Type::Truth))
            }
            Expr::Negative(inner) => {
                let (term, unit) = self.number(scope, inner)?;
                let term = arithmetic(Operator::Subtract, Term::number(0.0), term);
                Some(Checked::Value(term, Type::Number(unit)))
            }
            Expr::Compare { comparison, left, right } => {
                self.compare(scope, *comparison, left, right)
            }
            Expr::Is { left, negated, right } => self.is(scope, left, *negated, right),
            Expr::In { left, negated, right } => self.is_in(scope, left, *negated, right),
            Expr::Between { value, negated, low, high } => {
                self.between(scope, value, low, high).map(|term| truth(term.negated_if(*negated)))
            }
            Expr::Range { from, to } => self.range(scope, from, to, span),
            Expr::Relative { duration, direction, anchor } => {
                let (count, unit) = self.duration(scope, duration)?;
                let anchor = self.date(scope, anchor)?;
                let count = if *direction == tree::Direction::Before { -count } else { count };
                Some(Checked::Value(anchor.shifted(count, unit), Type::Date))
            }
            Expr::ThePeriod { duration, direction, anchor } => {
                let (count, unit) = self.duration(scope, duration)?;
                let anchor = self.date(scope, anchor)?;
                Some(if *direction == tree::Direction::Before {
                    let first = anchor.clone().shifted(-count, unit);
                    Checked::Period(first, anchor.shifted(-1, TimeUnit::Day))
                } else {
                    let first = anchor.clone().shifted(1, TimeUnit::Day);
                    Checked::Period(first, anchor.shifted(count, unit))
                })
            }
            Expr::Of { word, operand } => self.of(scope, word, operand),
            Expr::Quantified { quantifier, operand } => self.quantified(scope, quantifier, operand),
            Expr::Where { rows, condition } => self.where_rows(scope, rows, condition),
            Expr::Timed { operand, timing } => self.timed(scope, operand, timing),
            Expr::Call { function, .. } => {
                self.note(problems::unknown_name("function", &function.item, function.span, []))
            }
            Expr::Column(_) => {
                self.note(problems::wrong_type("a name of the codebook", "a source's column", span))
            }
            Expr::List(_) => self.note(problems::wrong_type(
                "one value",
                "a list, which stands after `in`",
                span,
            )),
            Expr::Map(_) => self.note(problems::wrong_type("a value", "a table of values", span)),
            Expr::MonthDay(_) => self.note(problems::not_available("a month-day", span)),
            Expr::LastPeriods { .. } => {
                self.note(problems::not_available("`last … periods`", span))
            }
            Expr::YearToDate => self.note(problems::not_available("`year to date`", span)),
            Expr::Best { .. } => self.note(problems::not_available("`best … by`", span)),
        }
    }

    fn quantity(&mut self, digits: &str, unit: &tree::Word) -> Option<Checked> {
        if unit.item == "%" {
            let value: f64 = digits.parse().ok()?;
            return Some(Checked::Value(Term::number(value / 100.0), Type::Number(None)));
        }
        if let Some(time) = TimeUnit::from_word(&unit.item) {
            return match digits.parse::<i64>() {
                Ok(count) => Some(Checked::Duration(count, time)),
                Err(_) => {
                    self.note(problems::wrong_type("a whole number", "a fraction", unit.span))
                }
            };
        }
        let known: Vec<String> = self.units();
        if !known.contains(&unit.item) {
            let known = known.iter().map(String::as_str);
            return self.note(problems::unknown_unit(&unit.item, unit.span, known));
        }
        Some(number(digits, Some(Unit::plain(&unit.item))))
    }

    /// Units that may be written: the built-in ones and those of declared fields.
    pub(crate) fn units(&self) -> Vec<String> {
        let fields = self.catalog.records.values().flat_map(|record| &record.fields);
        let declared = fields.filter_map(|field| match &field.kind {
            crate::catalog::FieldType::Number(Some(unit)) => Some(unit.name.clone()),
            _ => None,
        });
        let mut units: Vec<String> =
            declared.chain(UNITS.iter().map(|unit| (*unit).to_owned())).collect();
        units.sort();
        units.dedup();
        units
    }

    fn name(&mut self, scope: &Scope, name: &str, span: Span) -> Option<Checked> {
        if let Some(found) = self.row_field(scope, name, 0) {
            return Some(found);
        }
        if scope.mapped.is_some() {
            let record = scope.mapped.as_ref().and_then(|it| self.catalog.records.get(it));
            let known = record.into_iter().flat_map(|it| &it.fields).map(|it| it.name.as_str());
            return self.note(problems::unknown_name("field", name, span, known));
        }
        if name == "period" {
            return Some(Checked::Period(Term::PeriodStart, Term::PeriodEnd));
        }
        let properties = self.properties(scope, name);
        let rule = self.catalog.rules.get(name);
        let record = self.catalog.records.get(name);
        let meanings = meanings(&properties, rule.is_some(), record.is_some());
        if meanings.len() > 1 {
            return self.note(problems::ambiguous_name(name, &meanings, span));
        }
        if let Some(property) = properties.into_iter().next() {
            return Some(property.1);
        }
        if let Some(rule) = rule {
            return self.rule_name(scope, rule, span);
        }
        if let Some(record) = record {
            return self.record_rows(scope, record, span);
        }
        let known = self.names_in(scope);
        self.note(problems::unknown_name("name", name, span, known.iter().map(String::as_str)))
    }

    fn rule_name(
        &mut self,
        scope: &Scope,
        rule: &crate::catalog::Rule,
        span: Span,
    ) -> Option<Checked> {
        // Looked up again, so that what is borrowed lives as long as the catalog.
        let rule = self.catalog.rules.get(&rule.name)?;
        match rule.kind {
            RuleKind::TargetGroup | RuleKind::Define => {
                if let Some(subject) = &rule.subject
                    && *subject != scope.subject
                {
                    return self.note(problems::other_subject(
                        &rule.name,
                        subject,
                        &scope.subject,
                        span,
                    ));
                }
                self.definition(rule, span)
            }
            RuleKind::Dimension => {
                self.note(problems::wrong_type("a value", "a dimension, for `by`", span))
            }
            RuleKind::Indicator => {
                self.note(problems::wrong_type("a value", "an indicator, for `measure`", span))
            }
        }
    }

    /// A field of the row at hand, `outer` rows further out.
    pub(crate) fn row_field(&self, scope: &Scope, name: &str, outer: usize) -> Option<Checked> {
        let (record, depth) = match &scope.mapped {
            Some(record) => (record, 0),
            None => {
                let depth = scope.rows.len().checked_sub(1 + outer)?;
                (scope.rows.get(depth)?, depth)
            }
        };
        let record = self.catalog.records.get(record)?;
        if name == ORGANISATION && scope.mapped.is_none() {
            let physical = Physical::Symbol;
            let field = name.to_owned();
            let term = Term::RowField { depth, field, physical };
            return Some(Checked::Value(term, Type::Code(ORGANISATION.to_owned())));
        }
        let field = record.field(name)?;
        let kind = Type::of_field(&field.kind);
        let term = Term::RowField { depth, field: field.name.clone(), physical: physical(&kind) };
        Some(Checked::Value(term, kind))
    }

    /// What a name means as a property: a field of each once-record that has it.
    fn properties(&self, scope: &Scope, name: &str) -> Vec<(String, Checked)> {
        let records = self.once_records(&scope.subject);
        let fields = records.filter_map(|record| Some((record, record.field(name)?)));
        fields
            .map(|(record, field)| {
                let kind = Type::of_field(&field.kind);
                let term = Term::Property {
                    record: record.name.clone(),
                    field: field.name.clone(),
                    physical: physical(&kind),
                };
                (format!("the field of `{}`", record.name), Checked::Value(term, kind))
            })
            .collect()
    }

    /// Names that mean something here, for "did you mean".
    fn names_in(&self, scope: &Scope) -> Vec<String> {
        let row = scope.rows.last().and_then(|record| self.catalog.records.get(record));
        let row = row.into_iter().flat_map(|record| &record.fields);
        let once = self.once_records(&scope.subject).flat_map(|record| &record.fields);
        let fields = row.chain(once).map(|field| field.name.clone());
        let rules = self
            .catalog
            .rules
            .values()
            .filter(|rule| matches!(rule.kind, RuleKind::TargetGroup | RuleKind::Define));
        let records = self.catalog.records.keys().cloned();
        let rules = rules.map(|rule| rule.name.clone());
        fields.chain(rules).chain(records).chain(["period".to_owned()]).collect()
    }

    fn record_rows(
        &mut self,
        scope: &Scope,
        record: &crate::catalog::Record,
        span: Span,
    ) -> Option<Checked> {
        if record.subject != scope.subject {
            let (name, of) = (&record.name, &record.subject);
            return self.note(problems::other_subject(name, of, &scope.subject, span));
        }
        if matches!(record.timing, RecordTiming::Once(_)) {
            let known = record.fields.iter().map(|field| field.name.as_str());
            let what = format!("one value; name a field of `{}`, such as", record.name);
            let example = known.clone().next().unwrap_or_default();
            return self.note(problems::wrong_type(
                "a selection of rows",
                &format!("a once-record: {what} `{example}`"),
                span,
            ));
        }
        Some(Checked::Rows(Selection::all(&record.name, scope.rows.len())))
    }

    fn field(
        &mut self,
        scope: &Scope,
        base: &Spanned<Expr>,
        field: &tree::Word,
    ) -> Option<Checked> {
        if let Expr::Name(name) = &base.item {
            if name == "this" && !scope.rows.is_empty() {
                return match self.row_field(scope, &field.item, 1) {
                    Some(found) => Some(found),
                    None => self.name(&Scope::of(&scope.subject), &field.item, field.span),
                };
            }
            let once = self.catalog.records.get(name);
            if let Some(record) = once.filter(|it| matches!(it.timing, RecordTiming::Once(_))) {
                let known = record.fields.iter().map(|field| field.name.as_str());
                let properties = self.properties(scope, &field.item);
                let of = format!("the field of `{name}`");
                return match properties.into_iter().find(|(record, _)| *record == of) {
                    Some((_, found)) => Some(found),
                    None => {
                        let problem =
                            problems::unknown_name("field", &field.item, field.span, known);
                        self.note(problem)
                    }
                };
            }
        }
        match self.expression(scope, base)? {
            Checked::Row(selection, pick) => self.picked(&selection, pick, field),
            Checked::Rows(selection) => {
                self.note(problems::many_rows(&selection.record, base.span))
            }
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a row", &found, base.span))
            }
        }
    }

    fn picked(&mut self, selection: &Selection, pick: Pick, field: &tree::Word) -> Option<Checked> {
        let record = self.catalog.records.get(&selection.record)?;
        let kind = if field.item == ORGANISATION {
            Type::Code(ORGANISATION.to_owned())
        } else if let Some(found) = record.field(&field.item) {
            Type::of_field(&found.kind)
        } else {
            let known = record.fields.iter().map(|field| field.name.as_str());
            return self.note(problems::unknown_name("field", &field.item, field.span, known));
        };
        Some(Checked::Value(pick_field(selection, pick, &field.item, physical(&kind)), kind))
    }

    fn choose(&mut self, scope: &Scope, rows: &[tree::ChooseRow]) -> Option<Checked> {
        let mut checked = Vec::new();
        let mut otherwise = None;
        let mut kind: Option<(Type, Span)> = None;
        let mut sound = true;
        for row in rows {
            if otherwise.is_some() {
                self.problems.push(problems::never_matches(row.value.span));
            }
            let condition = row.condition.as_ref().map(|it| self.condition(scope, it));
            let value = self.value_like(scope, &row.value, kind.as_ref().map(|(kind, _)| kind));
            let Some((value, found)) = value else {
                sound = false;
                continue;
            };
            kind = match kind {
                None => Some((found, row.value.span)),
                Some((known, at)) if known.fits(&found) => Some((known.joined(found), at)),
                Some((known, at)) => {
                    sound = false;
                    self.problems.push(problems::types_differ(&known, at, &found, row.value.span));
                    Some((known, at))
                }
            };
            match condition {
                None => otherwise = Some(value),
                Some(None) => sound = false,
                Some(Some(condition)) => checked.push((condition, value)),
            }
        }
        if !sound {
            return None;
        }
        let (kind, _) = kind?;
        let physical = physical(&kind);
        let settle = |term: Term| settled(term, physical);
        let rows = checked.into_iter().map(|(condition, value)| (condition, settle(value)));
        let otherwise = Box::new(settle(otherwise.unwrap_or(Term::Missing(physical))));
        Some(Checked::Value(Term::Choose { rows: rows.collect(), otherwise }, kind))
    }

    /// A value; a bare word is first a code of the list that `like` names.
    fn value_like(
        &mut self,
        scope: &Scope,
        expr: &Spanned<Expr>,
        like: Option<&Type>,
    ) -> Option<(Term, Type)> {
        if let (Expr::Name(name), Some(Type::Code(list))) = (&expr.item, like)
            && self.code_list(list).is_some_and(|list| list.has(name))
        {
            return Some((Term::Symbol(name.clone()), Type::Code(list.clone())));
        }
        self.value(scope, expr)
    }

    fn binary(
        &mut self,
        scope: &Scope,
        operator: tree::BinaryOperator,
        left: &Spanned<Expr>,
        right: &Spanned<Expr>,
    ) -> Option<Checked> {
        use tree::BinaryOperator as Written;
        let operator = match operator {
            Written::And | Written::Or => {
                if let Some(problem) = self.code_in_disguise(scope, left, right) {
                    drop(self.condition(scope, left));
                    return self.note(problem);
                }
                let (one, two) = (self.condition(scope, left), self.condition(scope, right));
                let (one, two) = (one?, two?);
                let and = operator == Written::And;
                return Some(truth(if and { one.and(two) } else { one.or(two) }));
            }
            Written::Union | Written::Minus | Written::Intersect => {
                let span = left.span.to(right.span);
                return self.note(problems::not_available("a set of days made of two", span));
            }
            Written::Add => Operator::Add,
            Written::Subtract => Operator::Subtract,
            Written::Multiply => Operator::Multiply,
            Written::Divide => Operator::Divide,
        };
        let (one, two) = (self.expression(scope, left), self.expression(scope, right));
        self.sum_or_shift(operator, (one?, left.span), (two?, right.span))
    }

    /// `place is housed or emergency`: a code where a condition is expected.
    fn code_in_disguise(
        &mut self,
        scope: &Scope,
        left: &Spanned<Expr>,
        right: &Spanned<Expr>,
    ) -> Option<interplay_diagnostic::Diagnostic> {
        let (Expr::Is { left: subject, right: first, .. }, Expr::Name(second)) =
            (&left.item, &right.item)
        else {
            return None;
        };
        let before = self.problems.len();
        let kind = self.value(scope, subject);
        self.problems.truncate(before);
        let (Some((_, Type::Code(list))), Expr::Name(first)) = (kind, &first.item) else {
            return None;
        };
        let codes = vec![first.clone(), second.clone()];
        let known = self.code_list(&list)?.has(second);
        known.then(|| problems::code_as_condition(&written(subject), &codes, right.span))
    }

    fn sum_or_shift(
        &mut self,
        operator: Operator,
        (one, one_at): (Checked, Span),
        (two, two_at): (Checked, Span),
    ) -> Option<Checked> {
        match (operator, one, two) {
            (
                Operator::Add | Operator::Subtract,
                Checked::Value(date, Type::Date),
                Checked::Duration(count, unit),
            ) => {
                let count = if operator == Operator::Add { count } else { -count };
                Some(Checked::Value(date.shifted(count, unit), Type::Date))
            }
            (
                Operator::Subtract,
                Checked::Value(to, Type::Date),
                Checked::Value(from, Type::Date),
            ) => {
                let term = Term::DaysBetween { from: Box::new(from), to: Box::new(to) };
                Some(Checked::Value(term, Type::Number(Some(Unit::plain("days")))))
            }
            (operator, one, two) => {
                let (one, one_unit) = self.as_number(one, one_at)?;
                let (two, two_unit) = self.as_number(two, two_at)?;
                let kind = self.unit_of(operator, (one_unit, one_at), (two_unit, two_at))?;
                Some(Checked::Value(arithmetic(operator, one, two), kind))
            }
        }
    }

    fn as_number(&mut self, checked: Checked, span: Span) -> Option<(Term, Option<Unit>)> {
        match checked {
            Checked::Value(term, Type::Number(unit)) => Some((term, unit)),
            Checked::Value(_, Type::Missing) => Some((Term::Missing(Physical::Number), None)),
            Checked::Duration(count, TimeUnit::Day) => {
                let unit = Some(Unit::plain("days"));
                days(count).1.eq(&Type::Number(unit.clone())).then_some((days(count).0, unit))
            }
            Checked::Rows(selection) => self.note(problems::many_rows(&selection.record, span)),
            found => self.note(problems::wrong_type("a number", &found.described(), span)),
        }
    }

    /// The number that two numbers make, with its unit.
    fn unit_of(
        &mut self,
        operator: Operator,
        (one, one_at): (Option<Unit>, Span),
        (two, two_at): (Option<Unit>, Span),
    ) -> Option<Type> {
        let unit = match (operator, one, two) {
            (_, None, None) => None,
            (Operator::Divide, Some(one), Some(two)) if one == two => None,
            (Operator::Divide, Some(one), Some(two)) if one.per.is_none() => {
                Some(Unit { name: one.name, per: Some(two.name) })
            }
            (Operator::Divide, None, Some(two)) => {
                Some(Unit { name: "1".to_owned(), per: Some(two.name) })
            }
            (Operator::Add | Operator::Subtract, Some(one), Some(two)) if one == two => Some(one),
            (_, Some(one), Some(two)) => {
                let (one, two) = (Type::Number(Some(one)), Type::Number(Some(two)));
                return self.note(problems::types_differ(&one, one_at, &two, two_at));
            }
            (_, Some(unit), None) | (_, None, Some(unit)) => Some(unit),
        };
        Some(Type::Number(unit))
    }

    fn compare(
        &mut self,
        scope: &Scope,
        comparison: tree::Comparison,
        left: &Spanned<Expr>,
        right: &Spanned<Expr>,
    ) -> Option<Checked> {
        let one = self.value(scope, left);
        if let (Some((_, Type::Code(list))), Expr::Name(code)) = (&one, &right.item)
            && self.code_list(list).is_some_and(|list| list.has(code))
        {
            return self.note(problems::use_is(&written(left), code, right.span));
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

    fn same_type(&mut self, one: (&Type, Span), two: (&Type, Span)) -> Option<()> {
        if one.0.fits(two.0) {
            return Some(());
        }
        self.note(problems::types_differ(one.0, one.1, two.0, two.1))
    }

    fn is(
        &mut self,
        scope: &Scope,
        left: &Spanned<Expr>,
        negated: bool,
        right: &Spanned<Expr>,
    ) -> Option<Checked> {
        if matches!(right.item, Expr::Missing) {
            let term = match self.expression(scope, left)? {
                Checked::Value(term, _) => term,
                Checked::Row(selection, pick) => self.existence(&selection, pick)?,
                Checked::Rows(selection) => {
                    return self.note(problems::many_rows(&selection.record, left.span));
                }
                found => {
                    let found = found.described();
                    return self.note(problems::wrong_type("a value", &found, left.span));
                }
            };
            return Some(truth(Term::IsMissing(Box::new(term)).negated_if(negated)));
        }
        let (one, one_type) = self.value(scope, left)?;
        if let (Type::Code(list), Expr::Name(code)) = (&one_type, &right.item) {
            let symbol = self.code(list, code, right.span)?;
            return Some(truth(compared(one, Comparison::Equal, symbol).negated_if(negated)));
        }
        let (two, two_type) = self.value(scope, right)?;
        self.same_type((&one_type, left.span), (&two_type, right.span))?;
        Some(truth(compared(one, Comparison::Equal, two).negated_if(negated)))
    }

    /// A value that is missing just when the row is.
    fn existence(&mut self, selection: &Selection, pick: Pick) -> Option<Term> {
        let record = self.catalog.records.get(&selection.record)?;
        Some(pick_field(selection, pick, record.start()?, Physical::Date))
    }

    fn code(&mut self, list: &str, code: &str, span: Span) -> Option<Term> {
        let list = self.code_list(list)?;
        if list.has(code) {
            return Some(Term::Symbol(code.to_owned()));
        }
        if list.groups.contains_key(code) {
            return self.note(problems::group_after_is(code, span));
        }
        let known = list.codes.iter().map(|(code, _)| code.as_str());
        self.note(problems::unknown_code(&list.name, code, span, known))
    }

    fn is_in(
        &mut self,
        scope: &Scope,
        left: &Spanned<Expr>,
        negated: bool,
        right: &Spanned<Expr>,
    ) -> Option<Checked> {
        let (value, kind) = self.value(scope, left)?;
        let members: Vec<&Spanned<Expr>> = match &right.item {
            Expr::List(members) => members.iter().collect(),
            Expr::Parenthesised(only) => vec![only],
            _ => vec![right],
        };
        match &kind {
            Type::Code(list) => {
                let symbols = self.codes_in(list, &members)?;
                let term = Term::In { value: Box::new(value), symbols };
                Some(truth(term.negated_if(negated)))
            }
            Type::Date => {
                let (first, last) = self.period(scope, right)?;
                Some(truth(within(&value, first, last).negated_if(negated)))
            }
            _ => {
                let mut term: Option<Term> = None;
                for member in members {
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

    fn codes_in(&mut self, list: &str, members: &[&Spanned<Expr>]) -> Option<Vec<String>> {
        let list = self.code_list(list)?;
        let mut symbols = Vec::new();
        let mut sound = true;
        for member in members {
            let (Expr::Name(name) | Expr::Text(name)) = &member.item else {
                let found = "something else".to_owned();
                self.problems.push(problems::wrong_type("a code or a group", &found, member.span));
                sound = false;
                continue;
            };
            if let Some(group) = list.groups.get(name) {
                symbols.extend(group.iter().cloned());
            } else if list.has(name) {
                symbols.push(name.clone());
            } else {
                let codes = list.codes.iter().map(|(code, _)| code.as_str());
                let known = codes.chain(list.groups.keys().map(String::as_str));
                self.problems.push(problems::unknown_code(&list.name, name, member.span, known));
                sound = false;
            }
        }
        symbols.sort();
        symbols.dedup();
        sound.then_some(symbols)
    }

    fn between(
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
        if !matches!(kind, Type::Number(_) | Type::Date) {
            let found = kind.to_string();
            return self.note(problems::wrong_type("a number or a date", &found, value.span));
        }
        self.same_type((&kind, value.span), (&low_kind, low.span))?;
        self.same_type((&kind, value.span), (&high_kind, high.span))?;
        Some(within(&term, low_term, high_term))
    }

    fn range(
        &mut self,
        scope: &Scope,
        from: &Spanned<Expr>,
        to: &Spanned<Expr>,
        span: Span,
    ) -> Option<Checked> {
        let (first, last) = (self.range_end(scope, from), self.range_end(scope, to));
        let (first, last) = (first?.0, last?.1);
        if let (Term::Date(first), Term::Date(last)) = (&first, &last)
            && first > last
        {
            return self.note(problems::empty_period(span));
        }
        Some(Checked::Period(first, last))
    }

    fn range_end(&mut self, scope: &Scope, expr: &Spanned<Expr>) -> Option<(Term, Term)> {
        match self.expression(scope, expr)? {
            Checked::Period(first, last) => Some((first, last)),
            Checked::Value(term, Type::Date) => Some((term.clone(), term)),
            found => {
                let found = found.described();
                self.note(problems::wrong_type("a date or a period", &found, expr.span))
            }
        }
    }

    /// A number of units of time.
    pub(crate) fn duration(
        &mut self,
        scope: &Scope,
        expr: &Spanned<Expr>,
    ) -> Option<(i64, TimeUnit)> {
        match self.expression(scope, expr)? {
            Checked::Duration(count, unit) => Some((count, unit)),
            found => {
                let found = found.described();
                self.note(problems::wrong_type(
                    "a duration, such as `6 months`,",
                    &found,
                    expr.span,
                ))
            }
        }
    }
}

/// How values of a type are kept.
pub(crate) fn physical(kind: &Type) -> Physical {
    match kind {
        Type::Truth => Physical::Truth,
        Type::Number(_) | Type::Missing => Physical::Number,
        Type::Date => Physical::Date,
        Type::Text | Type::Code(_) => Physical::Symbol,
    }
}

/// A condition.
pub(crate) fn truth(term: Term) -> Checked {
    Checked::Value(term, Type::Truth)
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
fn compared(one: Term, comparison: Comparison, two: Term) -> Term {
    let (one_kind, two_kind) = (one.physical(), two.physical());
    settled(one, two_kind).compared(comparison, settled(two, one_kind))
}

/// A bare `missing` takes the kind that its place wants.
fn settled(term: Term, physical: Physical) -> Term {
    match term {
        Term::Missing(_) => Term::Missing(physical),
        term => term,
    }
}

fn pick_field(selection: &Selection, pick: Pick, field: &str, physical: Physical) -> Term {
    let field = field.to_owned();
    let aggregate = match pick {
        Pick::First => Aggregate::First(field, physical),
        Pick::Last => Aggregate::Last(field, physical),
    };
    Term::Selected { aggregate, selection: Box::new(selection.clone()) }
}

fn arithmetic(operator: Operator, left: Term, right: Term) -> Term {
    Term::Arithmetic { operator, left: Box::new(left), right: Box::new(right) }
}

#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53 days")]
fn days(count: i64) -> (Term, Type) {
    (Term::number(count as f64), Type::Number(Some(Unit::plain("days"))))
}

fn number(digits: &str, unit: Option<Unit>) -> Checked {
    // The lexer took only digits and one point, which always read as a number.
    let value = digits.parse().unwrap_or(f64::NAN);
    Checked::Value(Term::number(value), Type::Number(unit))
}

fn meanings(properties: &[(String, Checked)], rule: bool, record: bool) -> Vec<String> {
    let mut meanings: Vec<String> = properties.iter().map(|(what, _)| what.clone()).collect();
    meanings.extend(rule.then(|| "the rule of that name".to_owned()));
    meanings.extend(record.then(|| "the record of that name".to_owned()));
    meanings
}

/// A short expression as its author wrote it, for help lines.
pub(crate) fn written(expr: &Spanned<Expr>) -> String {
    match &expr.item {
        Expr::Name(name) => name.clone(),
        Expr::Field { base, field } => format!("{}.{}", written(base), field.item),
        Expr::Parenthesised(inner) => format!("({})", written(inner)),
        _ => "…".to_owned(),
    }
}
