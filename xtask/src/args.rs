//! The command line, parsed once into what each command needs.

use crate::{cost::Case, deploy::Deployment, test::Step};

pub(crate) const USAGE: &str = "\
cargo xtask <command>

  dev    install what is missing, build, start the gateway and the app, open for two people
           --port N           the page's port (8080)
           --gateway-port N   the gateway's port (8787)
  test   everything that has to hold: fmt, clippy, native, sim, aws, peers,
         browser, size, e2e
           --only STEP        run this step; may be given more than once
           --skip STEP        leave this step out; may be given more than once
  look   a picture of every screen, light and dark, phone and desktop, against the reference pictures
           --update           accept what is there
           --look LOOK        those of this look, e.g. phone-dark
           --act ACT          those of this act of e2e/look/screens.mjs
  build  the release: dist/ with .br and .gz beside each file, and the gateway that serves it
           --demo             a site for any file server, which opens the demo; no gateway
  package  the functions for Lambda (arm64) in target/lambda/, and the site in dist/
           --functions        the functions alone
  deploy --stack NAME  what package made, by the SAM and AWS command lines; shows the plan
           --region REGION    where, if not where the AWS command line goes by itself
           --parameter K=V    of serverless/template.yaml; may be given more than once
           --yes              carry the plan out
  cost   what a month costs on AWS, from counted operations
           --users N          people (1000), each with --devices N connections (1)
           --hours N          a day that they are connected (8), on --days N of a month (22)
           --messages N       that each sends in a day (50), to --rooms N people at a time (2)
           --conversations N  of each (10); --opens N connections a day (4)
           --ping N           seconds between pings (30); --milliseconds N of an invocation (20)
  bench  measurements: size, roundtrip, rendering, typing, cold,
         lighthouse, load, functions
           --only PART        run this part; may be given more than once
           --connections N    idle connections held (2000)
           --fan-out N        connections one message goes to (1000)
           --messages N       messages fanned out (50)
           --json             one JSON document on stdout, nothing else there
  peers  the step of that name, and serverless-offline under load beside our gateway
  soak   worlds of the simulation: the production client and handlers on virtual time
           --seeds A..B       which (0..200)
           --hours H          virtual hours in which things go wrong (3)
           --profile NAME     stormy, holes, storage, reconnects or quiet
           --mutant NAME      with this mechanism switched off
           --mutants          every mutant, or the one named, until a seed fails; --count counts all
           --jobs N           threads
  replay FILE  runs the schedule of a failure again, event for event, or the trace of a page
  setup  only install what dev and test need
";

#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Setup,
    Dev(Ports),
    Test(Vec<Step>),
    Build(Target),
    Package {
        with_site: bool,
    },
    Deploy(Deployment),
    Cost(Case),
    /// Handed on to `e2e/look/look.mjs`.
    Look(Vec<String>),
    Bench(Bench),
    Peers,
    /// Handed on to the simulation's own program, which parses them.
    Soak(Vec<String>),
    Replay(String),
}

/// What is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The app and the gateway that serves it.
    Deployment,
    /// The app alone, which opens the demo.
    Demo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ports {
    pub(crate) page: u16,
    pub(crate) gateway: u16,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bench {
    pub(crate) parts: Vec<Part>,
    pub(crate) connections: u32,
    pub(crate) fan_out: u32,
    pub(crate) messages: u32,
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Size,
    /// From Enter in one page to the text in another.
    Roundtrip,
    /// Against a page by hand and a React kit.
    Rendering,
    /// Keys while messages arrive.
    Typing,
    /// A first visit, throttled.
    Cold,
    Lighthouse,
    Load,
    /// The programs of `crates/lambda`: from their start to an event, and a message through them.
    Functions,
}

impl Part {
    pub(crate) const ALL: [Self; 8] = [
        Self::Size,
        Self::Roundtrip,
        Self::Rendering,
        Self::Typing,
        Self::Cold,
        Self::Lighthouse,
        Self::Load,
        Self::Functions,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Roundtrip => "roundtrip",
            Self::Rendering => "rendering",
            Self::Typing => "typing",
            Self::Cold => "cold",
            Self::Lighthouse => "lighthouse",
            Self::Load => "load",
            Self::Functions => "functions",
        }
    }
}

/// Parses what stands after `cargo xtask`; the error is a sentence.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut words = Words(arguments.into_iter());
    let Some(command) = words.0.next() else {
        return Ok(Command::Help);
    };
    match command.as_str() {
        "help" | "-h" | "--help" => Ok(Command::Help),
        "setup" => words.end("setup").map(|()| Command::Setup),
        "build" => build(words).map(Command::Build),
        "package" => package(words),
        "cost" => cost(words).map(Command::Cost),
        "deploy" => deploy(words).map(Command::Deploy),
        "dev" => dev(words).map(Command::Dev),
        "test" => test(words).map(Command::Test),
        "look" => look(words).map(Command::Look),
        "bench" => bench(words).map(Command::Bench),
        "peers" => words.end("peers").map(|()| Command::Peers),
        "soak" => Ok(Command::Soak(words.0.collect())),
        "replay" => replay(words).map(Command::Replay),
        _ => Err(format!(
            "there is no command `{command}`: it is one of dev, test, look, build, package, deploy, cost, bench, peers, soak, replay, setup."
        )),
    }
}

fn build(mut words: Words<impl Iterator<Item = String>>) -> Result<Target, String> {
    match words.0.next() {
        None => Ok(Target::Deployment),
        Some(option) if option == "--demo" => words.end("build").map(|()| Target::Demo),
        Some(option) => Err(unknown("build", &option)),
    }
}

fn package(mut words: Words<impl Iterator<Item = String>>) -> Result<Command, String> {
    match words.0.next() {
        None => Ok(Command::Package { with_site: true }),
        Some(option) if option == "--functions" => words
            .end("package")
            .map(|()| Command::Package { with_site: false }),
        Some(option) => Err(unknown("package", &option)),
    }
}

fn cost(mut words: Words<impl Iterator<Item = String>>) -> Result<Case, String> {
    let mut case = Case::default();
    while let Some(option) = words.0.next() {
        let field = match option.as_str() {
            "--users" => &mut case.users,
            "--devices" => &mut case.devices,
            "--hours" => &mut case.hours,
            "--days" => &mut case.days,
            "--messages" => &mut case.messages,
            "--rooms" => &mut case.rooms,
            "--conversations" => &mut case.conversations,
            "--opens" => &mut case.opens,
            "--ping" => &mut case.ping,
            "--milliseconds" => &mut case.milliseconds,
            _ => return Err(unknown("cost", &option)),
        };
        *field = words.number(&option)?;
    }
    Ok(case)
}

fn deploy(mut words: Words<impl Iterator<Item = String>>) -> Result<Deployment, String> {
    let (mut stack, mut region, mut parameters, mut yes) = (None, None, Vec::new(), false);
    while let Some(option) = words.0.next() {
        let mut value = || {
            let value = words.0.next().filter(|value| !value.starts_with("--"));
            value.ok_or_else(|| format!("{option} needs a value."))
        };
        match option.as_str() {
            "--stack" => stack = Some(value()?),
            "--region" => region = Some(value()?),
            "--parameter" => {
                let parameter = value()?;
                if !parameter.contains('=') {
                    return Err(format!("--parameter takes NAME=VALUE, not `{parameter}`."));
                }
                parameters.push(parameter);
            }
            "--yes" => yes = true,
            _ => return Err(unknown("deploy", &option)),
        }
    }
    Ok(Deployment {
        stack: stack.ok_or("deploy needs --stack NAME: which one is yours to say.")?,
        region,
        parameters,
        yes,
    })
}

fn replay(mut words: Words<impl Iterator<Item = String>>) -> Result<String, String> {
    match words.0.next() {
        Some(file) => words.end("replay").map(|()| file),
        None => Err(
            "replay needs the file that `cargo xtask soak` wrote or that a page exported."
                .to_owned(),
        ),
    }
}

fn dev(mut words: Words<impl Iterator<Item = String>>) -> Result<Ports, String> {
    let mut ports = Ports {
        page: 8080,
        gateway: 8787,
    };
    while let Some(option) = words.0.next() {
        match option.as_str() {
            "--port" => ports.page = words.number("--port")?,
            "--gateway-port" => ports.gateway = words.number("--gateway-port")?,
            _ => return Err(unknown("dev", &option)),
        }
    }
    if ports.page == ports.gateway {
        return Err(format!(
            "the page and the gateway cannot both have port {}: give them different ones.",
            ports.page
        ));
    }
    Ok(ports)
}

fn test(mut words: Words<impl Iterator<Item = String>>) -> Result<Vec<Step>, String> {
    let (mut only, mut skip) = (Vec::new(), Vec::new());
    while let Some(option) = words.0.next() {
        match option.as_str() {
            "--only" => only.push(words.one_of("--only", &Step::ALL, Step::name)?),
            "--skip" => skip.push(words.one_of("--skip", &Step::ALL, Step::name)?),
            _ => return Err(unknown("test", &option)),
        }
    }
    Ok(Step::ALL
        .into_iter()
        .filter(|step| (only.is_empty() || only.contains(step)) && !skip.contains(step))
        .collect())
}

fn bench(mut words: Words<impl Iterator<Item = String>>) -> Result<Bench, String> {
    let mut bench = Bench {
        parts: Vec::new(),
        connections: 2000,
        fan_out: 1000,
        messages: 50,
        json: false,
    };
    while let Some(option) = words.0.next() {
        match option.as_str() {
            "--only" => {
                let part = words.one_of("--only", &Part::ALL, Part::name)?;
                bench.parts.push(part);
            }
            "--connections" => bench.connections = words.number("--connections")?,
            "--fan-out" => bench.fan_out = words.number("--fan-out")?,
            "--messages" => bench.messages = words.number("--messages")?,
            "--json" => bench.json = true,
            _ => return Err(unknown("bench", &option)),
        }
    }
    if bench.parts.is_empty() {
        bench.parts.extend(Part::ALL);
    }
    Ok(bench)
}

fn look(mut words: Words<impl Iterator<Item = String>>) -> Result<Vec<String>, String> {
    let mut options = Vec::new();
    while let Some(option) = words.0.next() {
        match option.as_str() {
            "--update" => options.push(option),
            "--look" | "--act" => {
                let Some(name) = words.0.next() else {
                    return Err(format!("{option} needs a name."));
                };
                options.extend([option, name]);
            }
            _ => return Err(unknown("look", &option)),
        }
    }
    Ok(options)
}

fn unknown(command: &str, option: &str) -> String {
    format!(
        "`cargo xtask {command}` does not know `{option}`; `cargo xtask help` lists what it does."
    )
}

struct Words<I>(I);

impl<I: Iterator<Item = String>> Words<I> {
    fn end(mut self, command: &str) -> Result<(), String> {
        self.0
            .next()
            .map_or(Ok(()), |option| Err(unknown(command, &option)))
    }

    /// A whole number above zero.
    fn number<N: std::str::FromStr + PartialOrd + From<u8>>(
        &mut self,
        option: &str,
    ) -> Result<N, String> {
        let word = self.0.next().unwrap_or_default();
        match word.parse::<N>() {
            Ok(number) if number > N::from(0) => Ok(number),
            _ => Err(format!(
                "{option} needs a whole number it can use, and got `{word}`."
            )),
        }
    }

    fn one_of<T: Copy>(
        &mut self,
        option: &str,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Result<T, String> {
        let word = self.0.next().unwrap_or_default();
        all.iter()
            .copied()
            .find(|candidate| name(*candidate) == word)
            .ok_or_else(|| {
                let names: Vec<_> = all.iter().map(|candidate| name(*candidate)).collect();
                format!("{option} takes one of {}, not `{word}`.", names.join(", "))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn dev_has_default_ports_and_takes_others() {
        let ports = |page, gateway| Ok(Command::Dev(Ports { page, gateway }));
        assert_eq!(parsed("dev"), ports(8080, 8787));
        assert_eq!(
            parsed("dev --gateway-port 9001 --port 9000"),
            ports(9000, 9001)
        );
    }

    #[test]
    fn a_bad_port_is_named() {
        for line in [
            "dev --port",
            "dev --port 0",
            "dev --port 70000",
            "dev --port x",
        ] {
            let sentence = parsed(line).unwrap_err();
            assert!(sentence.starts_with("--port needs"), "{line}: {sentence}");
        }
        assert!(parsed("dev --port 8787").unwrap_err().contains("8787"));
    }

    #[test]
    fn only_and_skip_choose_steps_in_their_own_order() {
        assert_eq!(parsed("test"), Ok(Command::Test(Step::ALL.to_vec())));
        assert_eq!(
            parsed("test --only clippy --only fmt"),
            Ok(Command::Test(vec![Step::Fmt, Step::Clippy]))
        );
        assert_eq!(
            parsed("test --only e2e --only size --skip size"),
            Ok(Command::Test(vec![Step::E2e]))
        );
        assert!(parsed("test --only lint").unwrap_err().contains("clippy"));
    }

    #[test]
    fn soak_hands_its_options_on_and_replay_takes_a_file() {
        assert_eq!(
            parsed("soak --seeds 0..9"),
            Ok(Command::Soak(vec!["--seeds".to_owned(), "0..9".to_owned()]))
        );
        assert_eq!(
            parsed("replay f.json"),
            Ok(Command::Replay("f.json".to_owned()))
        );
        assert!(parsed("replay").unwrap_err().contains("the file"));
        assert!(parsed("replay a b").unwrap_err().contains("`b`"));
    }

    #[test]
    fn look_takes_a_look_an_act_and_whether_to_accept() {
        let options = ["--act", "chat", "--update"].map(str::to_owned);
        assert_eq!(
            parsed("look --act chat --update"),
            Ok(Command::Look(options.to_vec()))
        );
        assert!(parsed("look --act").unwrap_err().contains("a name"));
        assert!(parsed("look --accept").unwrap_err().contains("`--accept`"));
    }

    #[test]
    fn deploy_needs_a_stack_and_shows_its_plan_first() {
        let deployment = |yes| {
            Ok(Command::Deploy(Deployment {
                stack: "chat".to_owned(),
                region: Some("eu-central-1".to_owned()),
                parameters: vec!["Stage=prod".to_owned(), "UserClaim=email".to_owned()],
                yes,
            }))
        };
        let line = "deploy --stack chat --region eu-central-1 --parameter Stage=prod --parameter UserClaim=email";
        assert_eq!(parsed(line), deployment(false));
        assert_eq!(parsed(&format!("{line} --yes")), deployment(true));
        for (line, word) in [
            ("deploy", "--stack"),
            ("deploy --stack", "--stack"),
            ("deploy --stack --yes", "--stack"),
            ("deploy --stack chat --parameter Stage", "NAME=VALUE"),
            ("deploy --stack chat --now", "`--now`"),
            ("package --site", "`--site`"),
        ] {
            assert!(parsed(line).unwrap_err().contains(word), "{line}");
        }
        assert_eq!(parsed("package"), Ok(Command::Package { with_site: true }));
    }

    #[test]
    fn cost_takes_numbers() {
        let Ok(Command::Cost(case)) = parsed("cost --users 7 --rooms 3 --ping 240") else {
            panic!("no case");
        };
        let expected = Case {
            users: 7,
            rooms: 3,
            ping: 240,
            ..Case::default()
        };
        assert_eq!(case, expected);
        assert!(
            parsed("cost --users 0")
                .unwrap_err()
                .contains("--users needs")
        );
        assert!(
            parsed("cost --people 3")
                .unwrap_err()
                .contains("`--people`")
        );
    }

    #[test]
    fn build_makes_a_deployment_or_the_demo() {
        assert_eq!(parsed("build"), Ok(Command::Build(Target::Deployment)));
        assert_eq!(parsed("build --demo"), Ok(Command::Build(Target::Demo)));
        assert!(parsed("build --demo x").unwrap_err().contains("`x`"));
    }

    #[test]
    fn what_is_not_known_is_said() {
        assert_eq!(parsed("peers"), Ok(Command::Peers));
        assert!(parsed("peers all").unwrap_err().contains("`all`"));
        assert!(parsed("destroy").unwrap_err().contains("`destroy`"));
        assert!(parsed("build --fast").unwrap_err().contains("`--fast`"));
        assert_eq!(parsed(""), Ok(Command::Help));
    }
}
