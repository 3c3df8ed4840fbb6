//! As much of Lambda's Runtime API as one function needs: it hands out an event and takes the
//! answer.

use std::process::Stdio;

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
};

use crate::table::Table;

/// A running function.
pub(crate) struct Function {
    child: Child,
    listener: TcpListener,
    line: BufReader<TcpStream>,
}

/// `response` or `error`, and the body.
pub(crate) type Answer = (String, Value);

impl Function {
    /// Starts the program over `table` and waits until it asks for an event.
    pub(crate) async fn start(program: &str, table: &Table, callback_url: &str) -> Self {
        Self::of(&mut command(program, table, callback_url)).await
    }

    /// Starts the command and waits until it asks for an event.
    pub(crate) async fn of(command: &mut Command) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let child = command
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .spawn()
            .unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let mut function = Self {
            child,
            listener,
            line: BufReader::new(stream),
        };
        let (path, _) = function.request().await;
        assert!(path.ends_with("/runtime/invocation/next"), "{path}");
        function
    }

    /// Hands out an event.
    pub(crate) async fn begin(&mut self, event: &Value) {
        let event = event.to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: r-1\r\n\
             Lambda-Runtime-Deadline-Ms: 4000000000000\r\n\
             Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:::function:f\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{event}",
            event.len()
        );
        self.line
            .get_mut()
            .write_all(head.as_bytes())
            .await
            .unwrap();
    }

    /// Hands out an event, takes the answer, and waits for the next request.
    pub(crate) async fn invoke(&mut self, event: &Value) -> Answer {
        self.begin(event).await;
        let (path, body) = self.request().await;
        let accepted = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
        self.line.get_mut().write_all(accepted).await.unwrap();
        let (next, _) = self.request().await;
        assert!(next.ends_with("/runtime/invocation/next"), "{next}");
        let kind = path.rsplit('/').next().unwrap_or_default().to_owned();
        (kind, serde_json::from_slice(&body).unwrap())
    }

    /// Ends it and gives its log, line by line.
    pub(crate) async fn stop(mut self) -> Vec<Value> {
        self.child.start_kill().unwrap();
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut log).await.unwrap();
        self.child.wait().await.unwrap();
        log.lines()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"))
            .collect()
    }

    /// The path and body of the next request, on this connection or a new one.
    async fn request(&mut self) -> (String, Vec<u8>) {
        loop {
            let mut first = String::new();
            if self.line.read_line(&mut first).await.unwrap() == 0 {
                let (stream, _) = self.listener.accept().await.unwrap();
                self.line = BufReader::new(stream);
                continue;
            }
            let mut length = 0;
            loop {
                let mut header = String::new();
                self.line.read_line(&mut header).await.unwrap();
                let header = header.trim().to_lowercase();
                if header.is_empty() {
                    break;
                }
                if let Some(value) = header.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            self.line.read_exact(&mut body).await.unwrap();
            let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
            return (path, body);
        }
    }
}

/// The program in the environment that Lambda and the template give it.
pub(crate) fn command(program: &str, table: &Table, callback_url: &str) -> Command {
    let environment = table.environment();
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs([
            ("AWS_REGION", environment.platform.region.as_str()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_LAMBDA_FUNCTION_NAME", "f"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("TABLE_NAME", environment.table.as_str()),
            ("CALLBACK_URL", callback_url),
            ("TICKETS_TABLE", environment.table.as_str()),
            ("LOG_LEVEL", "trace"),
        ])
        .envs(
            environment
                .platform
                .endpoint_url
                .map(|url| ("AWS_ENDPOINT_URL", url)),
        )
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}
