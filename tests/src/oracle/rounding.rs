//! semantics.md, "Figures": what `rounded:` makes of a value, in whole numbers throughout.

use interplay_syntax::tree::Rounding;

/// Rounds the decimal that stands for `value`; a share in percent.
pub(super) fn round(value: f64, rounding: &Rounding, is_share: bool) -> f64 {
    let decimals = rounding.decimals.as_ref().map_or(0, |it| it.item.parse().expect("a number"));
    let kept: usize = if is_share { decimals + 2 } else { decimals };
    // The value is `number` over ten to the power of `places`.
    let text = value.to_string();
    let places = text.split_once('.').map_or(0, |(_, rest)| rest.len());
    let number: i128 = text.replace('.', "").parse().expect("not too many digits");
    if places <= kept {
        return value;
    }
    let step = 10_i128.pow(u32::try_from(places - kept).expect("few digits"));
    let (low, rest) = (number.div_euclid(step), number.rem_euclid(step));
    let rounded = match rounding.how.item.as_str() {
        _ if rest == 0 => low,
        "down" => low,
        "up" => low + 1,
        "half up" => low + i128::from(2 * rest >= step),
        "half even" if 2 * rest == step => low + low.rem_euclid(2),
        "half even" => low + i128::from(2 * rest > step),
        other => panic!("the oracle does not know `rounded: {other}`"),
    };
    format!("{rounded}e-{kept}").parse().expect("a number")
}

#[cfg(test)]
mod tests {
    use super::round;
    use interplay_diagnostic::{Span, Spanned};
    use interplay_syntax::tree::Rounding;

    #[test]
    fn negative_halves_go_up_or_to_the_even() {
        let rounding = |how: &str| Rounding {
            how: Spanned::new(how.to_owned(), Span::default()),
            decimals: None,
        };
        assert!((round(-2.5, &rounding("half up"), false) + 2.0).abs() < 1e-12);
        assert!((round(-1.5, &rounding("half even"), false) + 2.0).abs() < 1e-12);
        assert!((round(-2.1, &rounding("down"), false) + 3.0).abs() < 1e-12);
    }
}
