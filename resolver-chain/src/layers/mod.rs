//! One file a layer.

mod addresses;
mod domains;
mod generated;

pub use addresses::Addresses;
pub use domains::Domains;
pub use generated::Generated;
