use heal_exec::trust::{Closure, Status};
use heal_model::{FileKind, Origin, Preview, Rule, Safety};
use heal_plan::Divided;
use heal_playbook::Severity;
use serde::Serialize;
use serde_json::Value;

use crate::rule_test::{Difference, Tested, Verdict};

use super::{
    Check, Command, File, Finding, Guide, LeftOut, Plan, Problem, Ran, Receipt, Refusal, Span, Touched,
    Verification,
};

/// A finding as it is reported.
#[must_use]
pub fn findings(finding: &heal_model::Finding, rule: &Rule, title: &str, trusted: bool) -> Finding {
    let location = finding.location.as_ref();
    Finding {
        rule: finding.rule.to_string(),
        title: title.to_owned(),
        severity: rule.severity.to_string(),
        safety: rule.safety.to_string(),
        trusted,
        captures: finding.captures.iter().map(|(name, capture)| (name.clone(), capture.0.clone())).collect(),
        file: location.map(|location| location.path.to_string()),
        line: location.and_then(|location| location.line),
        column: location.and_then(|location| location.column),
        span: finding.span.map(|span| Span {
            first_line: span.first_line,
            last_line: span.last_line,
            start: span.start,
            end: span.end,
        }),
        excerpt: finding.excerpt.clone(),
        count: finding.count,
    }
}

/// A plan as it is reported, and what is left out of it.
#[must_use]
pub fn plan(shown: &Divided) -> Plan {
    let plan = &shown.offered;
    let guides = plan.fixes.iter().flat_map(|fix| fix.guides.iter().map(move |text| (fix, text)));
    let refusals = plan.refusals.iter().map(|refusal| Refusal {
        rule: refusal.rule.to_string(),
        file: refusal.file.as_ref().map(ToString::to_string),
        code: word(&refusal.code),
        reason: refusal.reason.clone(),
    });
    Plan {
        id: plan.id.0.clone(),
        files: files(plan),
        snapshots: plan.fixes.iter().flat_map(|fix| &fix.snapshots).map(ToString::to_string).collect(),
        commands: commands(plan),
        left_out: LeftOut { files: files(&shown.left_out), commands: commands(&shown.left_out) },
        guides: guides.map(|(fix, text)| Guide { rule: fix.rule.to_string(), text: text.clone() }).collect(),
        refusals: refusals.collect(),
        warnings: plan.fixes.iter().flat_map(|fix| fix.warnings.clone()).collect(),
        notes: plan.fixes.iter().flat_map(|fix| fix.notes.clone()).collect(),
    }
}

fn files(plan: &heal_model::Plan) -> Vec<File> {
    let mut files = Vec::new();
    for (edit, file) in plan.edits.iter().zip(heal_plan::preview(plan).files) {
        let mut rules: Vec<String> =
            edit.parts.iter().map(|part| plan.fixes[part.fix].rule.to_string()).collect();
        rules.dedup();
        let safety = edit.parts.iter().map(|part| plan.fixes[part.fix].safety).min();
        let change = match file.kind {
            FileKind::Created => "created",
            FileKind::Deleted => "deleted",
            FileKind::Edited => "edited",
        };
        files.push(File {
            path: file.path.to_string(),
            change: change.to_owned(),
            before: file.before.clone(),
            after: file.after.clone(),
            added: file.added,
            removed: file.removed,
            rules,
            safety: safety.unwrap_or(Safety::Manual).to_string(),
            diff: heal_plan::unified(&Preview { files: vec![file], ..Preview::default() }),
        });
    }
    files
}

fn commands(plan: &heal_model::Plan) -> Vec<Command> {
    let shown = heal_plan::preview(plan).commands.into_iter();
    let commands = shown.map(|command| Command {
        rule: command.rule.to_string(),
        safety: command.safety.to_string(),
        argv: command.argv.clone(),
        cwd: command.cwd.as_ref().map(ToString::to_string),
    });
    commands.collect()
}

/// A receipt as it is reported.
#[must_use]
pub fn outcome(receipt: &heal_model::Receipt) -> Receipt {
    let touched = receipt.files.iter().map(|file| Touched {
        path: file.path.to_string(),
        before: file.before.clone(),
        after: file.after.clone(),
    });
    let ran = receipt.commands.iter().map(|command| Ran {
        argv: command.argv.clone(),
        exit: command.exit,
        signal: command.signal,
        timed_out: command.timed_out,
        attempts: command.attempts,
        milliseconds: command.milliseconds,
        tail: command.tail.clone(),
    });
    Receipt {
        id: receipt.id.clone(),
        plan: receipt.plan.0.clone(),
        at: receipt.at.0,
        state: word(&receipt.state),
        rules: receipt.rules.iter().map(ToString::to_string).collect(),
        files: touched.collect(),
        commands: ran.collect(),
        verification: receipt
            .verification
            .as_ref()
            .map(|one| Verification { passed: one.passed, checks: one.checks.iter().map(check).collect() }),
        undoes: receipt.undoes.clone(),
        undone_by: receipt.undone_by.clone(),
        notes: receipt.notes.clone(),
    }
}

fn check(check: &heal_model::Check) -> Check {
    Check { passed: check.passed, text: check.text.clone() }
}

/// A playbook's problem as it is reported.
#[must_use]
pub fn problem(path: &str, problem: &heal_playbook::Problem) -> Problem {
    Problem {
        path: path.to_owned(),
        code: problem.code.to_string(),
        severity: match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        }
        .to_owned(),
        message: problem.message.clone(),
        help: problem.help.clone(),
        line: problem.line,
        column: problem.column,
        end_line: problem.end_line,
        end_column: problem.end_column,
    }
}

/// The word that a variant is written as.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A rule as it is reported.
#[must_use]
pub fn rule(rule: &Rule, playbook: &heal_model::Playbook, trusted: bool) -> super::Rule {
    let origin = match &playbook.origin {
        Origin::Builtin(_) => "builtin",
        Origin::User(_) => "user",
        Origin::Repository(_) => "repository",
        Origin::Named(_) => "named",
    };
    super::Rule {
        id: rule.id.to_string(),
        title: rule.title.to_string(),
        category: rule.category.clone(),
        severity: rule.severity.to_string(),
        safety: rule.safety.to_string(),
        origin: origin.to_owned(),
        path: playbook.origin.path().to_owned(),
        line: rule.place.line,
        trusted,
        held: None,
        standing: None,
        explain: rule.explain.clone(),
        tests: rule.tests.len(),
    }
}

/// A near miss as it is reported.
#[must_use]
pub fn near_miss(miss: &heal_match::NearMiss) -> super::NearMiss {
    let condition = |one: &heal_match::Condition| super::Condition { text: one.text.clone(), met: one.met };
    super::NearMiss {
        rule: miss.rule.to_string(),
        matched: miss.matched,
        conditions: miss.conditions.iter().map(condition).collect(),
        closest: miss.closest.as_ref().map(|closest| super::Closest {
            line: closest.line,
            text: closest.text.clone(),
            matched: closest.matched.clone(),
            missing: closest.missing.clone(),
            instead: closest.instead.clone(),
        }),
    }
}

/// A rule's test as it is reported.
#[must_use]
pub fn tested(path: &str, tested: &Tested) -> super::TestOutcome {
    let detail = match &tested.verdict {
        Verdict::Validated | Verdict::Reported => None,
        Verdict::Noisy(seen) | Verdict::Missing(seen) => Some(seen.clone()),
        Verdict::Wrong(differences) => {
            let one = |one: &Difference| {
                let text = |side: &Option<String>| {
                    side.as_ref().map_or("nothing".to_owned(), |text| format!("{text:?}"))
                };
                format!("{}: expected {}, found {}", one.what, text(&one.expected), text(&one.found))
            };
            Some(differences.iter().map(one).collect::<Vec<_>>().join("; "))
        }
    };
    super::TestOutcome {
        rule: tested.rule.to_string(),
        test: tested.test.clone(),
        outcome: tested.verdict.word().to_owned(),
        passed: tested.verdict.passed(),
        detail,
        path: path.to_owned(),
        line: tested.place.line,
    }
}

/// A repository's playbook as it is reported.
#[must_use]
pub fn playbook(closure: &Closure, status: &Status) -> super::Playbook {
    let status = match status {
        Status::Trusted => "trusted",
        Status::New => "new",
        Status::Changed { .. } => "changed",
    };
    super::Playbook {
        path: closure.playbook.clone(),
        status: status.to_owned(),
        hash: format!("sha256:{}", closure.hash()),
    }
}
