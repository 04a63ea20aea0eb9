/// The largest file that is looked into or made, in bytes.
pub(crate) const LARGEST: u64 = 8 * 1024 * 1024;
/// How many files one fix may change.
pub(crate) const MOST_FILES: usize = 64;
/// How much one fix may write, in bytes.
pub(crate) const MOST_BYTES: u64 = 64 * 1024 * 1024;
