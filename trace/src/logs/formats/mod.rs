//! The formats: one file each, and one line here.

use super::format::Format;

/// Declares each format's module and lists it in [`FORMATS`].
macro_rules! formats {
    ($($module:ident::$format:ident),+ $(,)?) => {
        $(mod $module;)+

        /// Every format. What has a signature or a form of its own comes first, what is nearly anything last: the first
        /// that takes a stream for its own has it.
        pub static FORMATS: &[&dyn Format] = &[$(&$module::$format),+];
    };
}

formats! {
    dnstap::Dnstap,
    pcapng::Pcapng,
    pcap::Pcap,
    zeek::Zeek,
    suricata::Suricata,
    bind::Bind,
    unbound::Unbound,
    dnsmasq::Dnsmasq,
    jsonl::Jsonl,
    csv::Csv,
    lines::Lines,
}

/// The format with this name, in any letter case.
pub fn find(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.info().name.eq_ignore_ascii_case(name))
}

/// What an empty stream is read as.
pub(super) fn fallback() -> &'static dyn Format {
    &lines::Lines
}

/// Whether this is the format of plain lists.
pub(super) fn is_list(format: &dyn Format) -> bool {
    std::ptr::eq(format.info(), lines::Lines.info())
}

/// What text is read as that no format takes for its own, but whose column of names is known.
pub(super) fn table(lines: &[u8]) -> Option<&'static dyn Format> {
    csv::is_table(lines).then_some(&csv::Csv as &'static dyn Format)
}
