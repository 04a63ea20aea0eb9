use std::collections::BTreeMap;

use super::{Finding, Report};

/// All that is not as it should be, as findings: also files that are missing or differ from what a playbook declares.
#[must_use]
pub fn results(report: &Report) -> Vec<Finding> {
    let mut results = report.findings.clone();
    let Some(plan) = &report.plan else { return results };
    let found: Vec<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
    let is_declared = |rules: &[String]| !rules.iter().any(|rule| found.contains(&rule.as_str()));
    for file in plan.files.iter().chain(&plan.left_out.files).filter(|file| is_declared(&file.rules)) {
        let what = match file.change.as_str() {
            "created" => "is missing; heal apply creates it",
            "deleted" => "should not be there; heal apply deletes it",
            _ => "is not as the playbook says; heal apply mends it",
        };
        let rule = file.rules.first().map_or("heal", String::as_str);
        let title = format!("{} {what}", file.path);
        results.push(result(rule, title, "medium", &file.safety, Some(&file.path)));
    }
    for refusal in plan
        .refusals
        .iter()
        .filter(|refusal| refusal.code != "already" && !found.contains(&refusal.rule.as_str()))
    {
        let severity = if refusal.code == "required" { "high" } else { "medium" };
        let file = refusal.file.as_deref();
        results.push(result(&refusal.rule, refusal.reason.clone(), severity, "manual", file));
    }
    results
}

fn result(rule: &str, title: String, severity: &str, safety: &str, file: Option<&str>) -> Finding {
    Finding {
        rule: rule.to_owned(),
        title,
        severity: severity.to_owned(),
        safety: safety.to_owned(),
        trusted: true,
        captures: BTreeMap::new(),
        file: file.map(str::to_owned),
        line: None,
        column: None,
        span: None,
        excerpt: Vec::new(),
        count: 1,
    }
}
