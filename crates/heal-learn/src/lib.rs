//! What incidents and their ends teach.
