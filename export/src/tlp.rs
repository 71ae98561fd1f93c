//! [`Tlp`]: with whom the receiver may share further (Traffic Light Protocol 2.0, FIRST 2022).

use serde::Deserialize;

use crate::format::Setting;

/// A mark of the Traffic Light Protocol 2.0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tlp {
    /// Everybody.
    Clear,
    /// The community, not in public: defenders shall have the names, and herders need not learn that they are computed.
    #[default]
    Green,
    /// The receiver's organisation and its clients.
    Amber,
    /// The receiver's organisation only.
    #[serde(rename = "amber+strict")]
    AmberStrict,
    /// The receiver only.
    Red,
}

impl Tlp {
    /// The setting.
    pub(crate) const SETTING: Setting = Setting {
        key: "tlp",
        default: "green",
        about: "with whom receivers may share further: clear, green, amber, amber+strict or red",
    };

    /// The mark in lower case, as MISP's taxonomy `tlp` and STIX have it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::AmberStrict => "amber+strict",
            Self::Red => "red",
        }
    }

    /// The colour of the tag in MISP's taxonomy `tlp`.
    pub(crate) fn colour(self) -> &'static str {
        match self {
            Self::Clear => "#ffffff",
            Self::Green => "#33ff00",
            Self::Amber | Self::AmberStrict => "#ffc000",
            Self::Red => "#ff2b2b",
        }
    }

    /// The marking definition that OASIS published for all of STIX 2.1 (cti-stix-common-objects, 2022-10-01).
    pub(crate) fn marking(self) -> &'static str {
        match self {
            Self::Clear => "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
            Self::Green => "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
            Self::Amber => "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
            Self::AmberStrict => "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
            Self::Red => "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
        }
    }
}
