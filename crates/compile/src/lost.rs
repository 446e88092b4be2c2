//! What could not be read or declared, so that what only follows from it is not told.
//!
//! A clause with a mistake is missing from its declaration, and a declaration with a mistake is
//! missing from the model. That is told where the mistake is, and nowhere else.

use std::collections::BTreeSet;

use interplay_diagnostic::{Diagnostic, Span};
use interplay_syntax::tree::{self, DeclarationKind, ItemKind, Name};

use crate::catalog::Catalog;

/// What could not be read or declared.
#[derive(Clone, Debug, Default)]
pub struct Lost {
    /// Declarations that are not whole.
    statements: Vec<Span>,
    /// What they may have declared.
    names: BTreeSet<String>,
    /// All statements.
    all: Vec<Span>,
}

impl Lost {
    /// What `programs` say and `catalog` does not hold.
    pub(crate) fn of(programs: &[tree::Program], catalog: &Catalog) -> Self {
        let mut lost = Self::default();
        for program in programs {
            for unread in &program.unread {
                lost.statements.push(unread.span);
                lost.names.extend(unread.names.iter().cloned());
            }
            lost.all.extend(program.statements.iter().map(|statement| statement.span));
            for statement in &program.statements {
                if let tree::StatementKind::Declaration(declaration) = &statement.kind {
                    lost.names.extend(undeclared(declaration, catalog));
                }
            }
        }
        lost
    }

    /// The problems that are worth telling beside those of form. `text` gives what is written at
    /// a place.
    ///
    /// What is missing in a statement that could not be read is not told, nor that a name is
    /// unknown which may have been declared there, nor that `=` should be `is` where it is `==`.
    #[must_use]
    pub fn first_of<'t>(
        &self,
        problems: &[Diagnostic],
        of_form: &[Diagnostic],
        text: impl Fn(Span) -> &'t str,
    ) -> Vec<Diagnostic> {
        let after_sign = |place: Span| {
            let signs = of_form.iter().filter(|form| form.code == "foreign-sign");
            let is_before = |sign: Span| {
                sign.source == place.source && (sign.end..sign.end + 2).contains(&place.start)
            };
            signs.into_iter().any(|sign| is_before(sign.span))
        };
        // What was mapped wrongly is not mapped.
        let mapped_wrongly = |place: Span| {
            let own = self.all.iter().find(|statement| is_in(**statement, place));
            own.is_some_and(|own| {
                let others = problems.iter().filter(|other| other.code != "missing-clause");
                others.into_iter().any(|other| is_in(*own, other.span))
            })
        };
        let follows = |problem: &Diagnostic| match problem.code {
            "missing-clause" if problem.message.starts_with("`map` lacks") => {
                self.holds(problem.span) || mapped_wrongly(problem.span)
            }
            "use-is" => after_sign(problem.span),
            "missing-clause" | "missing-header" => self.holds(problem.span),
            code if code.starts_with("unknown-") => self.names.contains(text(problem.span)),
            _ => false,
        };
        let told = problems.iter().filter(|problem| !follows(problem));
        told.cloned().collect()
    }

    /// Whether a place lies in a statement that could not be read.
    fn holds(&self, place: Span) -> bool {
        self.statements.iter().any(|statement| is_in(*statement, place))
    }
}

/// Whether a place lies in a statement.
fn is_in(statement: Span, place: Span) -> bool {
    statement.source == place.source && (statement.start..statement.end).contains(&place.start)
}

/// Names that a declaration should have brought into the catalog, and did not: its own, or those
/// of a record's fields and a list's codes.
fn undeclared(declaration: &tree::Declaration, catalog: &Catalog) -> Vec<String> {
    let Name::Path(_) = &declaration.name.item else { return Vec::new() };
    let name = declaration.name.item.text();
    let is_there = match declaration.kind.item {
        DeclarationKind::Record => catalog.records.contains_key(&name),
        DeclarationKind::Parameter => catalog.parameters.contains_key(&name),
        DeclarationKind::Source => catalog.sources.contains_key(&name),
        _ => true,
    };
    let mut names: Vec<String> = (!is_there).then(|| name.clone()).into_iter().collect();
    let Some(tree::Body::Block(block)) = &declaration.body else { return names };
    let labels = block.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Clause { label, .. } => Some(&label.item),
        _ => None,
    });
    let (record, codes) = (catalog.records.get(&name), catalog.codes.get(&name));
    let is_known = |label: &&String| match declaration.kind.item {
        DeclarationKind::Record => record.is_some_and(|it| it.field(label).is_some()),
        DeclarationKind::Codes => codes.is_some_and(|it| it.has(label)),
        _ => true,
    };
    names.extend(labels.filter(|label| !is_known(label)).cloned());
    names
}
