mod junit;
mod stream;

pub(crate) use junit::{case, printed, suite};
pub(crate) use stream::{Part, Progress, Stream};
