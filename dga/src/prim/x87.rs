//! The sine of the x87 floating-point unit, which reduces its argument with a pi of 66 bits and therefore differs from
//! the exact sine for large arguments.

/// Pi as the unit holds it, times 2^64: 66 significant bits.
const PI: u128 = 0x3_243F_6A88_85A3_08D3;

/// The sine of `x`, a non-negative integer below 2^63.
pub(crate) fn sine(x: f64) -> f64 {
    // Reduction modulo pi / 2, in units of 2^-65 so that pi / 2 is the integer PI.
    let scaled = (x as u128) << 65;
    let (quarter, rest) = (scaled / PI, scaled % PI);
    let theta = rest as f64 / (1_u128 << 65) as f64;
    match quarter % 4 {
        0 => theta.sin(),
        1 => theta.cos(),
        2 => -theta.sin(),
        _ => -theta.cos(),
    }
}

#[cfg(test)]
mod tests {
    use super::sine;

    #[test]
    fn a_large_argument() {
        assert!((sine(4e18) - 0.461_557_764_549).abs() < 1e-12);
        // The exact sine differs in the third digit.
        assert!((4e18_f64.sin() - 0.461_557_764_549).abs() > 1e-4);
    }

    #[test]
    fn small_arguments_are_exact() {
        for x in 0..1000 {
            assert!((sine(f64::from(x)) - f64::from(x).sin()).abs() < 1e-12, "{x}");
        }
    }
}
