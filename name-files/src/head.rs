//! [`Head`]: which tool wrote a file, from what.

use serde::{Deserialize, Serialize};

/// Which tool wrote a file, and with which arguments: a file's first lines or its metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// `hydrabane`.
    pub tool: String,
    /// The tool's version.
    pub version: String,
    /// The version of the catalogue of families.
    pub catalogue: String,
    /// The arguments that decide about the contents, with dates spelled out.
    pub arguments: String,
}

impl Head {
    /// The head of what this version of the tool makes of `arguments`.
    pub fn new(arguments: impl Into<String>) -> Self {
        Self {
            tool: "hydrabane".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            catalogue: dga::version(),
            arguments: arguments.into(),
        }
    }

    /// The head in one line, for comments: no line break within an argument ends it.
    pub fn line(&self) -> String {
        let Self { tool, version, catalogue, arguments } = self;
        let one_line = |text: &str| text.replace(char::is_control, " ");
        format!("{tool} {version}, catalogue {catalogue}, {}", one_line(arguments))
    }

    /// The head that [`line`](Self::line) wrote; nothing if it is another line.
    pub fn of_line(line: &str) -> Option<Self> {
        let (who, rest) = line.split_once(", catalogue ")?;
        let (tool, version) = who.split_once(' ')?;
        let (catalogue, arguments) = rest.split_once(", ")?;
        let word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
        let known = word(tool) && word(version) && word(catalogue);
        known.then(|| Self {
            tool: tool.into(),
            version: version.into(),
            catalogue: catalogue.into(),
            arguments: arguments.into(),
        })
    }
}
