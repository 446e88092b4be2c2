//! Where codes lie: one table where the day is the same for everybody, else one for each stretch
//! of days in which the tree stays as it is.

use chrono::NaiveDate;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::expr_fn::when;
use datafusion::logical_expr::lit;

use super::{Lowered, Lowering, date, fixed};
use crate::hierarchy::Lifted;
use crate::kernel::lifted::lifted;

impl Lowering<'_> {
    pub(super) fn lifted(&mut self, asked: &Lifted) -> Result<Lowered> {
        let tree = &asked.tree;
        let ((value, one), (at, two)) = (self.value(&asked.value)?, self.value(&asked.at)?);
        let needs = one.max(two);
        let table = |day: NaiveDate| {
            let pairs = tree.lifted(asked.level, day).into_iter();
            let number = self.ground.symbol;
            let numbers = pairs.map(|(code, above)| (number(code), number(above)));
            lifted(value.clone(), numbers.collect())
        };
        if let Some(day) = fixed(&at) {
            return Ok((table(day), needs));
        }
        let mut case = when(at.clone().is_null(), lit(ScalarValue::Int32(None)));
        let mut before = NaiveDate::MIN;
        for change in tree.changes() {
            case = case.when(at.clone().lt(date(change)), table(before));
            before = change;
        }
        Ok((case.otherwise(table(before))?, needs))
    }
}
