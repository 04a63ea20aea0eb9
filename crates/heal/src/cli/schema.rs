use super::arguments::{Schema, SchemaOf};
use super::console::Console;
use super::exit::Exit;
use crate::report;

/// `heal schema`: what playbooks, extractors, reports and the journal look like.
pub(super) fn schema(wanted: &Schema, console: &mut Console) -> Exit {
    console.json(&match wanted.of {
        SchemaOf::Playbook => heal_playbook::schema(),
        SchemaOf::Extract => heal_diagnose::schema(),
        SchemaOf::Report => report::schema(),
        SchemaOf::Journal => heal_exec::journal_schema(),
    });
    Exit::Done
}
