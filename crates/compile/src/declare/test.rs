//! `test "a shared night is one night" { given … { … } expect: … is 5 }`

use chrono::NaiveDate;
use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{self, Expr, Item, ItemKind, QueryPeriod, Value};

use self::case::Case;
use super::parameter;
use super::source::day;
use crate::catalog::test::{Expect, ExpectedProblem, Test};
use crate::catalog::{Catalog, Parameter};
use crate::problems;
use crate::shape::{self, Clauses, Headers};

mod case;
mod given;
mod wanted;

/// One test, or one for each of its cases.
pub(super) fn declare(
    catalog: &Catalog,
    declaration: &tree::Declaration,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Test> {
    Headers::read(declaration, false, |_| false, problems);
    let items = shape::items(declaration, problems);
    let expects =
        |item: &Item| matches!(item.kind, ItemKind::Expect { .. } | ItemKind::ExpectProblem { .. });
    if !items.iter().any(expects) {
        let wanted = "what is expected: `expect: measure … in … is …`";
        problems.push(problems::missing_clause("test", wanted, declaration.name.span));
    }
    let mut tables = items.iter().filter_map(|item| match &item.kind {
        ItemKind::ForEach(table) => Some((item.span, table)),
        _ => None,
    });
    let Some((first, table)) = tables.next() else {
        return vec![one(catalog, declaration, &Case::none(), problems)];
    };
    for (span, _) in tables {
        problems.push(problems::clause_twice("for each", span, first));
    }
    let mut tests = Vec::new();
    let cases = case::cases(table, problems);
    for case in &cases {
        tests.push(one(catalog, declaration, case, problems));
    }
    case::unused(&cases, table, problems);
    tests
}

fn one(
    catalog: &Catalog,
    declaration: &tree::Declaration,
    case: &Case<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Test {
    let mut test = Test {
        name: declaration.name.item.text(),
        case: case.label(),
        data_date: None,
        protected: false,
        parameters: Vec::new(),
        given: Vec::new(),
        expects: Vec::new(),
        problems: Vec::new(),
        span: declaration.name.span,
    };
    let mut plain = Vec::new();
    // What is wrong with the block was noted when its cases were read.
    for item in shape::items(declaration, &mut Vec::new()) {
        match &item.kind {
            ItemKind::Given { record, organisation, covers, table } => {
                let from = (organisation.as_ref(), covers.as_ref());
                test.given.extend(given::rows(catalog, record, from, (table, case), problems));
            }
            ItemKind::Expect { query, value, within } => {
                test.expects.extend(expect(case, query, (value, within.as_deref()), problems));
            }
            ItemKind::ExpectProblem { code, text } => {
                test.problems.push(ExpectedProblem { code: code.clone(), text: text.clone() });
            }
            ItemKind::ForEach(_) => {}
            _ => match instead(item) {
                Some((name, span, value)) => {
                    let own = overridden(catalog, (name, span), value, case, problems);
                    again(&test.parameters, own.as_ref(), problems);
                    test.parameters.extend(own);
                }
                None => plain.push(item),
            },
        }
    }
    let clauses = Clauses::read("test", test.span, plain, &["data_date", "disclosure"], problems);
    test.data_date = clauses.expression("data_date", problems).and_then(|expr| {
        let expr = case.expression(expr, problems)?;
        date(&expr, problems)
    });
    test.protected = clauses.word("disclosure", &["protected"], problems).is_some();
    test
}

fn date(expr: &Spanned<Expr>, problems: &mut Vec<Diagnostic>) -> Option<NaiveDate> {
    let found = day(expr, true);
    if found.is_none() {
        problems.push(problems::wrong_expr("a date", expr));
    }
    found
}

/// `with poverty_line: 1500`: the parameter and its value.
fn instead(item: &Item) -> Option<(&str, Span, &Spanned<Value>)> {
    let ItemKind::Clause { label, value } = &item.kind else { return None };
    Some((label.item.strip_prefix("with ")?, label.span, value))
}

/// A parameter as the test has it: one value for all time, or from each of some days on.
fn overridden(
    catalog: &Catalog,
    (name, span): (&str, Span),
    value: &Spanned<Value>,
    case: &Case<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Parameter> {
    let Some(declared) = catalog.parameters.get(name) else {
        let known = catalog.parameters.keys().map(String::as_str);
        problems.push(problems::unknown_name("parameter", name, span, known));
        return None;
    };
    let unit = declared.unit.as_ref();
    let steps = match &value.item {
        Value::Expression { expr, title: None } => match &expr.item {
            Expr::Map(rows) => {
                let rows = rows.iter().map(|row| (&row.key, row.value.clone()));
                parameter::steps(rows, unit, problems)
            }
            _ => {
                let expr = case.expression(expr, problems)?;
                let always = NaiveDate::from_ymd_opt(1, 1, 1)?;
                vec![(always, parameter::number(&expr, unit, problems)?)]
            }
        },
        _ => {
            problems.push(problems::wrong_value("one value", value));
            return None;
        }
    };
    Some(Parameter { steps, span, ..declared.clone() })
}

fn again(known: &[Parameter], own: Option<&Parameter>, problems: &mut Vec<Diagnostic>) {
    let Some(own) = own else { return };
    if let Some(first) = known.iter().find(|first| first.name == own.name) {
        problems.push(problems::clause_twice(&own.name, own.span, first.span));
    }
}

fn expect(
    case: &Case<'_>,
    query: &Spanned<tree::Query>,
    (value, within): (&Spanned<Expr>, Option<&Spanned<Expr>>),
    problems: &mut Vec<Diagnostic>,
) -> Option<Expect> {
    let mut query = query.clone();
    if let Some(QueryPeriod::Span(span)) = &query.item.period
        && let Some(period) = case.period(span, problems)
    {
        query.item.period = Some(QueryPeriod::Span(period));
    }
    let wanted = wanted::wanted(value, case, problems);
    let within = within.map(|within| wanted::distance(within, case, problems));
    let (wanted, within) = (wanted?, within.map_or(Some(None), |within| within.map(Some))?);
    Some(Expect { query, wanted, within })
}
