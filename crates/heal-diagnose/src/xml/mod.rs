mod junit;
mod stream;

pub(crate) use junit::{case, suite};
pub(crate) use stream::{Part, Progress, Stream};
