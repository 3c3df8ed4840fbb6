//! The size gate: what a first visit transfers, to the byte.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    failure::{Failure, Outcome},
    say,
};

/// The most a first visit may transfer with brotli: 200 KB of 1024 bytes.
pub(crate) const FIRST_VISIT_BUDGET: u64 = 200 * 1024;

/// Fetched when first used, in another language than English, or by a worker once the app can be used, although
/// the page or its glue names it.
fn is_fetched_later(name: &str) -> bool {
    // What watches for a newer build is a script of the page: every visit fetches it.
    name == "sw.js"
        || name.starts_with("languages/")
        || name.starts_with("later-") && !name.ends_with(".js")
}

/// Fetched by the app itself before it can be used, so named in no other file.
const FETCHED_AT_START: [&str; 1] = ["config.json"];

/// One file of the release and what it weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Weight {
    pub(crate) name: String,
    pub(crate) raw: u64,
    pub(crate) gzip: u64,
    pub(crate) brotli: u64,
    /// Transferred by the page without anybody's doing.
    pub(crate) first_visit: bool,
}

/// Weighs a built and compressed `dist/`.
pub(crate) fn weigh(dist: &Path) -> Outcome<Vec<Weight>> {
    let mut names = Vec::new();
    list(dist, dist, &mut names)?;
    names.sort();
    let first = first_visit(&names, |name| {
        fs::read_to_string(dist.join(name)).unwrap_or_default()
    });
    let mut weights = Vec::new();
    for name in names {
        let size = |ending: &str| {
            let path = dist.join(format!("{name}{ending}"));
            path.metadata()
                .map(|metadata| metadata.len())
                .map_err(|error| Failure::file("read", &path, &error))
        };
        weights.push(Weight {
            raw: size("")?,
            gzip: size(".gz")?,
            brotli: size(".br")?,
            first_visit: first.contains(&name),
            name,
        });
    }
    weights.sort_by_key(|weight| (!weight.first_visit, std::cmp::Reverse(weight.brotli)));
    Ok(weights)
}

pub(crate) fn first_visit_bytes(weights: &[Weight]) -> u64 {
    let first = weights.iter().filter(|weight| weight.first_visit);
    first.map(|weight| weight.brotli).sum()
}

/// The per-file table and the total against the budget.
pub(crate) fn table(weights: &[Weight]) -> String {
    let mut lines = vec![row("bytes", "raw", "gzip", "brotli")];
    let numbers = |weight: &Weight| {
        row(
            &weight.name,
            &say::thousands(weight.raw),
            &say::thousands(weight.gzip),
            &say::thousands(weight.brotli),
        )
    };
    let (first, later): (Vec<&Weight>, Vec<_>) =
        weights.iter().partition(|weight| weight.first_visit);
    lines.extend(first.iter().map(|weight| numbers(weight)));
    let sum = |size: fn(&Weight) -> u64| say::thousands(first.iter().map(|w| size(w)).sum());
    lines.push(row(
        "first visit",
        &sum(|weight| weight.raw),
        &sum(|weight| weight.gzip),
        &sum(|weight| weight.brotli),
    ));
    if !later.is_empty() {
        lines.push("fetched when first used, not counted:".to_owned());
        lines.extend(later.iter().map(|weight| numbers(weight)));
    }
    lines.join("\n")
}

/// The gate itself: one sentence either way.
pub(crate) fn judge(total: u64, budget: u64) -> Outcome<String> {
    let kilo = |bytes: u64| format!("{}.{} KB", bytes / 1024, bytes % 1024 * 10 / 1024);
    let measured = format!(
        "a first visit transfers {} bytes ({}) of {} ({})",
        say::thousands(total),
        kilo(total),
        say::thousands(budget),
        kilo(budget)
    );
    if total <= budget {
        Ok(format!("{measured}."))
    } else {
        Err(Failure::new(format!(
            "{measured}, {} bytes too many: the table above shows where they are.",
            say::thousands(total - budget)
        )))
    }
}

fn row(name: &str, raw: &str, gzip: &str, brotli: &str) -> String {
    format!("{name:<44} {raw:>10} {gzip:>10} {brotli:>10}")
}

/// index.html, and every file named in one that is already counted: links, the glue, its wasm,
/// snippets, fonts of the styles. What only the wasm names is fetched on use.
fn first_visit(names: &[String], text: impl Fn(&str) -> String) -> BTreeSet<String> {
    let mut counted = BTreeSet::new();
    let mut open = vec!["index.html".to_owned()];
    open.extend(FETCHED_AT_START.map(str::to_owned));
    while let Some(name) = open.pop() {
        if !names.contains(&name) || is_fetched_later(&name) || !counted.insert(name.clone()) {
            continue;
        }
        if [".html", ".js", ".css"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            let content = text(&name);
            let named = |other: &&String| {
                let file = other.rsplit('/').next().unwrap_or(other);
                content.contains(file)
            };
            open.extend(names.iter().filter(named).cloned());
        }
    }
    counted
}

fn list(root: &Path, folder: &Path, names: &mut Vec<String>) -> Outcome {
    let unreadable = |error: std::io::Error| Failure::file("read", folder, &error);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path: PathBuf = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            list(root, &path, names)?;
            continue;
        }
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy();
        if !name.ends_with(".br") && !name.ends_with(".gz") {
            names.push(name.into_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(name: &str, brotli: u64, first_visit: bool) -> Weight {
        Weight {
            name: name.to_owned(),
            raw: brotli * 3,
            gzip: brotli * 2,
            brotli,
            first_visit,
        }
    }

    #[test]
    fn the_gate_is_exact() {
        assert!(judge(204_800, FIRST_VISIT_BUDGET).is_ok());
        let refusal = judge(204_801, FIRST_VISIT_BUDGET).unwrap_err().to_string();
        assert!(refusal.contains("204 801 bytes (200.0 KB)"), "{refusal}");
        assert!(refusal.contains(" 1 bytes too many"), "{refusal}");
    }

    #[test]
    fn a_first_visit_is_what_the_page_leads_to() {
        let names = [
            "index.html",
            "config.json",
            "app-1.js",
            "app-1_bg.wasm",
            "base-2.css",
            "inter-3.woff2",
            "snippets/x/inline0.js",
            "emoji.json",
            "de.json",
            "sw.js",
            "languages/shell.json",
            "later-4.wasm",
            "later-5.js",
        ]
        .map(str::to_owned);
        let text = |name: &str| {
            match name {
                "index.html" => {
                    "import('later-5.js') fetch('languages/shell.json') <link href=/base-2.css> import '/app-1.js' '/app-1_bg.wasm'"
                }
                "app-1.js" => "import { f } from './snippets/x/inline0.js'; fetch('later-4.wasm')",
                "base-2.css" => "src: url(/inter-3.woff2)",
                "later-5.js" => "register('sw.js')",
                "sw.js" => "['index.html', 'emoji.json', 'de.json']",
                _ => "",
            }
            .to_owned()
        };
        let first = first_visit(&names, text);
        assert_eq!(first.len(), 8, "{first:?}");
        let later = [
            "emoji.json",
            "de.json",
            "languages/shell.json",
            "later-4.wasm",
        ];
        assert!(!later.iter().any(|name| first.contains(*name)));
    }

    #[test]
    fn only_the_first_visit_is_summed() {
        let weights = [
            weight("a", 10, true),
            weight("b", 5, true),
            weight("c", 99, false),
        ];
        assert_eq!(first_visit_bytes(&weights), 15);
        let table = table(&weights);
        assert!(
            table.contains("first visit") && table.contains("not counted"),
            "{table}"
        );
    }
}
