//! Reads one thing from Cargo.lock: the version a package is locked to.

/// The version of `package`, where the lock file has exactly one of that name.
pub(crate) fn version_of<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let mut versions = lock.split("[[package]]").filter_map(|entry| {
        (field(entry, "name")? == package)
            .then(|| field(entry, "version"))
            .flatten()
    });
    versions.next().filter(|_| versions.next().is_none())
}

fn field<'entry>(entry: &'entry str, name: &str) -> Option<&'entry str> {
    entry.lines().find_map(|line| {
        line.strip_prefix(name)?
            .trim_start()
            .strip_prefix('=')?
            .trim()
            .strip_prefix('"')?
            .strip_suffix('"')
    })
}

#[cfg(test)]
mod tests {
    use super::version_of;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = [
 "wasm-bindgen-macro",
]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.131"

[[package]]
name = "nix"
version = "0.30.1"

[[package]]
name = "nix"
version = "0.31.3"
"#;

    #[test]
    fn finds_the_whole_name() {
        assert_eq!(version_of(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_of(LOCK, "wasm-bindgen-macro"), Some("0.2.131"));
    }

    #[test]
    fn does_not_guess() {
        assert_eq!(version_of(LOCK, "wasm"), None);
        assert_eq!(version_of(LOCK, "nix"), None, "two versions, no answer");
        assert_eq!(version_of("", "nix"), None);
    }
}
