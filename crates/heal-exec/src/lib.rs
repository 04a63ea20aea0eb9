//! Runs, reads, writes, journals, undoes: the one crate that touches the world.
