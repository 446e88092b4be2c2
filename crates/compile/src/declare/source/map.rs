//! `map { arrived: `Datum in` … }`: how each field is made of a row of an export.

use std::collections::BTreeMap;

use interplay_diagnostic::{Diagnostic, Span, Spanned};
use interplay_syntax::tree::{self, BinaryOperator, Expr};

use crate::catalog::{Catalog, FieldType, MapCondition, MapExpr};
use crate::shape::key_text;
use crate::{calendar, problems};

/// What the value of a field may be made by.
const FUNCTIONS: [&str; 2] = ["pseudonym", "recode"];

/// Reads the value of one field.
pub(super) struct MapReader<'a> {
    pub(super) catalog: &'a Catalog,
    /// What the field holds; none for the subject and for what is only chosen by.
    pub(super) kind: Option<&'a FieldType>,
    /// Whether it is the end of a row, which may be unknown.
    pub(super) end: bool,
    pub(super) problems: &'a mut Vec<Diagnostic>,
}

impl MapReader<'_> {
    pub(super) fn read(&mut self, expr: &Spanned<Expr>) -> Option<Spanned<MapExpr>> {
        let value = match &expr.item {
            Expr::Column(name) => MapExpr::Column(name.clone()),
            Expr::Text(text) => self.coded(text, expr)?,
            Expr::Number(digits) => MapExpr::Number(digits.parse().ok()?),
            Expr::Date(text) => MapExpr::Date(calendar::date(text)?),
            Expr::Missing => MapExpr::Missing,
            Expr::Unknown if self.end => MapExpr::Unknown,
            Expr::Unknown => {
                self.problems.push(problems::unknown_for_no_end(expr.span));
                return None;
            }
            Expr::Choose(rows) => self.choose(rows)?,
            Expr::Parenthesised(inner) => return self.read(inner),
            Expr::Name(name) => self.named(name, expr)?,
            Expr::Call { function, arguments } if FUNCTIONS.contains(&function.item.as_str()) => {
                self.call(&function.item, arguments, expr)?
            }
            Expr::Call { function, .. } => {
                let (name, span) = (&function.item, function.span);
                self.problems.push(problems::unknown_name("function", name, span, FUNCTIONS));
                return None;
            }
            Expr::Binary { operator, left, right } => {
                let (left, right) = (self.read(left), self.read(right));
                let (left, right) = (Box::new(left?), Box::new(right?));
                MapExpr::Arithmetic { operator: *operator, left, right }
            }
            _ => {
                let wanted = "a column, a value, `recode(…)`, `choose { … }` or `pseudonym(…)`";
                self.problems.push(problems::wrong_expr(wanted, expr));
                return None;
            }
        };
        Some(Spanned::new(value, expr.span))
    }

    /// `pseudonym(…)`, `recode(…)`: what they are made of has no names.
    fn call(
        &mut self,
        function: &str,
        arguments: &[tree::Argument],
        expr: &Spanned<Expr>,
    ) -> Option<MapExpr> {
        if let Some(label) = arguments.iter().find_map(|argument| argument.label.as_ref()) {
            self.problems.push(problems::named_argument(function, label));
            return None;
        }
        if function == "recode" {
            return self.recode(expr, arguments);
        }
        if arguments.is_empty() {
            let wanted = "a column, as in `pseudonym(`Client nr.`)`";
            self.problems.push(problems::missing_clause(function, wanted, expr.span));
            return None;
        }
        let parts = arguments.iter().map(|argument| self.read(&argument.value));
        Some(MapExpr::Pseudonym(parts.collect::<Option<_>>()?))
    }

    /// A text where a code is wanted must be on the list.
    fn coded(&mut self, text: &str, expr: &Spanned<Expr>) -> Option<MapExpr> {
        match self.kind {
            Some(FieldType::Code(_)) => self.named(text, expr),
            _ => Some(MapExpr::Text(text.to_owned())),
        }
    }

    fn named(&mut self, name: &str, expr: &Spanned<Expr>) -> Option<MapExpr> {
        let Some(FieldType::Code(list)) = self.kind else {
            let wanted = "a column in backticks or a value";
            self.problems.push(problems::wrong_type(wanted, &format!("`{name}`"), expr.span));
            return None;
        };
        let list = self.catalog.codes.get(list)?;
        if !list.has(name) {
            let known = list.codes.iter().map(|(code, _)| code.as_str());
            self.problems.push(problems::unknown_code(&list.name, name, expr.span, known));
            return None;
        }
        Some(MapExpr::Text(name.to_owned()))
    }

    fn recode(&mut self, expr: &Spanned<Expr>, arguments: &[tree::Argument]) -> Option<MapExpr> {
        let [value, table] = arguments else {
            let wanted = "a column and a table, as in `recode(`Soort`, { \"a\": b })`,";
            let found = format!("{} of them", arguments.len());
            self.problems.push(problems::wrong_type(wanted, &found, expr.span));
            return None;
        };
        let Expr::Map(written) = &table.value.item else {
            self.problems.push(problems::wrong_expr("a table `{ … }`", &table.value));
            return None;
        };
        // The value that is recoded is the export's own text, not yet a code of ours.
        let value = self.plain(&value.value);
        let (mut rows, mut otherwise, mut sound) = (Vec::new(), None, true);
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for row in written {
            let key = key_text(&row.key.item).trim().to_owned();
            if let Some(first) = seen.insert(key.clone(), row.key.span) {
                self.problems.push(problems::key_twice(&key, row.key.span, first));
                sound = false;
            }
            let made = self.read(&row.value).map(|made| made.item);
            match (made, &row.key.item) {
                (Some(made), tree::Key::Word(word)) if word == "else" => {
                    otherwise = Some(Box::new(made));
                }
                (Some(made), key) => rows.push((key_text(key), made)),
                (None, _) => sound = false,
            }
        }
        let value = Box::new(value?);
        sound.then_some(MapExpr::Recode { value, rows, otherwise })
    }
    /// A text of the export itself, not yet a value of ours.
    fn plain(&mut self, expr: &Spanned<Expr>) -> Option<Spanned<MapExpr>> {
        let (catalog, problems) = (self.catalog, &mut *self.problems);
        MapReader { catalog, kind: None, end: false, problems }.read(expr)
    }

    fn choose(&mut self, written: &[tree::ChooseRow]) -> Option<MapExpr> {
        let (mut rows, mut otherwise, mut sound) = (Vec::new(), None, true);
        for row in written {
            if otherwise.is_some() {
                self.problems.push(problems::never_matches(row.value.span));
            }
            let condition = row.condition.as_ref().map(|condition| self.condition(condition));
            let value = self.read(&row.value).map(|value| value.item);
            match (condition, value) {
                (None, Some(value)) => otherwise = Some(value),
                (Some(Some(condition)), Some(value)) => rows.push((condition, value)),
                _ => sound = false,
            }
        }
        let otherwise = Box::new(otherwise.unwrap_or(MapExpr::Missing));
        sound.then_some(MapExpr::Choose { rows, otherwise })
    }

    /// A condition on the export's own texts.
    fn condition(&mut self, expr: &Spanned<Expr>) -> Option<MapCondition> {
        let not_if = |negated: bool, condition| {
            if negated { MapCondition::Not(Box::new(condition)) } else { condition }
        };
        match &expr.item {
            Expr::Parenthesised(inner) => self.condition(inner),
            Expr::Not(inner) => Some(not_if(true, self.condition(inner)?)),
            Expr::Binary { operator, left, right }
                if matches!(operator, BinaryOperator::And | BinaryOperator::Or) =>
            {
                let (one, two) = (self.condition(left), self.condition(right));
                let (one, two) = (Box::new(one?), Box::new(two?));
                Some(match operator {
                    BinaryOperator::And => MapCondition::And(one, two),
                    _ => MapCondition::Or(one, two),
                })
            }
            Expr::Is { left, negated, right } if right.item == Expr::Missing => {
                Some(not_if(*negated, MapCondition::IsMissing(self.plain(left)?)))
            }
            Expr::Is { left, negated, right } | Expr::In { left, negated, right } => {
                let members: Vec<&Spanned<Expr>> = match &right.item {
                    Expr::List(members) => members.iter().collect(),
                    Expr::Parenthesised(only) => vec![only],
                    _ => vec![right],
                };
                let value = self.plain(left);
                let texts = members.into_iter().map(|member| self.text(member));
                let texts = texts.collect::<Option<_>>()?;
                Some(not_if(*negated, MapCondition::In(value?, texts)))
            }
            _ => {
                let wanted = "a condition on a column, as in `` `Soort` is \"nacht\" ``,";
                let found = "one on no column";
                self.problems.push(problems::wrong_type(wanted, found, expr.span));
                None
            }
        }
    }

    /// A text with which a column's texts are compared.
    fn text(&mut self, expr: &Spanned<Expr>) -> Option<String> {
        match &expr.item {
            Expr::Text(text) | Expr::Number(text) => Some(text.clone()),
            _ => {
                let wanted = "a text in quotes, as the export has it,";
                self.problems.push(problems::wrong_expr(wanted, expr));
                None
            }
        }
    }
}
