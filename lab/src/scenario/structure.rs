//! Whether a file has the structure that the schema describes: every unknown key, missing key and value of the wrong
//! type is found in one walk.
//!
//! A word that is clearly a slip of the pen is reported and then read as it was meant, and an unknown key is reported
//! and left out, so that the meaning of everything else can still be looked at.

use serde_json::Value as Schema;
use serde_yaml::Value;

use super::marks::{Key, Kind, Node};
use super::nearest::{nearest, suggestion};
use super::place::caret;
use super::problem::Problem;

/// Checks `root` against `schema`. Whether the meaning can be made of what is left of the tree.
pub(super) fn check(root: &mut Node, schema: &Schema, problems: &mut Vec<Problem>) -> bool {
    Walk { definitions: &schema["$defs"], problems }.value(
        root,
        &At { key: None, name: "the scenario", about: None },
        schema,
    )
}

/// What a plain scalar stands for.
pub(super) fn scalar(text: &str, plain: bool) -> Value {
    if !plain {
        return Value::String(text.to_owned());
    }
    match serde_yaml::from_str(text) {
        Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => value,
        _ => Value::String(text.to_owned()),
    }
}

/// Where the walk is: the key above the value, what to call the value, and what is said about the list it stands in.
#[derive(Clone, Copy)]
struct At<'a> {
    key: Option<&'a Key>,
    name: &'a str,
    about: Option<&'a str>,
}

struct Walk<'s, 'p> {
    definitions: &'s Schema,
    problems: &'p mut Vec<Problem>,
}

impl<'s> Walk<'s, '_> {
    fn value(&mut self, node: &mut Node, at: &At<'_>, schema: &'s Schema) -> bool {
        let described = description(schema);
        let schema = self.resolved(schema);
        let described = described.or_else(|| description(schema)).or_else(|| at.about.map(str::to_owned));
        if let Some(choices) = schema.get("anyOf").and_then(Schema::as_array) {
            // An optional value: the other choice is `null`.
            let some = choices.iter().find(|choice| choice["type"] != "null");
            return is_nothing(node) || some.is_none_or(|some| self.value(node, at, some));
        }
        if let Some(words) = words(schema) {
            return self.word(node, at, &words);
        }
        if let Some(kinds) = kinds(schema) {
            return self.kind(node, at, &kinds);
        }
        let (expected, optional) = match &schema["type"] {
            Schema::String(name) => (name.as_str(), false),
            Schema::Array(names) => {
                (names.iter().filter_map(Schema::as_str).find(|name| *name != "null").unwrap_or(""), true)
            }
            _ => return true,
        };
        if optional && is_nothing(node) {
            return true;
        }
        match (expected, &mut node.kind) {
            ("object", Kind::Mapping(_)) => self.mapping(node, at, schema),
            ("array", Kind::Sequence(_)) => self.list(node, at, schema, described),
            // Instants, lengths of time and the like have a form of their own, which the meaning looks at.
            ("string", Kind::Scalar { plain, .. }) if schema.get("pattern").is_some() => {
                *plain = false;
                true
            }
            (_, Kind::Scalar { text, plain }) if fits(expected, &scalar(text, *plain), schema) => true,
            _ => self.wrong_type(node, at, schema, expected, described),
        }
    }

    fn mapping(&mut self, node: &mut Node, at: &At<'_>, schema: &'s Schema) -> bool {
        let here = caret(node, at.key);
        let Kind::Mapping(entries) = &mut node.kind else { return true };
        let Some(properties) = schema.get("properties").and_then(Schema::as_object) else {
            let any = &schema["additionalProperties"];
            let mut sound = true;
            for (key, value) in entries {
                sound &= self.value(value, &At { key: Some(key), name: &format!("`{}`", key.text), about: None }, any);
            }
            return sound;
        };
        let mut left: Vec<&str> = properties
            .keys()
            .map(String::as_str)
            .filter(|known| !entries.iter().any(|(key, _)| key.text == **known))
            .collect();
        entries.retain_mut(|(key, _)| {
            if properties.contains_key(&key.text) {
                return true;
            }
            let problem = Problem::at(key.span.clone(), format!("unknown key `{}` in {}", key.text, at.name));
            let meant = nearest(&key.text, left.iter().copied());
            let known = properties.keys().map(String::as_str);
            self.problems.push(match meant {
                Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
                None => problem.hint(suggestion(&key.text, known, "keys that may stand here")),
            });
            if let Some(meant) = meant {
                left.retain(|word| *word != meant);
                meant.clone_into(&mut key.text);
            }
            meant.is_some()
        });
        let mut sound = true;
        for (key, value) in entries.iter_mut() {
            sound &= self.value(
                value,
                &At { key: Some(key), name: &format!("`{}`", key.text), about: None },
                &properties[&key.text],
            );
        }
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Schema::as_str) {
            if left.contains(&required) {
                let problem = Problem::at(here.clone(), format!("{} lacks the key `{required}`", at.name));
                let about = description(&properties[required])
                    .or_else(|| description(self.resolved(&properties[required])))
                    .map(|text| format!("`{required}`: {}", lower_first(&text)));
                self.problems.push(match about {
                    Some(about) => problem.hint(about),
                    None => problem,
                });
                sound = false;
            }
        }
        sound
    }

    fn list(&mut self, node: &mut Node, at: &At<'_>, schema: &'s Schema, described: Option<String>) -> bool {
        let here = caret(node, at.key);
        let Kind::Sequence(items) = &mut node.kind else { return true };
        let count = items.len() as u64;
        let (least, most) = (schema["minItems"].as_u64(), schema["maxItems"].as_u64());
        if least.is_some_and(|least| count < least) || most.is_some_and(|most| count > most) {
            let expected = least.or(most).unwrap_or_default();
            let problem = Problem::at(here, format!("{} must have {expected} items, not {count}", at.name));
            self.problems.push(with_hint(problem, described));
            return false;
        }
        let name = format!("an item of {}", at.name);
        let mut sound = true;
        for item in items {
            sound &= self.value(item, &At { key: None, name: &name, about: described.as_deref() }, &schema["items"]);
        }
        sound
    }

    /// One of several words.
    fn word(&mut self, node: &mut Node, at: &At<'_>, words: &[(&'s str, Option<String>)]) -> bool {
        let here = caret(node, at.key);
        let known = words.iter().map(|(word, _)| *word);
        let Kind::Scalar { text, .. } = &mut node.kind else {
            let found = found(node);
            let problem = Problem::at(here, format!("{} must be one word, not {found}", at.name));
            self.problems.push(problem.hint(one_of(known)));
            return false;
        };
        if known.clone().any(|word| word == text.as_str()) {
            return true;
        }
        let meant = nearest(text, known.clone());
        let hint = match meant {
            Some(meant) => format!("did you mean `{meant}`? {}", one_of(known)),
            None => one_of(known),
        };
        let what = if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") };
        self.problems.push(Problem::at(here, format!("{} cannot be {what}", at.name)).hint(hint));
        if let Some(meant) = meant {
            meant.clone_into(text);
        }
        meant.is_some()
    }

    /// A mapping with one key that says of which kind its value is.
    fn kind(&mut self, node: &mut Node, at: &At<'_>, kinds: &[(&'s str, &'s Schema)]) -> bool {
        let here = caret(node, at.key);
        let known = kinds.iter().map(|(kind, _)| *kind);
        let entries = match &mut node.kind {
            Kind::Mapping(entries) if entries.len() == 1 => entries,
            Kind::Mapping(entries) => {
                let problem = match entries.get(1) {
                    Some((second, _)) => {
                        Problem::at(second.span.clone(), format!("{} must have one key, and this is one more", at.name))
                            .hint("begin a new entry of the list for it, or look at its indentation")
                    }
                    None => Problem::at(here, format!("{} is empty", at.name)).hint(one_of(known)),
                };
                self.problems.push(problem);
                return false;
            }
            Kind::Scalar { .. } | Kind::Sequence(_) => {
                let found = found(node);
                let problem = Problem::at(here, format!("{} must be a mapping with one key, not {found}", at.name));
                self.problems.push(problem.hint(one_of(known)));
                return false;
            }
        };
        let (key, value) = &mut entries[0];
        if !known.clone().any(|kind| kind == key.text) {
            let meant = nearest(&key.text, known.clone());
            let hint = match meant {
                Some(meant) => format!("did you mean `{meant}`? {}", one_of(known)),
                None => one_of(known),
            };
            self.problems
                .push(Problem::at(key.span.clone(), format!("{} cannot be `{}`", at.name, key.text)).hint(hint));
            let Some(meant) = meant else { return false };
            meant.clone_into(&mut key.text);
        }
        let Some((_, schema)) = kinds.iter().find(|(kind, _)| *kind == key.text) else { return false };
        self.value(value, &At { key: Some(key), name: &format!("`{}`", key.text), about: None }, schema)
    }

    fn wrong_type(
        &mut self,
        node: &Node,
        at: &At<'_>,
        schema: &Schema,
        expected: &str,
        described: Option<String>,
    ) -> bool {
        let found = match &node.kind {
            Kind::Scalar { text, plain } if scalar(text, *plain).is_number() && expected != "string" => text.clone(),
            _ => found(node),
        };
        let wanted = match expected {
            "object" => "a mapping".to_owned(),
            "array" => "a list".to_owned(),
            "string" => "text".to_owned(),
            "integer" if found.parse::<i128>().is_ok() => format!("a whole number from 0 to {}", largest(schema)),
            "integer" => "a whole number".to_owned(),
            "number" => "a number".to_owned(),
            _ => "`true` or `false`".to_owned(),
        };
        let message = if is_nothing(node) {
            format!("{} is empty, but must be {wanted}", at.name)
        } else {
            format!("{} must be {wanted}, not {found}", at.name)
        };
        let better = match &node.kind {
            Kind::Scalar { text, .. } if expected == "string" && !text.is_empty() => {
                Some(format!("put it in quotation marks: \"{text}\""))
            }
            _ if expected == "array" && is_nothing(node) => {
                Some("leave the key out where there is nothing to list, or write `[]`".to_owned())
            }
            _ if expected == "object" => {
                keys(schema).map(|keys| format!("write its keys below it, or as `{{ {keys} }}`"))
            }
            _ => None,
        };
        self.problems.push(with_hint(Problem::at(caret(node, at.key), message), better.or(described)));
        false
    }

    fn resolved(&self, schema: &'s Schema) -> &'s Schema {
        match schema.get("$ref").and_then(Schema::as_str).and_then(|path| path.strip_prefix("#/$defs/")) {
            Some(name) => self.resolved(&self.definitions[name]),
            None => schema,
        }
    }
}

/// The words of an enumeration, each with its description.
fn words(schema: &Schema) -> Option<Vec<(&str, Option<String>)>> {
    if let Some(words) = schema.get("enum").and_then(Schema::as_array) {
        return Some(words.iter().filter_map(Schema::as_str).map(|word| (word, None)).collect());
    }
    if let Some(word) = schema.get("const").and_then(Schema::as_str) {
        return Some(vec![(word, description(schema))]);
    }
    let choices = schema.get("oneOf")?.as_array()?;
    let nested: Option<Vec<_>> = choices.iter().map(words).collect();
    Some(nested?.into_iter().flatten().collect())
}

/// The kinds of an entry that is a mapping with one key, each with its value's schema.
fn kinds(schema: &Schema) -> Option<Vec<(&str, &Schema)>> {
    let choices = schema.get("oneOf")?.as_array()?;
    choices
        .iter()
        .map(|choice| choice["properties"].as_object()?.iter().next().map(|(kind, value)| (kind.as_str(), value)))
        .collect()
}

/// Whether a scalar has the expected type, and a number fits the type's range.
fn fits(expected: &str, value: &Value, schema: &Schema) -> bool {
    match expected {
        "string" => value.is_string(),
        "boolean" => value.is_bool(),
        "number" => value.is_number(),
        "integer" => value.as_u64().is_some_and(|number| number <= largest(schema)),
        _ => false,
    }
}

/// The largest number that a schema's type holds.
fn largest(schema: &Schema) -> u64 {
    match schema["format"].as_str() {
        Some("uint8") => u64::from(u8::MAX),
        Some("uint16") => u64::from(u16::MAX),
        Some("uint32") => u64::from(u32::MAX),
        _ => u64::MAX,
    }
}

/// The keys that a mapping needs, or else those that it may have, as a sample.
fn keys(schema: &Schema) -> Option<String> {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Schema::as_str).collect();
    let known = schema["properties"].as_object()?.keys().map(String::as_str);
    let keys = if required.is_empty() { known.collect() } else { required };
    Some(keys.into_iter().map(|key| format!("{key}: …")).collect::<Vec<_>>().join(", "))
}

fn is_nothing(node: &Node) -> bool {
    matches!(&node.kind, Kind::Scalar { text, plain } if scalar(text, *plain).is_null())
}

fn found(node: &Node) -> String {
    match &node.kind {
        Kind::Sequence(_) => "a list".to_owned(),
        Kind::Mapping(_) => "a mapping".to_owned(),
        Kind::Scalar { text, plain } => match scalar(text, *plain) {
            Value::Null => "nothing".to_owned(),
            Value::Bool(_) => format!("`{text}`"),
            Value::Number(_) => format!("the number {text}"),
            _ => format!("the text `{text}`"),
        },
    }
}

/// The first sentence of what a schema says about a value, as one line without its full stop.
fn description(schema: &Schema) -> Option<String> {
    let text = schema.get("description")?.as_str()?;
    let line = text.replace('\n', " ");
    let sentence = line.split(". ").next().unwrap_or(&line);
    Some(sentence.trim_end_matches('.').to_owned())
}

fn with_hint(problem: Problem, hint: Option<String>) -> Problem {
    match hint {
        Some(hint) => problem.hint(lower_first(&hint)),
        None => problem,
    }
}

fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [only] => format!("it can only be {only}"),
        several => format!("it is one of {}", several.join(", ")),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    // "TCP ports" and the like keep their capitals.
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}
