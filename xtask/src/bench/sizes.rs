//! What a first visit transfers, file by file.

use crate::{
    build,
    failure::Outcome,
    say,
    shell::Shell,
    size::{self, Weight},
};

/// Prints the table, or returns it as JSON.
pub(super) fn run(shell: &Shell, json: bool) -> Outcome<String> {
    build::app(shell)?;
    let weights = size::weigh(&shell.repo.dist())?;
    if !json {
        say::result(size::table(&weights));
    }
    Ok(document(&weights))
}

fn document(weights: &[Weight]) -> String {
    let files: Vec<_> = weights
        .iter()
        .map(|weight| {
            // File names that trunk writes need no escaping beyond what `{:?}` does.
            format!(
                "{{\"name\":{:?},\"raw\":{},\"gzip\":{},\"brotli\":{},\"firstVisit\":{}}}",
                weight.name, weight.raw, weight.gzip, weight.brotli, weight.first_visit
            )
        })
        .collect();
    format!(
        "{{\"firstVisitBrotli\":{},\"budget\":{},\"files\":[{}]}}",
        size::first_visit_bytes(weights),
        size::FIRST_VISIT_BUDGET,
        files.join(",")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_file() {
        let weights = [Weight {
            name: "index.html".to_owned(),
            raw: 3,
            gzip: 2,
            brotli: 1,
            first_visit: true,
        }];
        assert_eq!(
            document(&weights),
            "{\"firstVisitBrotli\":1,\"budget\":204800,\"files\":[{\"name\":\"index.html\",\
             \"raw\":3,\"gzip\":2,\"brotli\":1,\"firstVisit\":true}]}"
        );
    }
}
