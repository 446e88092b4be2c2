//! How a logical plan is made better before it is run.
//!
//! Of DataFusion's rules two have something to do: a plan here has no filter, join or limit. The
//! others find nothing, and looking for it takes longer than the query. One of them must not be there
//! at all: `simplify_expressions` takes `x in (a) and x in (b)` for false even where x is missing, as
//! a filter may, and here unknown must stay unknown.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::Transformed;
use datafusion::execution::SessionState;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::optimizer::common_subexpr_eliminate::CommonSubexprEliminate;
use datafusion::optimizer::optimize_projections::OptimizeProjections;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};
use datafusion::prelude::SessionConfig;

/// What a query of so many partitions is planned with.
#[must_use]
pub fn state(partitions: usize) -> SessionState {
    let mut config = SessionConfig::new().with_target_partitions(partitions);
    let options = config.options_mut();
    // Grouping sets over conditions that are never null differ in nullability only.
    options.execution.skip_physical_aggregate_schema_check = true;
    // The one rule goes on by itself for as long as it helps.
    options.optimizer.max_passes = 1;
    SessionStateBuilder::new_with_default_features()
        .with_config(config)
        .with_optimizer_rules(vec![Arc::new(OnceAndNeeded::default())])
        .build()
}

/// What is said twice is computed once, and what nothing needs is not computed.
///
/// The two rules as one, so that the plan is held to be sound when both are done rather than after
/// each step of each: that costs more than the rules.
#[derive(Debug, Default)]
struct OnceAndNeeded {
    once: CommonSubexprEliminate,
    needed: OptimizeProjections,
}

/// The rules are tried again on what they made, at most so often.
const MOST_PASSES: usize = 3;

impl OptimizerRule for OnceAndNeeded {
    fn name(&self) -> &'static str {
        "once_and_needed"
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let mut plan = Transformed::no(plan);
        for _ in 0..MOST_PASSES {
            let once = self.once.rewrite(plan.data, config)?;
            let needed = self.needed.rewrite(once.data, config)?;
            let changed = once.transformed || needed.transformed;
            plan = Transformed::new_transformed(needed.data, plan.transformed || changed);
            if !changed {
                break;
            }
        }
        Ok(plan)
    }
}
