use std::borrow::Cow;

use heal_model::{
    Applicability, FileIs, Level, Occurrences, ProcessState, Safety, Severity, SignalName, Stream, Tier,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

/// One of a few words, each of which an editor explains.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Word<T>(pub(crate) T);

/// The words of a [`Word`], each with its meaning.
pub(crate) trait Words {
    const WORDS: &'static [(&'static str, &'static str)];
}

impl<T: Words> JsonSchema for Word<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Word".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let (words, meanings): (Vec<_>, Vec<_>) = T::WORDS.iter().copied().unzip();
        json_schema!({ "type": "string", "enum": words, "markdownEnumDescriptions": meanings })
    }
}

macro_rules! words {
    ($($type:ident { $($word:literal: $meaning:literal),+ $(,)? })+) => {
        $(impl Words for $type {
            const WORDS: &'static [(&'static str, &'static str)] = &[$(($word, $meaning)),+];
        })+
    };
}

words! {
    Severity {
        "info": "Worth knowing.",
        "low": "In the way.",
        "medium": "Something does not work.",
        "high": "The command can't succeed.",
        "critical": "Data is at stake.",
    }
    Safety {
        "manual": "Shown only: a person does it.",
        "unsafe": "Asks, or needs `--unsafe`.",
        "safe": "Applied with `--yes`.",
    }
    Tier {
        "create": "Made from its template or content when it is missing.",
        "require": "Never made: a person gets it back, and nothing else is done before.",
        "optional": "Skipped when it is missing.",
    }
    Level {
        "note": "A remark, or worse.",
        "help": "A hint, or worse.",
        "warning": "A warning, or an error.",
        "error": "An error, or a failed test.",
    }
    Stream { "stdout": "Standard output.", "stderr": "Standard error." }
    FileIs {
        "missing": "Not there.",
        "present": "There.",
        "empty": "There, with no byte in it.",
        "corrupt": "There, and its `.sha256` sidecar names another content.",
        "broken": "There, and no JSON, JSON Lines, YAML or TOML, as its name says it is.",
        "torn": "There, and what was appended last was cut off: its last line has no end, and in JSON Lines is no JSON.",
    }
    ProcessState {
        "alive": "It runs.",
        "dead": "It is gone.",
        "recycled": "Its pid belongs to a process that started after the file was written, or at another time than recorded.",
        "gone": "Dead or recycled: whoever had the pid is no more.",
        "orphaned": "It runs, and the process that started it does not.",
    }
    Occurrences {
        "all": "All of them; at least one.",
        "one": "The only one; more are refused.",
        "first": "The first in each file.",
    }
    SignalName {
        "term": "SIGTERM.",
        "int": "SIGINT.",
        "hup": "SIGHUP.",
        "kill": "SIGKILL.",
        "usr1": "SIGUSR1.",
        "usr2": "SIGUSR2.",
    }
    Applicability {
        "machine-applicable": "It can be applied as it is.",
        "maybe-incorrect": "It may not be what was meant.",
        "has-placeholders": "It holds placeholders to fill in.",
        "unspecified": "The tool did not say.",
    }
}
