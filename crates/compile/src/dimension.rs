//! `dimension age_band of person = band(age at start of period, 16, 18)`: what figures are split by.

use interplay_diagnostic::{Span, Spanned};
use interplay_syntax::tree::{self, Expr};

use crate::catalog::{FieldType, Rule, Unit};
use crate::check::{Checker, ORGANISATION, Scope};
use crate::hierarchy::Headings;
use crate::organisation;
use crate::problems;
use crate::term::Term;
use crate::types::Type;

/// What figures are split by.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// `age_band`
    pub name: String,
    /// The subject it is about.
    pub subject: String,
    /// Its values.
    pub domain: Domain,
}

/// The values of a dimension, in their order.
#[derive(Clone, Debug)]
pub enum Domain {
    /// Codes of a list with their labels.
    Codes {
        /// The code.
        term: Term,
        /// In the order declared.
        codes: Vec<(String, String)>,
        /// Of a list with levels: which of them are headings.
        headings: Option<Headings>,
    },
    /// Bands of a number.
    Bands {
        /// The band's index.
        term: Term,
        /// `under 16`, `16 to 17`, …
        labels: Vec<String>,
    },
    /// Texts as they come, in alphabetical order.
    Texts {
        /// The text.
        term: Term,
    },
    /// The organisations that have a row of the subject in the period.
    Involvement {
        /// All that are declared, with their titles.
        organisations: Vec<(String, String)>,
    },
}

impl Domain {
    /// The term whose value decides, unless it is involvement.
    #[must_use]
    pub fn term(&self) -> Option<&Term> {
        match self {
            Self::Codes { term, .. } | Self::Bands { term, .. } | Self::Texts { term } => {
                Some(term)
            }
            Self::Involvement { .. } => None,
        }
    }
}

/// Checks a declared dimension.
pub(crate) fn check(checker: &mut Checker<'_>, rule: &Rule) -> Option<Dimension> {
    let subject = checker.rule_subject(rule)?;
    let Some(tree::Body::Expression(expr)) = &rule.written.body else {
        return checker.note(problems::missing_clause("dimension", "`= …`", rule.span));
    };
    let domain = match &expr.item {
        Expr::Call { function, arguments } if function.item == "band" => {
            bands(checker, &Scope::of(&subject), arguments, function.span)?
        }
        _ => values(checker, &Scope::of(&subject), expr)?,
    };
    Some(Dimension { name: rule.name.clone(), subject, domain })
}

/// A word after `by` that is no unit of time: a dimension, a field of a record of which a subject
/// has one row, or `organisation`.
pub(crate) fn named(
    checker: &mut Checker<'_>,
    subject: &str,
    word: &tree::Word,
) -> Option<Dimension> {
    let (name, span) = (&word.item, word.span);
    if name == ORGANISATION {
        let organisations = checker.code_list(ORGANISATION)?.codes;
        let domain = match subject {
            // Each stands under itself.
            ORGANISATION => {
                let term = organisation::asked();
                Domain::Codes { term, codes: organisations, headings: None }
            }
            _ => Domain::Involvement { organisations },
        };
        return Some(Dimension { name: name.clone(), subject: subject.to_owned(), domain });
    }
    if let Some(rule) = checker.catalog.rules.get(name)
        && rule.kind == crate::catalog::RuleKind::Dimension
    {
        let dimension = check(checker, rule)?;
        if dimension.subject != subject {
            let of = dimension.subject;
            return checker.note(problems::other_subject(name, &of, subject, span));
        }
        return Some(dimension);
    }
    if checker.properties(&Scope::of(subject), name).is_empty() {
        let known = breakdowns(checker, subject);
        let known = known.iter().map(String::as_str);
        return checker.note(problems::unknown_breakdown(name, span, known));
    }
    let expr = Spanned::new(Expr::Name(name.clone()), span);
    let domain = values(checker, &Scope::of(subject), &expr)?;
    Some(Dimension { name: name.clone(), subject: subject.to_owned(), domain })
}

/// All words that may stand after `by` for figures about `subject`.
pub(crate) fn breakdowns(checker: &Checker<'_>, subject: &str) -> Vec<String> {
    let rules = checker.catalog.rules.values().filter(|rule| {
        rule.kind == crate::catalog::RuleKind::Dimension && rule.subject.as_deref() == Some(subject)
    });
    let fields = checker.single_records(subject).flat_map(|record| &record.fields);
    let is_split = |kind: &FieldType| matches!(kind, FieldType::Code(_) | FieldType::Text);
    let fields = fields.filter(|field| is_split(&field.kind));
    let units = ["organisation", "week", "month", "quarter", "year"].map(str::to_owned);
    let names = rules.map(|rule| rule.name.clone());
    let names = names.chain((subject == ORGANISATION).then(|| "kind".to_owned()));
    names.chain(fields.map(|field| field.name.clone())).chain(units).collect()
}

fn values(checker: &mut Checker<'_>, scope: &Scope, expr: &Spanned<Expr>) -> Option<Domain> {
    let (term, kind) = checker.value(scope, expr)?;
    match kind {
        Type::Code(list) => {
            let found = checker.code_list(&list)?;
            let headings = found.tree.map(|tree| Headings::of(&term, tree, &list));
            Some(Domain::Codes { term, codes: found.codes, headings })
        }
        Type::Text => Some(Domain::Texts { term }),
        other => {
            let wanted = "a code, a text or `band(…)`";
            checker.note(problems::wrong_type(wanted, &other.to_string(), expr.span))
        }
    }
}

/// `band(age at start of period, 16, 18, 21)`
fn bands(
    checker: &mut Checker<'_>,
    scope: &Scope,
    arguments: &[tree::Argument],
    span: Span,
) -> Option<Domain> {
    if let Some(label) = arguments.iter().find_map(|argument| argument.label.as_ref()) {
        return checker.note(problems::named_argument("band", label));
    }
    let Some((value, bounds)) = arguments.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return checker.note(problems::missing_clause("band", "a number and its bounds", span));
    };
    let checked = checker.number(scope, &value.value);
    let mut numbers: Vec<f64> = Vec::new();
    for bound in bounds {
        let Expr::Number(digits) = &bound.value.item else {
            let wanted = "a plain number as bound";
            return checker.note(problems::wrong_expr(wanted, &bound.value));
        };
        let number: f64 = digits.parse().ok()?;
        if numbers.last().is_some_and(|last| *last >= number) {
            return checker.note(problems::bounds_order(bound.value.span));
        }
        numbers.push(number);
    }
    let (value, unit) = checked?;
    let labels = labels(&numbers, unit.as_ref());
    let bounds = numbers.into_iter().map(f64::to_bits).collect();
    Some(Domain::Bands { term: Term::Band { value: Box::new(value), bounds }, labels })
}

/// Whole years and counts read `16 to 17`; other numbers `16 to under 18`.
fn labels(bounds: &[f64], unit: Option<&Unit>) -> Vec<String> {
    let whole = bounds.iter().all(|bound| bound.fract() == 0.0)
        && unit.is_some_and(|unit| matches!(unit.name.as_str(), "years" | "nights" | "days"));
    let mut labels = Vec::new();
    if let Some(first) = bounds.first() {
        labels.push(format!("under {first}"));
    }
    for pair in bounds.windows(2) {
        let [low, high] = pair else { continue };
        let last = high - 1.0;
        labels.push(if whole && last <= *low {
            format!("{low}")
        } else if whole {
            format!("{low} to {last}")
        } else {
            format!("{low} to under {high}")
        });
    }
    if let Some(last) = bounds.last() {
        labels.push(format!("{last} and over"));
    }
    labels
}
