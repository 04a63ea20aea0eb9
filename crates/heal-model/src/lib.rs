//! The words heal is written in: plain data that crosses stages, and nothing else.
//!
//! Every stage takes and gives these types; no stage knows another. A type lives here when two stages must
//! agree on it, and holds no behaviour beyond its own invariant.

mod bytes;
mod case;
mod command_line;
mod deciding;
mod diagnostic;
mod duration;
mod finding;
mod incident;
mod json_lines;
mod lesson;
mod memory;
mod offered;
mod overlay;
mod path;
mod pattern;
mod plan;
mod playbook;
mod policy;
mod preview;
mod receipt;
mod rule;
mod step;
mod template;
mod tier;
mod trigger;
mod used;
mod world;

pub use bytes::Bytes;
pub use case::Case;
pub use command_line::command_line;
pub use deciding::decides_what_runs;
pub use diagnostic::{Applicability, Diagnostic, Level, Note, Replacement, Suggestion};
pub use duration::{DURATION, duration, spoken};
pub use finding::{Capture, Doubt, Finding, Found, Location, Observation, Span, Stream};
pub use incident::{ChangedFile, Ending, Incident, Mender};
pub use json_lines::JsonLines;
pub use lesson::{Evidence, Gate, Lesson};
pub use memory::MemoryWorld;
pub use offered::Offered;
pub use overlay::Overlay;
pub use path::{BadPath, RelPath};
pub use pattern::{Engine, Pattern, PatternKind, PatternTemplate};
pub use plan::{
    Command, Diff, Edit, Fix, Invocation, Part, PartRef, Plan, PlanId, Refusal, RefusalCode, Rest,
};
pub use playbook::{Asset, Defaults, Fold, FoldHow, LearningPolicy, Origin, Playbook, Source, SourceKind};
pub use policy::{Backoff, Breaker, Retry, Timeout};
pub use preview::{CommandPreview, DiffLine, FileKind, FilePreview, Hunk, LineTag, Piece, Preview};
pub use receipt::{Check, CommandOutcome, FileOutcome, Receipt, ReceiptState, Verification};
pub use rule::{
    CaptureType, Expectation, Indicators, Place, Provenance, Rule, RuleId, RuleTest, Safety, Severity,
    TestInput, TestProbe, TestProcess, Verify,
};
pub use step::{
    Action, Anchor, AnchorEnd, Choice, Choose, Content, Copy, Create, Delete, Document, Find, Line,
    LineChange, LinePosition, Move, Occurrences, Patch, Remove, Restore, RestoreFrom, Run, Set, Signal,
    SignalName, SignalTo, Snapshot, Step, Suggestions, TextEdit,
};
pub use template::{HELPERS, Template};
pub use tier::{FileTier, Keep, Tier};
pub use trigger::{
    Absence, Count, DiagnosticTrigger, DocumentTrigger, EnvTrigger, ExitCodes, FileIs, FileTrigger, Holder,
    LinePattern, OutputTrigger, ProbeTrigger, ProcessOf, ProcessState, ProcessTrigger, RateTrigger, Records,
    Running, Trigger, ValueTrigger,
};
pub use used::Used;
pub use world::{
    Earlier, EntryKind, Inspect, Machine, Probe, Probed, Process, Scope, Stat, Time, Unreadable, World,
};
