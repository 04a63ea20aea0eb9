//! Whole plans, from findings and files to the diff a person sees.

mod above;
mod already;
mod commands;
mod edits;
mod join;
mod laws;
mod limits;
mod odd;
mod sources;
mod steps;
mod support;
mod tiers;
mod upon;
