//! Tests that cross crates: documents that are run, and the shape of the code.

#![expect(clippy::disallowed_methods, reason = "tests make projects and run the command")]

mod advisories;
mod architecture;
mod book;
mod codes;
mod failing;
mod gates;
mod helpers;
mod leases;
mod noise;
mod real;
mod schemas;
