//! Conficker (Downadup, Kido): the Windows worm of 2008; variants A and B still ask for names today.
//!
//! # Names
//!
//! 250 names a day (UTC) in the order in which they are made. Labels have 5 to 11 letters; the zones are `com`, `net`,
//! `org`, `info`, `biz` in variant `a`, and `cc`, `cn`, `ws` besides in variant `b`.
//!
//! Defined for every date from 1601-01-01 on; seen since 2008-11-26 (`a`) and 2009-01-01 (`b`).
//!
//! # Bots
//!
//! A bot takes the date from well-known web sites, not from its own clock, and asks for all 250 names: variant `a`
//! about every three hours, variant `b` about every two. It checks the signature of the file that it loads.
//!
//! # Pitfalls
//!
//! - Lists that were made with an ordinary sine are wrong on some days: in 2020 on eight days of `a` and four of `b`.
//! - Reports and ports whose labels have 8 to 11 letters describe a wrong port.
//! - Short names can be real domains of others, as happened in March 2009: look before taking or blocking a name.
//! - Variant C (D in Microsoft's naming) is not specified: the constants in circulation give none of its observed
//!   names.
//!
//! # Parameters
//!
//! - `variant`: `a` or `b`

use super::prelude::*;
use crate::prim::x87;

/// Parameters of Conficker.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Conficker {
    variant: Variant,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    A,
    B,
}

impl Algorithm for Conficker {
    const INFO: Info = Info {
        name: "conficker",
        aliases: &["Downadup", "Downup", "Kido"],
        taxonomy: &[Taxonomy::TDD_A],
        active: (Some(2008), None),
        variants: &["a", "b"],
        references: &[
            "https://www.csl.sri.com/users/vinod/papers/Conficker/",
            "https://www.usenix.org/legacy/event/leet09/tech/full_papers/porras/porras_html/",
            "https://net.cs.uni-bonn.de/wg/cs/applications/containing-conficker/",
            "http://www.theregister.co.uk/2009/03/02/conficker_collateral_damage/",
        ],
        dates: (1601, 2100),
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        Schedule::DAY
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        let (constants, zones): (_, &[&str]) = match self.variant {
            Variant::A => (
                Constants { day: 0x4_63DA_5676, add: 0xB46A_7637, factor: 0x6423_6735, c: 0.737_565_675 },
                &["com", "net", "org", "info", "biz"],
            ),
            Variant::B => (
                Constants { day: 0x3_52C9_4565, add: 0xA359_6526, factor: 0x5312_5624, c: 0.626_454_564 },
                &["cc", "cn", "ws", "com", "net", "org", "info", "biz"],
            ),
        };
        Ok(Bound { constants, variant: self.variant, suffixes: Suffixes::new("variant", zones, LONGEST)? })
    }
}

/// Names in a list.
const COUNT: usize = 250;
/// The longest label.
const LONGEST: usize = 11;
/// How many lists are made side by side: a list is one long chain of floating-point operations, each of which waits for
/// the one before.
const LANES: usize = 8;
/// Numbers drawn in one go for each of them.
const DRAWS: usize = 32;

#[derive(Clone, Copy)]
struct Constants {
    day: u64,
    add: u64,
    factor: u64,
    c: f64,
}

impl Constants {
    /// The generator's state at the beginning of the day of `at`.
    fn start(&self, at: DateTime<Utc>) -> u64 {
        // 134 774 days lie between 1601-01-01, where Windows counts from, and 1970-01-01.
        let days = at.timestamp().div_euclid(86_400) + 134_774;
        let time = (days as u64).wrapping_mul(864_000_000_000);
        time.wrapping_mul(self.day) / 6_048_000_000_000 + self.add
    }

    /// Steps the generator and gives the random number.
    #[inline]
    fn draw(&self, state: &mut u64) -> i32 {
        // The state is an integer below 2^35 or the bits of a positive double: never above 2^63.
        let x = *state as i64 as f64;
        let product = state.wrapping_mul(self.factor);
        // As unsigned 64-bit integer, without a branch: both halves are exact, and only the sum is rounded.
        let p = (product >> 32) as i64 as f64 * 4_294_967_296.0 + (product & 0xFFFF_FFFF) as i64 as f64;
        // Sine, constant and logarithm vanish in rounding beside numbers as large as these.
        let y = if p >= 18_014_398_509_481_984.0 && x >= 2.0 { (p * x) * x } else { self.in_full(x, p) };
        *state = y.to_bits();
        *state as i32
    }

    #[cold]
    #[inline(never)]
    fn in_full(&self, x: f64, p: f64) -> f64 {
        ((p + x87::sine(x)) * x + self.c) * x + x.ln()
    }
}

struct Bound {
    constants: Constants,
    variant: Variant,
    suffixes: Suffixes,
}

impl Bound {
    #[inline]
    fn suffix(&self, draw: i32) -> usize {
        match self.variant {
            Variant::A => (draw as u32 % 5) as usize,
            Variant::B => (draw & 7) as usize,
        }
    }
}

fn label_length(draw: i32) -> usize {
    (8 + draw % 4) as usize
}

fn letter(draw: i32) -> u8 {
    b'a' + (draw.unsigned_abs() % 26) as u8
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let mut state = self.constants.start(at);
        (0..COUNT).map(move |_| {
            let mut name = Name::new();
            for _ in 0..label_length(self.constants.draw(&mut state)) {
                name.push(letter(self.constants.draw(&mut state)));
            }
            let suffix = self.suffix(self.constants.draw(&mut state));
            self.suffixes.append(suffix, &mut name);
            name
        })
    }

    fn lists(&self, at: &[DateTime<Utc>], limit: usize, out: &mut [Vec<Name>]) {
        let limit = limit.min(COUNT);
        for (at, out) in at.chunks(LANES).zip(out.chunks_mut(LANES)) {
            let mut states = [1; LANES];
            let mut readers = [const { Reader::new() }; LANES];
            for ((state, at), out) in states.iter_mut().zip(at).zip(&mut *out) {
                *state = self.constants.start(*at);
                out.reserve(limit);
            }
            let mut missing = at.len() * limit;
            while missing > 0 {
                let mut draws = [[0; DRAWS]; LANES];
                for draw in 0..DRAWS {
                    for (state, lane) in states.iter_mut().zip(&mut draws) {
                        lane[draw] = self.constants.draw(state);
                    }
                }
                for (((reader, draws), out), _) in readers.iter_mut().zip(&draws).zip(&mut *out).zip(at) {
                    missing -= reader.read(self, draws, limit, out);
                }
            }
        }
    }
}

/// Turns drawn numbers into one list's names.
struct Reader {
    made: usize,
    name: Name,
    /// How long the label will be; 0 before that is drawn.
    length: usize,
}

impl Reader {
    const fn new() -> Self {
        Self { made: 0, name: Name::new(), length: 0 }
    }

    /// Reads `draws` and appends the names that they complete; returns how many.
    fn read(&mut self, bound: &Bound, draws: &[i32; DRAWS], limit: usize, out: &mut Vec<Name>) -> usize {
        let before = self.made;
        let mut draws = draws.iter();
        while self.made < limit {
            if self.length == 0 {
                let Some(draw) = draws.next() else { break };
                self.length = label_length(*draw);
            }
            for draw in draws.by_ref().take(self.length - self.name.len()) {
                self.name.push(letter(*draw));
            }
            let Some(draw) = draws.next() else { break };
            bound.suffixes.append(bound.suffix(*draw), &mut self.name);
            out.push(self.name);
            self.name.truncate(0);
            self.length = 0;
            self.made += 1;
        }
        self.made - before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_as_published() {
        let at: DateTime<Utc> = "2009-03-13T00:00:00Z".parse().expect("a date");
        let a = Constants { day: 0x4_63DA_5676, add: 0xB46A_7637, factor: 0x6423_6735, c: 0.737_565_675 };
        let mut state = a.start(at);
        assert_eq!(state, 0xB470_BF7A);
        for expected in [0x47C1_8866_F258_A3B5, 0x4BA7_8563_3ED1_4F8C, 0x4B78_64A7_D761_0B12] {
            a.draw(&mut state);
            assert_eq!(state, expected);
        }
    }

    #[test]
    fn side_by_side_as_alone() {
        let bound = Conficker { variant: Variant::B }.bind(&WordLists::none()).expect("no parameters");
        let days: Vec<DateTime<Utc>> =
            (0..LANES as i64 * 2 + 3).filter_map(|day| DateTime::from_timestamp(day * 86_400, 0)).collect();
        for limit in [0, 1, 37, usize::MAX] {
            let mut lists = vec![Vec::new(); days.len()];
            bound.lists(&days, limit, &mut lists);
            for (day, list) in days.iter().zip(&lists) {
                assert_eq!(*list, bound.names(*day).take(limit).collect::<Vec<_>>());
            }
        }
    }
}
