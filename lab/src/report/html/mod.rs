//! The report for a browser: one page that carries everything it needs and asks the network for nothing.
//!
//! The page's content security policy names its scripts and styles by their digests, so nothing else can run in it.

mod figures;
mod page;
mod policy;

use askama::Template;

use self::page::Page;
use super::Subject;
use crate::outcome::Outcome;

/// The chart library and the script that draws with it, in the order in which they run.
const SCRIPTS: [&str; 2] =
    [include_str!("../../../assets/uplot/uPlot.iife.min.js"), include_str!("../../../assets/report.js")];
/// The chart library's style and the page's own.
const STYLES: [&str; 2] =
    [include_str!("../../../assets/uplot/uPlot.min.css"), include_str!("../../../assets/report.css")];

/// The report as one self-contained HTML page.
pub fn render(subject: &Subject, outcome: &Outcome) -> String {
    Page::new(subject, outcome)
        .render()
        .unwrap_or_else(|error| unreachable!("text can always be written into a string: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{sample, visible};

    fn page() -> String {
        let (subject, outcome) = sample::play();
        render(&subject, &outcome)
    }

    /// The page without its scripts and styles.
    fn body() -> String {
        SCRIPTS.iter().chain(&STYLES).fold(page(), |page, asset| {
            assert!(page.contains(asset));
            page.replace(asset, "")
        })
    }

    #[test]
    fn the_same_play_gives_the_same_page() {
        assert_eq!(page(), page());
    }

    #[test]
    fn hostile_text_stays_text() {
        let body = body();
        assert!(body.contains("&#60;script&#62;alert(1)&#60;/script&#62; \\u{1b}[2J \\u{202e}drow =cmd()"), "{body}");
        assert!(!body.contains("<script>alert") && !body.contains("<img src=x") && !body.contains("<b>bold"));
        assert!(!body.chars().any(|character| visible::is_steering(character) && character != '\n'));
    }

    #[test]
    fn the_page_asks_the_network_for_nothing() {
        let body = body();
        for asking in ["src=", "href=", "url(", "@import", "http://", "https://", "<link", "<iframe"] {
            // Names of the play may hold such text, but only in escaped form.
            let asked = body.replace("&#60;img src=", "").replace("\\u003cimg src=", "").contains(asking);
            assert!(!asked, "{asking} stands in the page");
        }
        assert!(body.contains("default-src &#39;none&#39;"));
        assert!(STYLES.iter().all(|style| !style.contains("url(") && !style.contains("@import")));
    }

    #[test]
    fn no_handler_or_style_stands_in_an_attribute() {
        let body = body();
        for attribute in [" onclick", " onload", " style=", "javascript:"] {
            assert!(!body.contains(attribute), "{attribute}");
        }
    }

    #[test]
    fn assets_cannot_end_their_element() {
        for asset in SCRIPTS.iter().chain(&STYLES) {
            let lower = asset.to_ascii_lowercase();
            assert!(!lower.contains("</script") && !lower.contains("</style") && !lower.contains("<!--"));
            assert!(!asset.contains('\r'), "a parser would change it, and its digest with it");
        }
    }

    #[test]
    fn an_empty_outcome_is_a_page_too() {
        let (subject, mut outcome) = sample::play();
        outcome.hours.clear();
        outcome.happenings.clear();
        outcome.layers.clear();
        outcome.verdicts.clear();
        outcome.sinkhole = crate::outcome::SinkholeTally::default();
        let page = render(&subject, &outcome);
        assert!(page.contains("Nobody acted.") && page.contains("Nothing reached the sinkhole."));
    }
}
