//! The largest that a sum can be, when other sums are known: G. B. Dantzig's simplex method, in
//! two phases, with R. G. Bland's rule, so that it ends.

const NEAR: f64 = 1e-9;

/// Numbers of zero and more, of which sums are known.
pub(super) struct Program {
    /// A row for each known sum: what is left of it when the numbers that are not in `basis` are 0.
    rows: Vec<Vec<f64>>,
    basis: Vec<usize>,
    width: usize,
}

impl Program {
    /// Of `width` numbers; each known sum says how often each of them counts.
    pub(super) fn new(known: &[(Vec<f64>, f64)], width: usize) -> Self {
        let helpers = known.len();
        let rows: Vec<Vec<f64>> = known
            .iter()
            .enumerate()
            .map(|(at, (row, sum))| {
                let helper = (0..helpers).map(|other| f64::from(u8::from(other == at)));
                row.iter().copied().chain(helper).chain([*sum]).collect()
            })
            .collect();
        let mut program =
            Self { rows, basis: (width..width + helpers).collect(), width: width + helpers };
        // First the helpers are made as small as they can be, which is nothing.
        let goal: Vec<f64> =
            (0..program.width).map(|at| if at < width { 0.0 } else { -1.0 }).collect();
        program.raise(&goal, program.width);
        for at in 0..program.rows.len() {
            let row = &program.rows[at];
            let other = (0..width).find(|place| row[*place].abs() > NEAR);
            if let (true, Some(place)) = (program.basis[at] >= width, other) {
                program.pivot(at, place);
            }
        }
        let kept: Vec<usize> =
            (0..program.rows.len()).filter(|at| program.basis[*at] < width).collect();
        let cut = |row: &Vec<f64>| row.iter().take(width).chain(row.last()).copied().collect();
        program.rows = kept.iter().map(|at| cut(&program.rows[*at])).collect();
        program.basis = kept.iter().map(|at| program.basis[*at]).collect();
        program.width = width;
        program
    }

    /// The largest that a sum can be; none when there is no largest.
    pub(super) fn most(&self, of: &[f64]) -> Option<f64> {
        let mut program =
            Self { rows: self.rows.clone(), basis: self.basis.clone(), width: self.width };
        program.raise(of, self.width).then(|| {
            let values = program.rows.iter().zip(&program.basis);
            values.map(|(row, at)| row[program.width] * of[*at]).sum()
        })
    }

    /// Raises a sum as far as it goes; false when it goes on without end.
    fn raise(&mut self, of: &[f64], width: usize) -> bool {
        loop {
            let gain = |at: usize| {
                let rows = self.rows.iter().zip(&self.basis);
                of[at] - rows.map(|(row, basis)| of[*basis] * row[at]).sum::<f64>()
            };
            let Some(enters) = (0..width).find(|at| gain(*at) > 1e-7) else { return true };
            let limits = self.rows.iter().enumerate().filter(|(_, row)| row[enters] > NEAR);
            let limits = limits.map(|(at, row)| (row[width] / row[enters], self.basis[at], at));
            let leaves = limits.min_by(|one, two| {
                if (one.0 - two.0).abs() <= NEAR {
                    one.1.cmp(&two.1)
                } else {
                    one.0.total_cmp(&two.0)
                }
            });
            let Some((_, _, leaves)) = leaves else { return false };
            self.pivot(leaves, enters);
        }
    }

    fn pivot(&mut self, leaves: usize, enters: usize) {
        let scale = self.rows[leaves][enters];
        let own: Vec<f64> = self.rows[leaves].iter().map(|it| it / scale).collect();
        for (at, row) in self.rows.iter_mut().enumerate() {
            let times = row[enters];
            if at != leaves && times != 0.0 {
                row.iter_mut().zip(&own).for_each(|(it, own)| *it -= times * own);
            }
        }
        self.rows[leaves] = own;
        self.basis[leaves] = enters;
    }
}
