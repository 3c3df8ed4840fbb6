//! `cargo xtask deploy`: the standard tools (SAM and the AWS CLI) in order, after a plan.
//!
//! It keeps no state and knows no secret: what is there, the stack says. Without `--yes` nothing in the
//! account is changed but a change set, which is the plan.

use std::{collections::BTreeMap, fs, process::Command};

use crate::{
    failure::{Failure, Outcome},
    package::{FOLDER, FUNCTIONS, INLINE_SCRIPTS},
    say,
    shell::{self, Shell},
};

const TEMPLATE: &str = "serverless/template.yaml";
const CONFIG: &str = "target/lambda/config.json";
/// Written last: they name all others.
const ENTRANCES: [&str; 2] = ["index.html", "sw.js"];

/// What is deployed where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Deployment {
    pub(crate) stack: String,
    /// The CLI's own where there is none.
    pub(crate) region: Option<String>,
    /// `KEY=VALUE` of the template's parameters; those of an existing stack stay as they are.
    pub(crate) parameters: Vec<String>,
    /// Whether the plan is carried out.
    pub(crate) yes: bool,
}

pub(crate) fn run(shell: &Shell, deployment: &Deployment) -> Outcome {
    tools(shell)?;
    let hashes = packaged(shell)?;
    let who = [
        "sts",
        "get-caller-identity",
        "--output",
        "text",
        "--query",
        "Arn",
    ];
    let who = shell::capture("asking who deploys", &mut deployment.aws(shell, &who))?;
    // The stack changes before the page does, and may be all that changes.
    let scripts = joined(&hashes, &deployment.inline_scripts(shell)?);
    say::result(deployment.plan(shell, &who));
    let mut plan = deployment.sam(shell, &scripts);
    shell::run("planning the change", plan.arg("--no-execute-changeset"))?;
    if !deployment.yes {
        say::result("\nNothing has been changed. To carry it out: the same command with --yes.");
        return Ok(());
    }
    let mut carry_out = deployment.sam(shell, &scripts);
    shell::run(
        "deploying the stack",
        carry_out.arg("--no-confirm-changeset"),
    )?;
    let outputs = deployment.outputs(shell)?;
    site(shell, deployment, &outputs)?;
    say::result(format!("\npage       {}", output(&outputs, "SiteUrl")?));
    say::result(format!("websocket  {}", output(&outputs, "WebSocketUrl")?));
    if let Some(target) = outputs.get("SiteDistributionDomain") {
        say::result(format!(
            "dns        the page's name is to be a CNAME of {target}"
        ));
    }
    Ok(())
}

/// Both at once, so that nobody installs one to hear of the other.
fn tools(shell: &Shell) -> Outcome {
    let missing: Vec<&str> = [("aws", "the AWS CLI"), ("sam", "the SAM CLI")]
        .into_iter()
        .filter(|(program, _)| shell.find(program).is_none())
        .map(|(_, name)| name)
        .collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "{} missing: deploying needs `aws` and `sam` on PATH (with Python: pipx install awscli \
             aws-sam-cli) and credentials that `aws sts get-caller-identity` finds.",
            match missing.as_slice() {
                [one] => format!("{one} is"),
                all => format!("{} are", all.join(" and ")),
            }
        ))),
    }
}

/// The hashes of the page's inline scripts, if everything is packaged.
fn packaged(shell: &Shell) -> Outcome<String> {
    let unpackaged = |what: &str| {
        Failure::new(format!(
            "{what} is not there: run `cargo xtask package` first."
        ))
    };
    for name in FUNCTIONS {
        let bootstrap = format!("{FOLDER}/{name}/bootstrap");
        if !shell.repo.at(&bootstrap).is_file() {
            return Err(unpackaged(&bootstrap));
        }
    }
    if !shell.repo.dist().join("index.html").is_file() {
        return Err(unpackaged("dist/index.html"));
    }
    fs::read_to_string(shell.repo.at(INLINE_SCRIPTS)).map_err(|_| unpackaged(INLINE_SCRIPTS))
}

impl Deployment {
    fn plan(&self, shell: &Shell, who: &str) -> String {
        let region = self.region.as_deref().unwrap_or("the AWS CLI's own");
        let parameters = match self.parameters.is_empty() {
            true => "as they are, or the template's defaults".to_owned(),
            false => self.parameters.join(" "),
        };
        let mut plan = format!(
            "\nstack       {}\nas          {who}\nregion      {region}\nparameters  {parameters}\n",
            self.stack
        );
        for name in FUNCTIONS {
            let program = shell.repo.at(FOLDER).join(name).join("bootstrap");
            let bytes = program.metadata().map_or(0, |metadata| metadata.len());
            plan += &format!("function    {name:<12}{:>9} bytes\n", say::thousands(bytes));
        }
        plan + "site        dist/\n"
    }

    fn sam(&self, shell: &Shell, scripts: &str) -> Command {
        let mut sam = shell.command("sam");
        sam.args(["deploy", "--template-file", TEMPLATE])
            .args(["--stack-name", &self.stack, "--resolve-s3"])
            .args(["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
            .arg("--no-fail-on-empty-changeset")
            .args(self.region.iter().flat_map(|region| ["--region", region]))
            .arg("--parameter-overrides")
            .args(&self.parameters)
            .arg(format!("InlineScripts={scripts:?}"))
            .env("SAM_CLI_TELEMETRY", "0");
        sam
    }

    fn aws(&self, shell: &Shell, arguments: &[&str]) -> Command {
        let mut aws = shell.command("aws");
        aws.args(arguments)
            .args(self.region.iter().flat_map(|region| ["--region", region]))
            .env("AWS_PAGER", "");
        aws
    }

    /// Asks what the stack has, as text.
    fn describe(&self, shell: &Shell, query: &str) -> Command {
        let stack = [
            "cloudformation",
            "describe-stacks",
            "--stack-name",
            &self.stack,
        ];
        let mut describe = self.aws(shell, &stack);
        describe.args(["--output", "text", "--query", query]);
        describe
    }

    /// The hashes of the scripts that the page there may run; none where there is no stack yet.
    fn inline_scripts(&self, shell: &Shell) -> Outcome<String> {
        let query = "Stacks[0].Parameters[?ParameterKey=='InlineScripts'].ParameterValue";
        match shell::attempt(&mut self.describe(shell, query))? {
            Ok(hashes) => Ok(hashes),
            Err(why) if why.contains(&format!("{} does not exist", self.stack)) => {
                Ok(String::new())
            }
            Err(why) => Err(Failure::new(format!(
                "asking the stack which scripts its page may run failed, so nothing was changed: {why}"
            ))),
        }
    }

    fn outputs(&self, shell: &Shell) -> Outcome<BTreeMap<String, String>> {
        let mut describe = self.describe(shell, "Stacks[0].Outputs[].[OutputKey,OutputValue]");
        let text = shell::capture("reading the stack's outputs", &mut describe)?;
        Ok(text
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect())
    }
}

/// The hashes of a page's scripts, then those the page before it had: it is served until the new one is
/// there. No more of those than the page has itself, or each deployment would add some.
fn joined(new: &str, deployed: &str) -> String {
    let new: Vec<&str> = new.split_whitespace().collect();
    let older = deployed
        .split_whitespace()
        .filter(|hash| hash.starts_with("'sha256-") && !new.contains(hash));
    let all = new.iter().copied().chain(older.take(new.len()));
    all.map(|hash| format!(" {hash}")).collect()
}

fn output<'map>(outputs: &'map BTreeMap<String, String>, name: &str) -> Outcome<&'map str> {
    outputs
        .get(name)
        .map(String::as_str)
        .ok_or_else(|| Failure::new(format!("the stack has no output {name}.")))
}

/// What the page is told: what of it a stage decides.
fn config(url: &str, login: Option<&str>) -> String {
    let login = login.map_or_else(String::new, |path| format!(",\n  \"login\": \"{path}\""));
    format!(
        "{{\n  \"url\": \"{url}\",\n  \"profile\": \"switchboard\",\n  \"tickets\": \"/ticket\"{login}\n}}\n"
    )
}

/// First what others name, for a page must find its files; old ones stay, for pages that are open.
fn site(shell: &Shell, deployment: &Deployment, outputs: &BTreeMap<String, String>) -> Outcome {
    let bucket = format!("s3://{}", output(outputs, "SiteBucket")?);
    let path = shell.repo.at(CONFIG);
    let login = outputs.get("LoginPath").map(String::as_str);
    fs::write(&path, config(output(outputs, "WebSocketUrl")?, login))
        .map_err(|error| Failure::file("write", &path, &error))?;
    for upload in uploads(&bucket) {
        let upload: Vec<&str> = upload.iter().map(String::as_str).collect();
        shell::run("uploading the site", &mut deployment.aws(shell, &upload))?;
    }
    let distribution = output(outputs, "DistributionId")?;
    let invalidate = ["cloudfront", "create-invalidation", "--paths", "/*"];
    let invalidate = [&invalidate[..], &["--distribution-id", distribution]].concat();
    shell::run(
        "telling the caches",
        &mut deployment.aws(shell, &invalidate),
    )
}

/// The uploads in order. CloudFront compresses by itself, so the compressed siblings stay here.
fn uploads(bucket: &str) -> Vec<Vec<String>> {
    // A hash of trunk's: 16 hexadecimal digits, less leading zeros.
    let hashed = "*-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]\
                  [0-9a-f][0-9a-f][0-9a-f]*";
    let sync = |choice: &[&str], cache: &str| -> Vec<String> {
        let mut words = vec!["s3", "sync", "dist", bucket];
        words.extend(choice);
        words.extend(["--exclude", "*.br", "--exclude", "*.gz"]);
        words.extend(["--cache-control", cache, "--no-progress"]);
        words.into_iter().map(str::to_owned).collect()
    };
    let mut later = vec!["--exclude", hashed, "--exclude", "config.json"];
    later.extend(ENTRANCES.iter().flat_map(|name| ["--exclude", name]));
    let mut uploads = vec![
        sync(
            &["--exclude", "*", "--include", hashed],
            "public, max-age=31536000, immutable",
        ),
        sync(&later, "no-cache"),
    ];
    let files = ENTRANCES.map(|name| (format!("dist/{name}"), name));
    let config = [(CONFIG.to_owned(), "config.json")];
    for (file, name) in config.into_iter().chain(files) {
        let to = format!("{bucket}/{name}");
        let words = [
            "s3",
            "cp",
            &file,
            &to,
            "--cache-control",
            "no-cache",
            "--no-progress",
        ];
        uploads.push(words.map(str::to_owned).to_vec());
    }
    uploads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_comes_after_what_it_names() {
        let uploads = uploads("s3://site");
        let lines: Vec<String> = uploads.iter().map(|words| words.join(" ")).collect();
        assert!(lines[0].contains("immutable") && lines[0].contains("--include *-[0-9a-f]"));
        assert!(lines[1].contains("--exclude index.html") && lines[1].contains("no-cache"));
        assert!(lines[2].starts_with("s3 cp target/lambda/config.json s3://site/config.json"));
        assert!(lines[3].starts_with("s3 cp dist/index.html s3://site/index.html"));
        assert!(lines[4].starts_with("s3 cp dist/sw.js s3://site/sw.js"));
        for line in &lines[..2] {
            assert!(line.contains("--exclude *.br --exclude *.gz"), "{line}");
        }
    }

    #[test]
    fn the_page_that_is_there_keeps_its_scripts_until_the_next_one_is() {
        let (theme, a, b, c) = ("'sha256-t='", "'sha256-a='", "'sha256-b='", "'sha256-c='");
        let page = |boot: &str| format!(" {theme} {boot}");
        // No stack yet, and one that is only planned: the command line prints `None`.
        assert_eq!(joined(&page(a), ""), page(a));
        assert_eq!(joined(&page(a), "None"), page(a));
        let second = joined(&page(b), &page(a));
        assert_eq!(second, format!(" {theme} {b} {a}"));
        // Again, because the upload failed: the page is still the first.
        assert_eq!(joined(&page(b), &second), second);
        let mut stack = second;
        for boot in [c, a, b, c] {
            let next = joined(&page(boot), &stack);
            let before = stack.split_whitespace().nth(1).unwrap();
            assert!(next.starts_with(&page(boot)) && next.contains(before));
            assert!(next.split_whitespace().count() <= 4, "{next}");
            stack = next;
        }
    }

    #[test]
    fn the_config_is_what_the_page_reads() {
        let without = config("wss://a.example/prod", None);
        assert!(without.contains("\"url\": \"wss://a.example/prod\""));
        assert!(without.contains("\"tickets\": \"/ticket\"\n}"));
        let with = config("wss://a.example/prod", Some("/auth/"));
        assert!(with.contains("\"tickets\": \"/ticket\",\n  \"login\": \"/auth/\"\n}"));
    }
}
