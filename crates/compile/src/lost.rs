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
        problems: Vec<Diagnostic>,
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
        let follows = |problem: &Diagnostic| match problem.code {
            "use-is" => after_sign(problem.span),
            "missing-clause" | "missing-header" => self.holds(problem.span),
            code if code.starts_with("unknown-") => self.names.contains(text(problem.span)),
            _ => false,
        };
        problems.into_iter().filter(|problem| !follows(problem)).collect()
    }

    /// Whether a place lies in a statement that could not be read.
    fn holds(&self, place: Span) -> bool {
        self.statements.iter().any(|statement| {
            statement.source == place.source
                && (statement.start..statement.end).contains(&place.start)
        })
    }
}

/// Names that a declaration should have brought into the catalog, and did not: its own, or those
/// of a record's fields.
fn undeclared(declaration: &tree::Declaration, catalog: &Catalog) -> Vec<String> {
    let Name::Path(_) = &declaration.name.item else { return Vec::new() };
    let name = declaration.name.item.text();
    let is_there = match declaration.kind.item {
        DeclarationKind::Record => catalog.records.contains_key(&name),
        DeclarationKind::Parameter => catalog.parameters.contains_key(&name),
        DeclarationKind::Source => catalog.sources.contains_key(&name),
        _ => true,
    };
    if declaration.kind.item != DeclarationKind::Record {
        return if is_there { Vec::new() } else { vec![name] };
    }
    let Some(tree::Body::Block(block)) = &declaration.body else { return vec![name] };
    let labels = block.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Clause { label, .. } => Some(&label.item),
        _ => None,
    });
    let record = catalog.records.get(&name);
    let is_field = |label: &&String| record.is_some_and(|record| record.field(label).is_some());
    let mut names: Vec<String> = labels.filter(|label| !is_field(label)).cloned().collect();
    names.extend((!is_there).then_some(name));
    names
}
