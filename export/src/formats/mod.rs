//! The formats: one file each, and one line here.

use crate::error::Error;
use crate::format::Format;

/// Declares each format's module and lists it in [`FORMATS`].
macro_rules! exporters {
    ($($module:ident::$format:ident),+ $(,)?) => {
        $(mod $module;)+

        /// Every format, by group and then in alphabetical order.
        pub static FORMATS: &[&dyn Format] = &[$(&$module::$format),+];
    };
}

exporters! {
    adguard::AdGuard,
    bind::Bind,
    dnsmasq::Dnsmasq,
    hosts::Hosts,
    nftables::Nftables,
    nsd::Nsd,
    plain::Plain,
    rpz::Rpz,
    unbound::Unbound,
    sigma::Sigma,
    splunk::Splunk,
    sumologic::SumoLogic,
    sumologic_tasklist::SumoLogicTasklist,
    suricata::Suricata,
    suricata_json::SuricataJson,
    bambenek::Bambenek,
    misp::Misp,
    misp_feed::MispFeed,
    stix::Stix,
    deadlines::Deadlines,
    epp::Epp,
    registrar_csv::RegistrarCsv,
    registry_csv::RegistryCsv,
}

/// The format with this name.
///
/// # Errors
///
/// [`Error::Format`], with the one that was probably meant.
pub fn find(name: &str) -> Result<&'static dyn Format, Error> {
    FORMATS.iter().copied().find(|format| format.info().name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let names = FORMATS.iter().map(|format| format.info().name);
        let suggestion = names
            .map(|known| (strsim::jaro_winkler(&name.to_lowercase(), known), known))
            .filter(|(similarity, _)| *similarity > 0.75)
            .max_by(|(one, _), (another, _)| one.total_cmp(another))
            .map(|(_, known)| known);
        Error::Format { given: name.to_owned(), suggestion }
    })
}
