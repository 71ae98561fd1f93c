//! Another configuration for a running sinkhole: other names, and other answers for them.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::Sinkhole;
use crate::config::Config;
use crate::names::Names;
use crate::notice::Notice;
use crate::store::{LabelId, Recorder};

/// How often it is looked whether the old table is still looked into.
const LOOK: Duration = Duration::from_millis(20);
/// So often it is looked at most: a minute. Whoever still has it then frees it.
const LOOKS: usize = 3_000;

/// What a running sinkhole took from another configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reloaded {
    /// How many names are held now.
    pub names: usize,
}

/// Why a running sinkhole does not take another configuration. It goes on with the one that it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReloadError {
    /// Events number families and presets with 16 bits, and a number stays as long as the process runs.
    #[error("more than 65,535 different families and presets since the sinkhole was started; restart it")]
    Texts,
}

impl Sinkhole {
    /// Holds the names of `config`, and no others, and answers as it says. That is one step: each question is answered
    /// either as before or as from now on, and none is lost. What [`Sinkhole::hold`] and [`Sinkhole::release`] changed is
    /// forgotten. The rest of the configuration stays as it was when the sinkhole was started; what is different there is
    /// told as [`Notice::NeedsRestart`].
    ///
    /// The names were put in order when `config` was made, so this takes no time to speak of.
    ///
    /// # Errors
    ///
    /// There are too many families and presets; nothing changes then.
    pub fn reload(&self, config: &Config) -> Result<Reloaded, ReloadError> {
        let (table, true) = table(config, &self.shared.recorder) else { return Err(ReloadError::Texts) };
        let reloaded = Reloaded { names: table.len() };
        let old = self.shared.names.publish(table);
        for key in others(&self.settings, config) {
            self.shared.notify.tell(Notice::NeedsRestart { key });
        }
        // To give back a gigabyte takes the system a tenth of a second, for which no question should wait.
        let freed = thread::Builder::new().name("old-names".to_owned()).spawn(move || free(old));
        // Without a thread it was freed here.
        drop(freed);
        Ok(reloaded)
    }
}

/// The table of a configuration's names, and whether each of their texts has a number.
pub(super) fn table(config: &Config, recorder: &Recorder) -> (Names, bool) {
    let mut whole = true;
    let zones = config.names.zones(&config.answer).into_iter().map(|zone| {
        let number = recorder.answers(&zone.answer);
        zone.recorded_as(number)
    });
    let table = Names::of(&config.names.collection, zones.collect(), |text| {
        let number = recorder.label(text);
        whole &= number != LabelId::NONE;
        number
    });
    (table, whole)
}

/// The sections that are different and cannot be changed while a sinkhole runs.
fn others(settings: &Config, config: &Config) -> Vec<&'static str> {
    let Config { listen, cookies, nsid, connections, rate_limit, mark, store, names: _, answer: _, watch: _ } = config;
    let sections = [
        ("listen", *listen != settings.listen),
        ("nsid", *nsid != settings.nsid),
        ("connections", *connections != settings.connections),
        ("cookies", *cookies != settings.cookies),
        ("rate_limit", *rate_limit != settings.rate_limit),
        ("mark", *mark != settings.mark),
        ("store", *store != settings.store),
    ];
    sections.into_iter().filter_map(|(key, different)| different.then_some(key)).collect()
}

/// Frees a table when nobody looks into it any more.
fn free(table: Arc<Names>) {
    for _ in 0..LOOKS {
        if Arc::strong_count(&table) == 1 {
            break;
        }
        thread::sleep(LOOK);
    }
    drop(table);
}
