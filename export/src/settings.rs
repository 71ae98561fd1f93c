//! [`Settings`]: what `--set KEY=VALUE` says, read into a format's own type.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_yaml::Value;

use crate::error::Error;
use crate::format::Info;

/// Settings of a format by name; each value is YAML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Settings as they were written.
    pub fn new(settings: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(settings.into_iter().collect())
    }

    /// Reads the settings into the type that the format has for them.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`]: a key is unknown, or a value does not fit.
    pub fn read<T: DeserializeOwned>(&self, info: &'static Info) -> Result<T, Error> {
        let refused = |reason: String, hint: String| Error::Setting { format: info.name, reason, hint };
        let mut map = serde_yaml::Mapping::new();
        for (key, text) in &self.0 {
            if !info.settings.iter().any(|setting| setting.key == key) {
                let keys: Vec<_> = info.settings.iter().map(|setting| format!("`{}`", setting.key)).collect();
                let hint = match keys.as_slice() {
                    [] => "it has no settings".into(),
                    keys => format!("it has {}", keys.join(", ")),
                };
                return Err(refused(format!("there is no setting `{key}`"), hint));
            }
            let value = match serde_yaml::from_str(text) {
                // Only braces make a mapping: `::` and `Botnet: today` are texts.
                Ok(Value::Mapping(_)) if !text.trim_start().starts_with('{') => Value::String(text.clone()),
                Ok(value) => value,
                Err(_) => Value::String(text.clone()),
            };
            map.insert(Value::String(key.clone()), value);
        }
        serde_yaml::from_value(Value::Mapping(map)).map_err(|error| {
            let about = info.settings.iter().map(|setting| format!("{}: {}", setting.key, setting.about));
            refused(error.to_string(), about.collect::<Vec<_>>().join("; "))
        })
    }
}
