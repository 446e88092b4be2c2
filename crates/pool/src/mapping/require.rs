//! What a mapped row must satisfy: an end not before its start, and the source's own conditions.

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::Date32Type;
use datafusion::common::{DFSchema, DataFusionError};
use datafusion::logical_expr::Expr;
use datafusion::prelude::SessionContext;
use interplay_compile::catalog::RecordTiming;

use super::{Mapper, Rejected};
use crate::error::PoolError;
use crate::problems;
use crate::source::raw::Raw;

impl Mapper<'_> {
    /// Rejects the rows that do not satisfy what is asked of them. Of a row that was rejected
    /// before nothing more is asked: its missing values would answer.
    pub(super) fn check_rows(
        &self,
        fields: &RecordBatch,
        raw: &Raw,
        rejected: &mut Rejected<'_>,
    ) -> Result<(), PoolError> {
        let sound: Vec<bool> = rejected.rows.iter().map(|bad| !bad).collect();
        let rows =
            || (0..raw.lines.len()).zip(&sound).filter_map(|(row, sound)| sound.then_some(row));
        for requirement in &self.source.require {
            let holds = evaluated(&requirement.condition, fields)
                .map_err(PoolError::bug("checking what a source requires"))?;
            let holds = holds.as_boolean();
            for row in rows() {
                if holds.is_valid(row) && !holds.value(row) {
                    rejected.add(row, "", requirement.message.clone(), None);
                }
            }
        }
        // A reason of the source's own says it better.
        let sound: Vec<bool> = rejected.rows.iter().map(|bad| !bad).collect();
        let rows =
            || (0..raw.lines.len()).zip(&sound).filter_map(|(row, sound)| sound.then_some(row));
        if let RecordTiming::During { start, end } = &self.record.timing
            && let Some((starts, ends)) =
                fields.column_by_name(start).zip(fields.column_by_name(end))
        {
            let starts = starts.as_primitive::<Date32Type>();
            let ends = ends.as_primitive::<Date32Type>();
            for row in rows() {
                if ends.is_valid(row) && ends.value(row) < starts.value(row) {
                    rejected.add(row, end, problems::ends_early(start, end), None);
                }
            }
        }
        Ok(())
    }
}

fn evaluated(
    condition: &Expr,
    fields: &RecordBatch,
) -> Result<datafusion::arrow::array::ArrayRef, DataFusionError> {
    let schema = DFSchema::try_from(fields.schema().as_ref().clone())?;
    let condition = SessionContext::new().create_physical_expr(condition.clone(), &schema)?;
    condition.evaluate(fields)?.into_array(fields.num_rows())
}
