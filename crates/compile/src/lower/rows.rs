//! A plan over selected rows: each subject's rows become rows of the plan.
//!
//! First the subject's columns, as ever. Then the rows that the selection leaves, each with its
//! fields and with what of its subject is still asked for; then columns that look at the row.

use std::collections::BTreeSet;

use datafusion::common::{Column, Result, UnnestOptions};
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, ident};

use super::{Ground, Lowering, ROWS, put};
use crate::catalog::lists;
use crate::kernel::taken::taken;
use crate::term::{PLACE, Physical, Selection};

/// The column of a field of the selected row.
pub(super) fn column(field: &str) -> String {
    format!("row.{field}")
}

/// The column of [`PLACE`] before the rows are rows of the plan.
const KEPT: &str = "kept";

impl<'a> Lowering<'a> {
    /// For a plan whose rows are selected rows.
    pub(crate) fn over_rows(
        ground: Ground<'a>,
        subject: &str,
        prefix: &str,
        rows: &Selection,
    ) -> Self {
        let mut lowering = Self::new(ground, subject, prefix);
        lowering.row_record = lists(&rows.record, rows.side.as_deref());
        lowering.row_fields = Some(std::iter::once((PLACE.to_owned(), Physical::Symbol)).collect());
        lowering.at_row = true;
        lowering
    }

    /// A field of the selected row.
    pub(crate) fn field(&mut self, field: &str, physical: Physical) -> Expr {
        self.row_field(0, field, physical).0
    }

    /// The stages on top of a plan of subjects, with `rows` as its rows in between. `asked` are
    /// the expressions that will stand on top.
    pub(crate) fn staged_rows(
        &mut self,
        plan: LogicalPlanBuilder,
        rows: &Selection,
        asked: &[Expr],
    ) -> Result<LogicalPlanBuilder> {
        self.at_row = false;
        let (kept, needs) = self.kept(rows)?;
        self.stages.entry(needs).or_default().push(kept.alias(KEPT));
        let fields = self.row_fields.clone().unwrap_or_default();
        let plan = self.staged(plan)?;
        let later = self.stages.range(ROWS..).flat_map(|(_, stage)| stage);
        let columns = later.chain(asked).flat_map(Expr::column_refs);
        let wanted: BTreeSet<&str> = columns.map(|column| column.name.as_str()).collect();
        let there = plan.schema().columns().into_iter();
        let there = there.filter(|column| wanted.contains(column.name.as_str())).map(Expr::Column);
        let lists = fields.keys().map(|field| {
            let list = if field == PLACE {
                ident(KEPT)
            } else {
                taken(ident(format!("{}.{field}", self.row_record)), ident(KEPT))
            };
            list.alias(column(field))
        });
        let plan = plan.project(there.chain(lists).collect::<Vec<_>>())?;
        let lists = fields.keys().map(|field| Column::from_name(column(field))).collect();
        let options = UnnestOptions::new().with_preserve_nulls(false);
        let plan = plan.unnest_columns_with_options(lists, options)?;
        put(self.stages.range(ROWS..), plan)
    }
}
