//! The formatter: a tree as text, in the one layout every rule file shares.
//!
//! It is the inverse of [`parse`](crate::parse()): what it prints is read back as the same tree,
//! comments included. Where lines may break is said as a [`doc::Doc`], in which each group
//! stands on one line if that fits into 100 columns.

mod block;
mod doc;
mod expression;
mod page;
mod query;

use crate::tree::{
    Body, Comments, Declaration, EMPTY_LINE, Header, Labels, Name, Program, Statement,
    StatementKind, Unit, Within,
};
use block::block;
use doc::Doc;
use expression::{expression, text};
use page::Page;

/// The text of `program`.
///
/// ```
/// use interplay_diagnostic::SourceId;
///
/// let (program, _) = interplay_syntax::parse(SourceId(0), "define   a of person=first  contact");
/// assert_eq!(interplay_syntax::print(&program), "define a of person = first contact\n");
/// ```
#[must_use]
pub fn print(program: &Program) -> String {
    let mut printed = Page::default();
    let mut before: Option<(&Statement, bool)> = None;
    for statement in &program.statements {
        let page = self::statement(statement);
        let Comments { above, inside, .. } = &statement.comments;
        let above = above.len() + inside.len() + statement.docs.len();
        let is_line = page.line_count() == above + 1;
        if let Some((last, was_line)) = before
            && !(was_line && is_line && goes_with(last, statement))
        {
            printed.push("\n");
        }
        printed.append(&page);
        before = Some((statement, is_line));
    }
    if !program.trailing.is_empty() {
        if before.is_some() {
            printed.push("\n");
        }
        comment_lines(&program.trailing, 0, &mut printed);
    }
    printed.aligned()
}

/// Whether two statements of one line each stand without an empty line between them.
fn goes_with(one: &Statement, next: &Statement) -> bool {
    let speaks_of_one = one.comments.above.last().is_some_and(|last| last != EMPTY_LINE);
    let has_own = !next.comments.above.is_empty() || !next.docs.is_empty();
    if speaks_of_one || !one.docs.is_empty() || has_own {
        return false;
    }
    match (&one.kind, &next.kind) {
        (StatementKind::Declaration(one), StatementKind::Declaration(next)) => {
            one.kind == next.kind
        }
        (StatementKind::Query(_), StatementKind::Query(_)) => true,
        _ => false,
    }
}

fn statement(statement: &Statement) -> Page {
    let mut printed = Page::default();
    above(&statement.comments, &statement.docs, 0, &mut printed);
    match &statement.kind {
        StatementKind::Declaration(found) => {
            declaration(found, &statement.comments.within, &mut printed);
        }
        StatementKind::Query(found) => {
            let doc = query::query(found).with(&statement.comments.within);
            printed.append(&doc.layout(0, 0));
        }
    }
    beside(statement.comments.beside.as_deref(), &mut printed);
    printed.push("\n");
    printed
}

fn declaration(declaration: &Declaration, within: &[Within], printed: &mut Page) {
    let name = match &declaration.name.item {
        Name::Path(_) => declaration.name.item.text(),
        Name::Text(title) => text(title),
    };
    let mut head = vec![Doc::text(format!("{} {name}", declaration.kind.item.words()))];
    for found in &declaration.headers {
        head.push(Doc::text(" "));
        head.push(header(&found.item));
    }
    match &declaration.body {
        None => printed.append(&Doc::Group(head).with(within).layout(0, 0)),
        Some(Body::Expression(value)) => {
            head.push(Doc::text(" = "));
            head.push(expression(&value.item));
            printed.append(&Doc::Group(head).with(within).layout(0, 0));
        }
        Some(Body::Block(body)) => {
            printed.append(&Doc::Group(head).with(within).layout(0, 0));
            printed.push(" ");
            block(body, 0, printed);
        }
    }
}

fn header(header: &Header) -> Doc {
    let words = |words: &[crate::tree::Word]| {
        words.iter().map(|word| word.item.as_str()).collect::<Vec<_>>().join(", ")
    };
    let printed = match header {
        Header::Title(title) => return labels(title),
        Header::Version(version) => format!("version {}", text(&version.item)),
        Header::Of(word) => format!("of {}", word.item),
        Header::For(word) => format!("for {}", word.item),
        Header::From { record, per: None } => format!("from {}", record.item),
        Header::From { record, per: Some(per) } => format!("from {} per {}", record.item, per.item),
        Header::Is(names) => format!("is {}", words(names)),
        Header::At(word) => format!("at {}", word.item),
        Header::During { start, end } => format!("during {} until {}", start.item, end.item),
        Header::WithoutOverlap => "without overlap".to_owned(),
        Header::Anonymous => "anonymous".to_owned(),
        Header::Once(by) => match by.as_slice() {
            [] => "once".to_owned(),
            [only] => format!("once by {}", only.item),
            [first, names @ ..] => format!("once by {} {}", first.item, words(names)),
        },
        Header::In(found) => format!("in {}", unit(found)),
        Header::Every(word) => format!("every {}", word.item),
        Header::Starts(day) => format!("starts {}", day.item),
        Header::Where(condition) => {
            return Doc::Nest(vec![Doc::text("where "), expression(&condition.item)]);
        }
    };
    Doc::text(printed)
}

/// `"Living rough" nl "Op straat"`, a line each where one is too short
fn labels(labels: &Labels) -> Doc {
    let mut parts = Vec::new();
    for (language, other) in &labels.others {
        let other = format!("{} {}", language.item, text(&other.item));
        parts.extend([Doc::Line, Doc::text(other)]);
    }
    Doc::Group(vec![Doc::text(text(&labels.plain.item)), Doc::Nest(parts)])
}

/// `EUR per month`
fn unit(unit: &Unit) -> String {
    match &unit.per {
        None => unit.name.item.clone(),
        Some(per) => format!("{} per {}", unit.name.item, per.item),
    }
}

/// Comments and documentation above something that is indented by `indent`.
fn above(comments: &Comments, docs: &[String], indent: usize, printed: &mut Page) {
    comment_lines(&comments.above, indent, printed);
    for line in docs {
        let line = format!("{:indent$}## {line}", "");
        printed.push(line.trim_end());
        printed.push("\n");
    }
    comment_lines(&comments.inside, indent, printed);
}

fn comment_lines(comments: &[String], indent: usize, printed: &mut Page) {
    for line in comments {
        if line != EMPTY_LINE {
            printed.push(&" ".repeat(indent));
            comment(line, printed);
        }
        printed.push("\n");
    }
}

/// A comment at the end of a line.
fn beside(said: Option<&str>, printed: &mut Page) {
    if let Some(said) = said {
        printed.comment_beside();
        comment(said, printed);
    }
}

/// A ruler of `###…` stays one: with a space it would be something else.
fn comment(said: &str, printed: &mut Page) {
    let space = if said.is_empty() || said.starts_with("##") { "" } else { " " };
    for part in ["#", space, said] {
        printed.push(part);
    }
}
