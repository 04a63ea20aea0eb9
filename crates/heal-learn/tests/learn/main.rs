//! Lessons, whole, and the laws that hold of every lesson.

mod caution;
mod laws;
mod lessons;
mod narrow;
mod once;
mod places;
mod support;
mod unknown;
