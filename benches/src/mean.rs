//! The mean of ratios.

/// The geometric mean; nothing of nothing.
pub(crate) fn geometric(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.into_iter().fold((0.0, 0_u32), |(sum, count), value| (sum + value.ln(), count + 1));
    (count > 0).then(|| (sum / f64::from(count)).exp())
}

#[cfg(test)]
mod tests {
    use super::geometric;

    #[test]
    fn of_few() {
        assert!(geometric([]).is_none());
        let mean = geometric([2.0, 8.0]).expect("there are some");
        assert!((mean - 4.0).abs() < 1e-9, "{mean}");
    }
}
