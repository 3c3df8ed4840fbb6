//! What to measure. Called by xtask, so the parser is strict and short.

/// A server under test.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) name: String,
    pub(crate) url: String,
    /// Whose memory is read from /proc.
    pub(crate) process: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Args {
    pub(crate) servers: Vec<Server>,
    pub(crate) connections: u32,
    pub(crate) fan_out: u32,
    pub(crate) messages: u32,
    pub(crate) json: bool,
}

pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Args, String> {
    let mut words = words.into_iter();
    let mut args = Args {
        servers: Vec::new(),
        connections: 2000,
        fan_out: 1000,
        messages: 50,
        json: false,
    };
    while let Some(option) = words.next() {
        let mut value = || {
            words
                .next()
                .ok_or_else(|| format!("{option} lacks a value"))
        };
        match option.as_str() {
            "--server" => args.servers.push(Server {
                name: value()?,
                url: value()?,
                process: number(&option, &value()?)?,
            }),
            "--connections" => args.connections = number(&option, &value()?)?,
            "--fan-out" => args.fan_out = number(&option, &value()?)?,
            "--messages" => args.messages = number(&option, &value()?)?,
            "--json" => args.json = true,
            _ => return Err(format!("unknown option {option}")),
        }
    }
    if args.servers.is_empty() {
        return Err("no server given: --server NAME ws://… PID".to_owned());
    }
    Ok(args)
}

fn number(option: &str, word: &str) -> Result<u32, String> {
    match word.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("{option} needs a number above 0, not `{word}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn parsed(line: &str) -> Result<super::Args, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_server_has_a_name_an_address_and_a_process() {
        let args = parsed("--server a ws://h/dev 7 --fan-out 3 --json").unwrap();
        assert_eq!(args.servers[0].process, 7);
        assert_eq!((args.connections, args.fan_out, args.json), (2000, 3, true));
    }

    #[test]
    fn what_is_missing_is_said() {
        assert!(parsed("").unwrap_err().contains("--server"));
        assert!(
            parsed("--server a ws://h/dev x")
                .unwrap_err()
                .contains("`x`")
        );
        assert!(parsed("--messages").unwrap_err().contains("lacks"));
    }
}
