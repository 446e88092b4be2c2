//! Small tables of which it is known by hand what must be withheld.

use super::counts::Counts;

/// One figure a part, and one of their total; gives which are withheld.
fn line(parts: &[i64]) -> Vec<bool> {
    let mut counts = Counts::default();
    let mut unit = |value: i64, kind: u64| {
        let unit = counts.unit(kind * 1000 + u64::try_from(value).unwrap(), None);
        counts.count(value, Some(unit))
    };
    let placed: Vec<usize> = parts.iter().map(|part| unit(*part, 4)).collect();
    let total = unit(parts.iter().sum(), 16);
    assert!(counts.add_up(&placed, total));
    counts.protect(|count| (1..=4).contains(&count), 4);
    let all = placed.into_iter().chain([total]);
    all.map(|count| counts.is_hidden(counts.unit_of(count).unwrap())).collect()
}

#[test]
fn a_lone_small_count_hides_the_next_smallest() {
    assert_eq!(line(&[3, 20, 9]), [true, false, true, false]);
}

#[test]
fn two_small_counts_hide_each_other_when_together_they_are_more_than_small() {
    assert_eq!(line(&[3, 2, 9]), [true, true, false, false]);
    assert_eq!(line(&[1, 1, 9, 20]), [true, true, true, false, false]);
}

#[test]
fn a_line_of_one_hides_its_total() {
    assert_eq!(line(&[3]), [true, true]);
    assert_eq!(line(&[3, 0, 0]), [true, false, false, true]);
}

#[test]
fn what_is_no_small_count_is_shown() {
    assert_eq!(line(&[5, 0, 9]), [false; 4]);
}

/// Rows and columns with their totals; gives which cells are withheld.
fn grid(cells: &[&[i64]]) -> Vec<Vec<bool>> {
    let mut counts = Counts::default();
    let mut rows: Vec<Vec<i64>> = cells.iter().map(|row| row.to_vec()).collect();
    for row in &mut rows {
        row.push(row.iter().sum());
    }
    let width = rows[0].len();
    rows.push((0..width).map(|at| rows.iter().map(|row| row[at]).sum()).collect());
    let height = rows.len();
    let placed: Vec<Vec<usize>> = (0..height)
        .map(|row| {
            let of = |at: usize| {
                let totals = u64::from(row + 1 == height) + u64::from(at + 1 == width);
                let size = u64::try_from(rows[row][at]).unwrap();
                let unit = counts.unit(4000 * (1 + 3 * totals) + size, None);
                counts.count(rows[row][at], Some(unit))
            };
            (0..width).map(of).collect()
        })
        .collect();
    for row in &placed {
        let (total, parts) = row.split_last().unwrap();
        counts.add_up(parts, *total);
    }
    for at in 0..width {
        let column: Vec<usize> = placed.iter().map(|row| row[at]).collect();
        let (total, parts) = column.split_last().unwrap();
        counts.add_up(parts, *total);
    }
    counts.protect(|count| (1..=4).contains(&count), 4);
    let hidden = |count: &usize| counts.is_hidden(counts.unit_of(*count).unwrap());
    placed.iter().map(|row| row.iter().map(hidden).collect()).collect()
}

#[test]
fn a_small_cell_of_a_grid_hides_three_more_that_make_a_square_with_it() {
    let found = grid(&[&[2, 8, 30], &[9, 7, 30], &[30, 30, 30]]);
    assert_eq!(found[0], [true, true, false, false]);
    assert_eq!(found[1], [true, true, false, false]);
    assert_eq!(found[2], [false; 4]);
    assert_eq!(found[3], [false; 4]);
}

#[test]
fn a_cell_that_is_a_bridge_between_two_squares_is_not_left_to_be_computed() {
    // Withholding two in every row and column is not enough: with squares at (0, 0) and (2, 2)
    // alone beside it, the cell at (1, 1) … is the difference of rows and columns.
    let found = grid(&[
        &[2, 2, 30, 30, 30],
        &[2, 2, 30, 30, 30],
        &[30, 30, 3, 30, 30],
        &[30, 30, 30, 2, 2],
        &[30, 30, 30, 2, 2],
    ]);
    let own: Vec<usize> = (0..5).filter(|at| found[2][*at]).collect();
    assert!(own.len() >= 2, "{found:?}");
}

#[test]
fn who_is_in_one_count_and_not_in_the_other_is_not_computed() {
    let mut counts = Counts::default();
    let (all, women) = (counts.unit(4030, None), counts.unit(4028, None));
    let (outer, inner) = (counts.count(30, Some(all)), counts.count(28, Some(women)));
    counts.contain(inner, outer, 4);
    counts.protect(|count| (1..=4).contains(&count), 4);
    assert_eq!([counts.is_hidden(all), counts.is_hidden(women)], [false, true]);
}

#[test]
fn what_goes_with_a_withheld_figure_is_withheld_with_it() {
    let mut counts = Counts::default();
    let unknown = counts.unit(2000, None);
    let figure = counts.unit(4000, Some(unknown));
    counts.count(3, Some(figure));
    counts.count(9, Some(unknown));
    counts.protect(|count| (1..=4).contains(&count), 4);
    assert!(counts.is_hidden(unknown));
}
