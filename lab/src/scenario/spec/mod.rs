//! What a scenario file says, one module a version of the format.

use serde_json::Value;

pub mod v1;

/// The JSON Schema of the newest version, for editors and for the check of a file's structure.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(v1::Spec).to_value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), "Hydrabane scenario, version 1".into());
    }
    schema
}
