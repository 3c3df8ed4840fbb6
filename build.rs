//! Makes typed functions and compact files of the texts in `languages/`; a language that does not
//! agree with English fails the build.
//!
//! English is compiled in, each text where it is used. The others go to `target/languages/` under names with a hash, and
//! trunk (`Trunk.toml`) puts them into the page's folder, where `browser::language` fetches one. What `index.html`
//! says itself goes beside them in two files more.

#[path = "build/generate.rs"]
mod generate;
#[path = "build/page.rs"]
mod page;
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
    for path in ["build.rs", "build", "languages", "index.html"] {
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
    let (of_page, english) = page::apart(texts::with_kinds(english));
    page::check(
        &of_page,
        &fs::read_to_string(root.join("index.html"))?,
        &mut errors,
    );
    let mut compact = Vec::new();
    let mut pages = Vec::new();
    for language in &TRANSLATIONS {
        let translated = texts::read(language, &file(language)?, &mut errors);
        let (its_page, translated) = page::apart(translated);
        texts::compare(language, &of_page, &its_page, &mut errors);
        texts::compare(language, &english, &translated, &mut errors);
        pages.push((language, its_page));
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
        put(&folder, name, content)?;
    }
    put(&folder, "shell.json", &page::shell(&pages))?;
    put(&folder, "noscript.css", &page::noscript(&pages))?;
    Ok(())
}

/// Leaves a file for trunk, unless it is there.
fn put(folder: &Path, name: &str, content: &str) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=target/languages/{name}");
    let path = folder.join(name);
    if fs::read_to_string(&path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    // Another build may do the same at this moment: never half a file.
    let half = folder.join(format!(".{name}-{}", std::process::id()));
    fs::write(&half, content)?;
    // Older than this run, or cargo would run it again for what it has written itself.
    fs::File::options()
        .write(true)
        .open(&half)?
        .set_modified(SystemTime::UNIX_EPOCH + Duration::from_hours(24))?;
    fs::rename(&half, &path)?;
    Ok(())
}
