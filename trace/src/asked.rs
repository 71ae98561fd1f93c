//! [`Asked`]: a name as people and logs write it, brought into the form in which generators make names.

use std::borrow::Cow;

/// The longest name in DNS, in characters of its usual form (RFC 1035, 3.1: 255 octets with the lengths and the root).
const LONGEST: usize = 253;

/// A name that somebody asks about, in lower case and without the root's dot. By default it is empty, and no generator's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked<'a>(Cow<'a, str>);

impl<'a> Asked<'a> {
    /// Reads a name: in any letter case, with or without a final dot; defanged (`evil[.]com`, `hxxp://evil(dot)com/path`), as
    /// part of an address on the web, or in another script (UTS 46). What cannot be a name is nothing.
    pub fn read(text: &'a str) -> Option<Self> {
        let text = text.trim_ascii();
        let name = text.strip_suffix('.').unwrap_or(text);
        // All characters at once: nearly always it is so.
        if name.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
            return is_of_a_names_length(name).then_some(Self(Cow::Borrowed(name)));
        }
        let undone = fanged(name.trim());
        let mut name = if undone.is_ascii() {
            undone.to_ascii_lowercase()
        } else {
            idna::domain_to_ascii_cow(undone.as_bytes(), idna::AsciiDenyList::EMPTY).ok()?.into_owned()
        };
        if name.ends_with('.') {
            name.pop();
        }
        let usable = is_of_a_names_length(&name) && !name.contains(char::is_whitespace);
        usable.then_some(Self(Cow::Owned(name)))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name and the names above it, the longest first: where each begins, and where its parent does. Single labels are
    /// left out.
    pub fn tails(&self) -> impl Iterator<Item = (usize, usize)> {
        let parents = memchr::memchr_iter(b'.', self.0.as_bytes()).map(|dot| dot + 1);
        let mut begin = 0;
        parents.map(move |parent| (std::mem::replace(&mut begin, parent), parent))
    }
}

/// Characters of which nearly all names consist, and which mean themselves.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_')
}

fn is_of_a_names_length(name: &str) -> bool {
    (1..=LONGEST).contains(&name.len())
}

/// How dots are written so that nobody follows a name by accident.
const DEFANGED_DOTS: &[&str] =
    &["[.]", "(.)", "{.}", "<.>", "[dot]", "(dot)", "{dot}", "<dot>", "[punkt]", "\\.", " dot ", "\u{3002}"];

/// A name as it was before it was defanged, without what surrounds it in an address on the web.
fn fanged(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if let Some((_, rest)) = split_once_of(&text, &["://", "[:]//", ":[//]", "[://]"]) {
        // What follows the host: a path, a question, a fragment, a port; what stands before it: a user.
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        let host = split_once_of(host, &["[:]", ":"]).map_or(host, |(host, _)| host);
        text = Cow::Owned(host.to_owned());
    }
    for dot in DEFANGED_DOTS {
        if let Some(replaced) = replace_ignoring_case(&text, dot) {
            text = Cow::Owned(replaced);
        }
    }
    text
}

fn split_once_of<'a>(text: &'a str, separators: &[&str]) -> Option<(&'a str, &'a str)> {
    separators.iter().find_map(|separator| text.split_once(separator))
}

/// `text` with `dot` replaced by `.`, if it contains it in any letter case.
fn replace_ignoring_case(text: &str, dot: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    lower.contains(dot).then(|| lower.replace(dot, "."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Asked::read(text).map(|asked| asked.as_str().to_owned())
    }

    #[test]
    fn what_people_write() {
        for (written, meant) in [
            ("evil.com", "evil.com"),
            ("EVIL.Com.", "evil.com"),
            (" evil.com\r", "evil.com"),
            ("evil[.]com", "evil.com"),
            ("www[.]evil(.)co{.}uk", "www.evil.co.uk"),
            ("evil[dot]com", "evil.com"),
            ("evil DOT com", "evil.com"),
            ("evil\\.com", "evil.com"),
            ("hxxp://evil[.]com/gate.php?id=1", "evil.com"),
            ("hxxps[:]//user@Evil[.]com:8080#x", "evil.com"),
            ("https://evil.com", "evil.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER。example。", "xn--bcher-kva.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            // A bot may ask for what is no host name.
            ("]`beg.bazaar", "]`beg.bazaar"),
            ("_dmarc.evil.com", "_dmarc.evil.com"),
        ] {
            assert_eq!(read(written).as_deref(), Some(meant), "{written}");
        }
        for nothing in ["", " ", ".", "two words.com", &"a".repeat(254)] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn names_above() {
        let tails = |text: &str| Asked::read(text).expect("a name").tails().collect::<Vec<_>>();
        assert_eq!(tails("a.b.evil.com"), [(0, 2), (2, 4), (4, 9)]);
        assert_eq!(tails("localhost"), []);
        assert_eq!(Asked::default().tails().count(), 0);
    }
}
