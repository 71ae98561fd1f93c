//! [`Organisation`]: who hands the names over, as sharing platforms name the author.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use crate::format::Setting;
use crate::stable_id::{NAMESPACE, stable_id};

/// The author. Platforms let only its author change an object, so everything that it shares has identifiers of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Organisation {
    #[serde(deserialize_with = "name")]
    organisation: String,
    organisation_id: Option<Uuid>,
}

impl Default for Organisation {
    /// Where nobody is named the tool is the author, and everybody's exports have the same identifiers.
    fn default() -> Self {
        Self { organisation: "Hydrabane".into(), organisation_id: None }
    }
}

impl Organisation {
    /// Its name.
    pub(crate) const NAME: Setting =
        Setting { key: "organisation", default: "Hydrabane", about: "who hands the names over" };

    /// Its identifier.
    pub(crate) const ID: Setting = Setting {
        key: "organisation-id",
        default: "from its name",
        about: "the UUID that the organisation has on the platform",
    };

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.organisation
    }

    /// Whether somebody was named.
    pub(crate) fn is_named(&self) -> bool {
        self.organisation != Self::default().organisation
    }

    /// Its identifier, the namespace of all that it shares.
    pub(crate) fn id(&self) -> Uuid {
        self.organisation_id.unwrap_or_else(|| stable_id(NAMESPACE, &["organisation", &self.organisation]))
    }
}

fn name<'de, D: Deserializer<'de>>(text: D) -> Result<String, D::Error> {
    let name = String::deserialize(text)?;
    if name.trim().is_empty() || name.contains(char::is_control) {
        return Err(D::Error::custom("the organisation's name is one line of text"));
    }
    Ok(name)
}
