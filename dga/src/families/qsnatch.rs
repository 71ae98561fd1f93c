//! QSnatch (Derek): a shell script on QNAP storage devices that steals credentials and loads code; seen in 2019.
//!
//! # Names
//!
//! Beginnings of SHA-1 in Base64 over a count of intervals, the seed and the zone. Variant `a` has 2610 names: for six
//! intervals from 15 days down to an hour, labels of 5, 3 and 4 characters (one more under `com`, `net` and `org`)
//! under 145 zones. Variant `b` has 150 names for every 15 days (UTC).
//!
//! # Bots
//!
//! A bot walks through the list in order and stops at the first usable answer; in variant `a` it so begins with the
//! names that live longest. How often it starts over is not documented.
//!
//! # Pitfalls
//!
//! - One of the 145 zones of `a` is faulty: its names have two dots in a row and are no host names.
//! - Parts of the list of `a` change every hour, and a date alone means 00:00 UTC: for a whole day ask for a range. The
//!   public script uses local time.
//! - Labels of 3 to 5 characters can be real domains of others: look before taking or blocking a name.
//!
//! # Parameters
//!
//! - `variant`: `a` or `b`
//! - `seed`: text in the script, by default `IbjGOEgnuD`
//! - `intervals`: `a` only: lengths of time in seconds, by default 1296000, 432000, 86400, 28800, 7200, 3600

use super::prelude::*;
use crate::prim::base64;
use crate::prim::hash::sha1;
use crate::prim::text::Text;

/// Parameters of QSnatch.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Qsnatch {
    variant: Variant,
    seed: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    intervals: Option<Vec<u32>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    A,
    B,
}

impl Default for Qsnatch {
    fn default() -> Self {
        Self { variant: Variant::A, seed: "IbjGOEgnuD".into(), intervals: None }
    }
}

/// Fifteen days, the longest interval, in seconds.
const LONGEST: u32 = 1_296_000;

impl Qsnatch {
    fn intervals(&self) -> Vec<u32> {
        match (&self.intervals, self.variant) {
            (_, Variant::B) => vec![LONGEST],
            (Some(intervals), _) => intervals.clone(),
            (None, _) => vec![LONGEST, 432_000, 86_400, 28_800, 7_200, 3_600],
        }
    }
}

/// Zones of variant `a`, one of them with a dot too many.
const MANY: &str = "cf tk com ml de rocks mx biz net cn ga gq org top nl men ws se info xyz today ru ec co ee rs com.sv com.cy \
    co.zw kg com.ge tl name tw lv bs li ng ae bt tv pe uz me gy am kr by fr com.uy com.lb com.br vu hk in re ch af com.ps ug \
    dz pro co.th sg cd so mo co.id co.il com.do ke cx ro id pm hm vg az com.eg bz su com.ar gg com.lr pa com.ve al fm to mu \
    co.ck pk co.rs cw nr gd gl ac lk md fi sx lc es cc cm la co.za je cz jp ai pw bg nu ag bm eu com.my sc ax wf ly qa vn aq \
    mobi com.tr com.ua com.py hk.org south.am com.kh co.zm ru.net com.km tt kn co.ls co.fk uy.com com.gu .com.bn com.pf \
    com.fj";
/// Zones of variant `b`.
const FEW: &str = "cf tk ml ga gq com biz org de rocks mx cn top nl men ws se info xyz net today ru fi name to in com.ua vg \
    vn cd";

impl Algorithm for Qsnatch {
    const INFO: Info = Info {
        name: "qsnatch",
        aliases: &["Derek"],
        taxonomy: &[Taxonomy::TDD_H],
        active: (Some(2019), Some(2019)),
        variants: &["a", "b"],
        references: &[
            "https://bin.re/blog/the-dga-of-qsnatch/",
            "https://www.kyberturvallisuuskeskus.fi/en/news/qsnatch-malware-designed-qnap-nas-devices",
        ],
        illegal_names: true,
        ..Info::NEW
    };

    fn schedule(&self) -> Schedule {
        let every = |seconds: u32| Schedule::Every { seconds: i64::from(seconds).max(1), since: 0 };
        Schedule::Any(self.intervals().into_iter().map(every).collect())
    }

    fn bind(self, _: &WordLists) -> Result<impl Ready, Refusal> {
        if self.variant == Variant::B && self.intervals.is_some() {
            return Err(Refusal::value("intervals", "variant `b` has none"));
        }
        Refusal::unless_ascii("seed", &self.seed)?;
        let intervals = self.intervals();
        if intervals.is_empty() || intervals.contains(&0) {
            return Err(Refusal::value("intervals", "at least one is needed, and none may be 0"));
        }
        let zones: Vec<&str> = match self.variant {
            Variant::A => MANY,
            Variant::B => FEW,
        }
        .split_whitespace()
        .collect();
        Ok(Bound { variant: self.variant, seed: self.seed, intervals, suffixes: Suffixes::fixed(&zones), zones })
    }
}

struct Bound {
    variant: Variant,
    seed: String,
    intervals: Vec<u32>,
    zones: Vec<&'static str>,
    suffixes: Suffixes,
}

/// The longest label.
const CHARACTERS: usize = 10;

impl Bound {
    /// The characters from which labels of an interval and a zone are cut.
    fn label(&self, unix: i64, interval: u32, zone: &str) -> [u8; CHARACTERS] {
        let count = unix.div_euclid(interval.into());
        let mut text = Text::<24>::new();
        text.push_decimal(count.unsigned_abs());
        let hash = sha1(&[text.as_bytes(), self.seed.as_bytes(), zone.as_bytes(), b"\n"]);
        let encoded = base64::encode::<28>(&hash, base64::STANDARD);
        let mut label = [0; CHARACTERS];
        for (character, byte) in label.iter_mut().zip(encoded.as_bytes()) {
            *character = match byte {
                b'+' => b'b',
                b'/' => b'c',
                byte => byte.to_ascii_lowercase(),
            };
        }
        label
    }

    fn name(&self, label: &[u8; CHARACTERS], length: usize, zone: usize) -> Name {
        let mut name = Name::new();
        name.push_block(label, length);
        self.suffixes.append(zone, &mut name);
        name
    }
}

impl Ready for Bound {
    fn names(&self, at: DateTime<Utc>) -> impl Iterator<Item = Name> + Send + '_ {
        let unix = at.timestamp();
        self.intervals.iter().flat_map(move |interval| {
            let labels: Vec<_> = self.zones.iter().map(|zone| self.label(unix, *interval, zone)).collect();
            // The zone is the inner loop in variant `a` and the outer one in `b`.
            let (outer, inner) = match self.variant {
                Variant::A => (3, self.zones.len()),
                Variant::B => (self.zones.len(), 5),
            };
            (0..outer * inner).map(move |number| {
                let (outer, inner) = (number / inner, number % inner);
                match self.variant {
                    Variant::A => {
                        let longer = matches!(self.zones[inner], "com" | "net" | "org");
                        self.name(&labels[inner], [5, 3, 4][outer] + usize::from(longer), inner)
                    }
                    Variant::B => self.name(&labels[outer], 6 + inner, outer),
                }
            })
        })
    }
}
