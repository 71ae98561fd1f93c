//! Real sockets under a bot, shut in by a [`Perimeter`].

mod perimeter;

pub use perimeter::{Outside, Perimeter};
