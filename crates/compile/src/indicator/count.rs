//! `count`: how many subjects are in a target group, or how many rows a selection has.
//!
//! ```text
//! indicator reach { count: homeless_youth }
//! indicator contacts { count: contact during period }
//! ```
//!
//! Those of whom membership is unknown are not counted, and shown. Over nobody it is 0.

use interplay_diagnostic::Spanned;
use interplay_syntax::tree::Expr;

use super::{Crowd, Figure, Indicator, Kind, Part, Told, counted, open};
use crate::catalog::Unit;
use crate::check::{Checker, Scope};
use crate::expression::{Checked, Pick};
use crate::shape::Clauses;
use crate::target_group::{self, Among, Step};
use crate::term::{Aggregate, Selection, Term};

pub(super) const KIND: Kind =
    Kind { name: "count", summary: "how many subjects, or how many rows", clauses: &[], check };

fn check(checker: &mut Checker<'_>, clauses: &Clauses<'_>) -> Option<Box<dyn Indicator>> {
    let expr = clauses.wanted("count", &mut checker.problems)?;
    if let Some(rows) = rows(checker, expr) {
        return Some(Box::new(rows));
    }
    if target_group::rows_in_vain(checker, expr) {
        return None;
    }
    let among = target_group::among(checker, expr)?;
    Some(Box::new(Subjects { among }))
}

/// A selection is told from a target group by what it comes to; problems of the trial are not
/// kept, since the other reading notes its own.
fn rows(checker: &mut Checker<'_>, expr: &Spanned<Expr>) -> Option<Rows> {
    let subjects: Vec<String> = checker.catalog.subjects.keys().cloned().collect();
    let found = subjects.into_iter().filter_map(|subject| {
        let scope = Scope::of(&subject);
        match checker.tried(|checker| checker.expression(&scope, expr)) {
            Some(Checked::Rows(selection) | Checked::Row(selection, Pick::AsOf)) => {
                Some((subject, selection))
            }
            _ => None,
        }
    });
    // Rows are counted of their own subject, where that and those referred to both fit.
    let (subject, selection) = found.min_by_key(|(_, selection)| selection.side.is_some())?;
    Some(Rows { among: Among::everyone(&subject), selection, expr: expr.clone() })
}

#[derive(Debug)]
struct Subjects {
    among: Among,
}

impl Indicator for Subjects {
    fn among(&self) -> &Among {
        &self.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        vec![Part::Count(people.clone()), Part::Count(Term::IsUnknown(Box::new(people.clone())))]
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let count = counted(parts.first());
        Figure {
            value: Some(count),
            numerator: Some(count),
            unknown: counted(parts.get(1)),
            ..Figure::default()
        }
    }

    fn told(&self, people: &Term) -> Told {
        Told { numerator: Some(people.clone()), ..Told::default() }
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::plain(&many(&self.among.subject)))
    }

    fn open(&self, people: &Term) -> Option<Part> {
        let open = open::reaching(&self.among.condition())?;
        Some(Part::Count(Term::IsUnknown(Box::new(people.clone())).and(open)))
    }

    fn steps(&self) -> Vec<Step> {
        Vec::new()
    }
}

/// `persons`, `households`, `families`
pub(super) fn many(subject: &str) -> String {
    let vowel = |letter: char| matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u');
    match subject.strip_suffix('y') {
        Some(stem) if !stem.ends_with(vowel) => format!("{stem}ies"),
        _ if subject.ends_with('s') => subject.to_owned(),
        _ => format!("{subject}s"),
    }
}

#[derive(Debug)]
struct Rows {
    among: Among,
    selection: Selection,
    expr: Spanned<Expr>,
}

impl Indicator for Rows {
    fn among(&self) -> &Among {
        &self.among
    }

    fn parts(&self, people: &Term) -> Vec<Part> {
        vec![
            Part::Rows(people.clone(), self.selection.clone()),
            Part::RowsUnknown(people.clone(), self.selection.clone()),
            Part::RowsSubjects(people.clone(), self.selection.clone()),
        ]
    }

    fn figure(&self, parts: &[Option<f64>]) -> Figure {
        let count = counted(parts.first());
        Figure {
            value: Some(count),
            unknown: counted(parts.get(1)),
            behind: Some(Crowd { people: counted(parts.get(2)), amount: count }),
            ..Figure::default()
        }
    }

    fn told(&self, people: &Term) -> Told {
        let any = Term::made(Aggregate::Any, self.selection.clone());
        Told { behind: Some(people.clone().and(any)), ..Told::default() }
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::plain("rows"))
    }

    fn open(&self, people: &Term) -> Option<Part> {
        let count = Term::made(Aggregate::Count, self.selection.clone());
        let open = people.clone().and(open::reaching(&count)?);
        Some(Part::RowsUnknown(open, self.selection.clone()))
    }

    fn counted(&self) -> Option<(&Selection, &Spanned<Expr>)> {
        Some((&self.selection, &self.expr))
    }

    /// Who has such a row.
    fn steps(&self) -> Vec<Step> {
        let condition = Term::made(Aggregate::Any, self.selection.clone());
        vec![Step { span: self.expr.span, condition, of: vec![self.expr.clone()] }]
    }
}
