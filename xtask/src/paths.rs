//! Where things are in the checkout.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The repository this command belongs to, wherever it was called from.
#[derive(Clone, Debug)]
pub(crate) struct Repo {
    root: PathBuf,
}

impl Repo {
    pub(crate) fn find() -> Self {
        let xtask = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        Self {
            root: xtask.parent().map_or_else(|| xtask.clone(), Path::to_owned),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The release app.
    pub(crate) fn dist(&self) -> PathBuf {
        self.at("dist")
    }

    /// A program cargo built, e.g. `debug/switchboard-gateway`.
    pub(crate) fn built(&self, program: &str) -> PathBuf {
        let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        self.root.join(target).join(program)
    }

    /// The path as a person in the repository would type it.
    pub(crate) fn short<'path>(&self, path: &'path Path) -> std::path::Display<'path> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
