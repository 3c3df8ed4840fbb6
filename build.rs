//! Makes typed functions and compact files of the texts in `languages/`; a language that does not
//! agree with English fails the build.
//!
//! English is compiled in, each text where it is used. The others go to `target/languages/` under names with a hash, and
//! trunk (`Trunk.toml`) puts them into the page's folder, where `browser::language` fetches one.

#[path = "build/generate.rs"]
mod generate;
#[path = "build/texts.rs"]
mod texts;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use texts::{ENGLISH, Language, TRANSLATIONS};

fn main() -> Result<(), Box<dyn Error>> {
    // Set by `cargo xtask build`: see src/later.rs.
    println!("cargo::rustc-check-cfg=cfg(split)");
    for path in ["build.rs", "build", "languages"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let root = std::env::var("CARGO_MANIFEST_DIR")?;
    let root = Path::new(&root);
    let out = std::env::var("OUT_DIR")?;
    let out = Path::new(&out);
    let file = |language: &Language| {
        let path = root.join(format!("languages/{}.txt", language.code));
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };

    let mut errors = Vec::new();
    let english = texts::read(&ENGLISH, &file(&ENGLISH)?, &mut errors);
    let english = texts::with_kinds(english);
    let mut compact = Vec::new();
    for language in &TRANSLATIONS {
        let translated = texts::read(language, &file(language)?, &mut errors);
        texts::compare(language, &english, &translated, &mut errors);
        let content = generate::compact(language, &english, &translated);
        let name = format!("{}-{}.txt", language.code, generate::hash(&content));
        compact.push((language.code, name, content));
    }
    let names: Vec<String> = compact.iter().map(|(_, name, _)| name.clone()).collect();
    let code = generate::rust(&english, &names, &mut errors);
    if !errors.is_empty() {
        for error in errors {
            println!("cargo::error={error}");
        }
        return Ok(());
    }

    fs::write(out.join("texts.rs"), code)?;
    let folder = root.join("target/languages");
    fs::create_dir_all(&folder)?;
    for (code, name, content) in &compact {
        // For tests, under a name they know.
        fs::write(out.join(format!("{code}.txt")), content)?;
        let path = folder.join(name);
        println!("cargo::rerun-if-changed=target/languages/{name}");
        if !path.exists() {
            // Another build may do the same at this moment: never half a file.
            let half = folder.join(format!(".{name}-{}", std::process::id()));
            fs::write(&half, content)?;
            // Older than this run, or cargo would run it again for what it has written itself.
            fs::File::options()
                .write(true)
                .open(&half)?
                .set_modified(SystemTime::UNIX_EPOCH + Duration::from_hours(24))?;
            fs::rename(&half, &path)?;
        }
    }
    Ok(())
}
