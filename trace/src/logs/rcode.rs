//! Response codes as logs spell them.

/// The number of a response code (IANA, "DNS RCODEs"), which logs write as its name, in some letter case.
pub(super) fn number(text: &str) -> Option<u16> {
    /// By number; the names are those that BIND, Unbound, dnsmasq and Suricata write.
    const NAMES: &[&str] = &[
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH",
        "NOTZONE",
    ];
    NAMES.iter().position(|name| name.eq_ignore_ascii_case(text)).map(|position| position as u16)
}
