//! Requests in the Extensible Provisioning Protocol: the documents of RFC 5730 and RFC 5731.

use std::fmt::{self, Write};

use serde::Deserialize;

/// What is asked of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Command {
    /// Which names are free.
    Check,
    /// Register a name.
    Create,
    /// Take a name out of the zone, and lock it.
    UpdateHold,
    /// Give a name the sinkhole's name servers, and lock it.
    UpdateSinkhole,
}

impl Command {
    /// What to know before such requests are sent.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Check => "A check changes nothing and costs nothing; some registries count them.",
            Self::Create => {
                "Each create registers a name and costs money. The password is empty, as RFC 9154 has it: it is set \
                 only for a transfer."
            }
            Self::UpdateHold => {
                "Each update takes a name out of the zone and locks it; ask an info of the name first and keep the \
                 answer, so that all can be undone."
            }
            Self::UpdateSinkhole => {
                "Each update gives a name other name servers and locks it; ask an info of the name first and keep the \
                 answer, so that all can be undone. Servers that stay must be taken away too (remove-ns), or part of \
                 the bots goes on to the old ones."
            }
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Check => "check",
            Self::Create => "create",
            Self::UpdateHold => "hold",
            Self::UpdateSinkhole => "sinkhole",
        })
    }
}

/// Who sends an update, which decides about the statuses that it can set (RFC 5731, section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    /// The name's registrar: `clientHold` and so on.
    Registrar,
    /// The registry itself: `serverHold` and so on.
    Registry,
}

impl Side {
    fn prefix(self) -> &'static str {
        match self {
            Self::Registrar => "client",
            Self::Registry => "server",
        }
    }
}

/// A contact's handle at the registry: 3 to 16 characters (RFC 5730, `clIDType`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Handle(String);

impl TryFrom<String> for Handle {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let legal = text.chars().all(|letter| letter.is_ascii_graphic());
        if legal && (3..=16).contains(&text.len()) {
            Ok(Self(text))
        } else {
            Err(format!("`{}` is no handle of 3 to 16 characters without blanks", text.escape_debug()))
        }
    }
}

/// One request.
pub(crate) struct Request<'a> {
    /// What is asked.
    pub(crate) command: Command,
    /// Who asks.
    pub(crate) by: Side,
    /// The names; one, except in a check.
    pub(crate) names: &'a [String],
    /// For how many years.
    pub(crate) years: u8,
    /// Name servers to add.
    pub(crate) add: &'a [String],
    /// Name servers to take away.
    pub(crate) remove: &'a [String],
    /// Whose contact.
    pub(crate) contact: Option<&'a Handle>,
    /// The transaction's identifier.
    pub(crate) identifier: &'a str,
}

/// The request's document, with a comment that says where its names come from.
pub(crate) fn document(head: &str, request: &Request<'_>) -> String {
    let mut xml = Xml::default();
    // A comment cannot hold two hyphens in a row.
    let head = head.replace("--", "- -").replace("--", "- -");
    let _ = writeln!(xml.0, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<!-- {head} -->");
    xml.element("epp xmlns=\"urn:ietf:params:xml:ns:epp-1.0\"", |xml| {
        xml.element("command", |xml| {
            match request.command {
                Command::Check => check(xml, request),
                Command::Create => create(xml, request),
                Command::UpdateHold | Command::UpdateSinkhole => update(xml, request),
            }
            xml.text("clTRID", request.identifier);
        });
    });
    xml.0
}

/// The namespace of RFC 5731's elements.
const DOMAIN: &str = "xmlns:domain=\"urn:ietf:params:xml:ns:domain-1.0\"";

fn check(xml: &mut Xml, request: &Request<'_>) {
    xml.element("check", |xml| {
        xml.element(&format!("domain:check {DOMAIN}"), |xml| {
            for name in request.names {
                xml.text("domain:name", name);
            }
        });
    });
}

fn create(xml: &mut Xml, request: &Request<'_>) {
    xml.element("create", |xml| {
        xml.element(&format!("domain:create {DOMAIN}"), |xml| {
            xml.names(request.names);
            xml.text("domain:period unit=\"y\"", &request.years.to_string());
            xml.servers(request.add);
            if let Some(Handle(handle)) = request.contact {
                xml.text("domain:registrant", handle);
                for kind in ["admin", "tech"] {
                    xml.text(&format!("domain:contact type=\"{kind}\""), handle);
                }
            }
            xml.element("domain:authInfo", |xml| xml.empty("domain:pw"));
        });
    });
}

/// One request for all changes: a registry carries it out as a whole, so that the locks do not stand in their way.
fn update(xml: &mut Xml, request: &Request<'_>) {
    let prefix = request.by.prefix();
    let hold = (request.command == Command::UpdateHold).then_some("Hold");
    let sinkhole = request.command == Command::UpdateSinkhole;
    xml.element("update", |xml| {
        xml.element(&format!("domain:update {DOMAIN}"), |xml| {
            xml.names(request.names);
            xml.element("domain:add", |xml| {
                if sinkhole {
                    xml.servers(request.add);
                }
                let locks = ["DeleteProhibited", "TransferProhibited", "UpdateProhibited"];
                for status in hold.into_iter().chain(locks) {
                    xml.empty(&format!("domain:status s=\"{prefix}{status}\""));
                }
            });
            if sinkhole && !request.remove.is_empty() {
                xml.element("domain:rem", |xml| xml.servers(request.remove));
            }
        });
    });
}

/// A document in the making: elements with their depth.
#[derive(Default)]
struct Xml(String, usize);

impl Xml {
    /// An element with others in it; `tag` may have attributes.
    fn element(&mut self, tag: &str, inside: impl FnOnce(&mut Self)) {
        self.line(&format!("<{tag}>"));
        self.1 += 1;
        inside(self);
        self.1 -= 1;
        self.line(&format!("</{}>", name_of(tag)));
    }

    /// An element with a text in it.
    fn text(&mut self, tag: &str, text: &str) {
        let text = escaped(text);
        self.line(&format!("<{tag}>{text}</{}>", name_of(tag)));
    }

    /// An element with nothing in it.
    fn empty(&mut self, tag: &str) {
        self.line(&format!("<{tag}/>"));
    }

    fn names(&mut self, names: &[String]) {
        for name in names {
            self.text("domain:name", name);
        }
    }

    fn servers(&mut self, servers: &[String]) {
        if !servers.is_empty() {
            self.element("domain:ns", |xml| {
                for server in servers {
                    xml.text("domain:hostObj", server);
                }
            });
        }
    }

    fn line(&mut self, line: &str) {
        let depth = self.1 * 2;
        let _ = writeln!(self.0, "{:depth$}{line}", "");
    }
}

fn name_of(tag: &str) -> &str {
    tag.split_once(' ').map_or(tag, |(name, _)| name)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_comments_are_escaped() {
        let handle = Handle::try_from("a&b<c>".to_owned()).expect("a handle");
        let request = Request {
            command: Command::Create,
            by: Side::Registrar,
            names: &["a.test".to_owned()],
            years: 1,
            add: &[],
            remove: &[],
            contact: Some(&handle),
            identifier: "x-1",
        };
        let document = document("export --all ---> <b>", &request);
        assert!(document.contains("<!-- export - -all - - -> <b> -->"), "{document}");
        assert!(document.contains("<domain:registrant>a&amp;b&lt;c&gt;</domain:registrant>"), "{document}");
        for wrong in ["", "ab", "a b c", "12345678901234567"] {
            assert!(Handle::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
