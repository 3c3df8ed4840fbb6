//! The template, deployed into an emulator with the programs of this build.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use switchboard_identity::test_support::provider::{AUDIENCE, ISSUER, Provider};
use tokio_tungstenite::tungstenite::Error;

use crate::{socket::Socket, support::keys_of};

pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name}: `cargo xtask test --only aws` sets it"))
}

/// What an SDK asks of an endpoint: the emulator's, if not said otherwise, and the SDK for Python.
pub(crate) struct Bridge {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub(crate) endpoint: String,
}

impl Bridge {
    /// To the emulator, as its root.
    fn start() -> Self {
        Self::to(&variable("SWITCHBOARD_EMULATOR"), "test")
    }

    /// To another endpoint, signed with this secret.
    pub(crate) fn to(endpoint: &str, secret: &str) -> Self {
        let python = variable("SWITCHBOARD_PYTHON");
        Self::by(&python, "python/bridge.py", endpoint, secret)
    }

    /// By the SDK for another language: a script in `xtask` that takes the same lines.
    pub(crate) fn by(interpreter: &str, script: &str, endpoint: &str, secret: &str) -> Self {
        let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask");
        let mut child = Command::new(interpreter)
            .arg(format!("{scripts}/{script}"))
            .args([endpoint, secret])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
            endpoint: endpoint.to_owned(),
        }
    }

    /// An operation that succeeds.
    pub(crate) fn call(&mut self, service: &str, operation: &str, arguments: Value) -> Value {
        let answer = self.attempt(service, operation, arguments);
        assert_eq!(answer["error"], Value::Null, "{service} {operation}");
        answer
    }

    /// An operation that may fail: `{"error": code, "message": …}`.
    pub(crate) fn attempt(&mut self, service: &str, operation: &str, arguments: Value) -> Value {
        let line = json!([service, operation, arguments]);
        writeln!(self.input, "{line}").unwrap();
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{service} {operation}: {answer}"))
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A deployed stack.
pub(crate) struct Stack {
    pub(crate) aws: Bridge,
    name: String,
    outputs: Value,
    resources: Value,
    restarts: u32,
    provider: Arc<Provider>,
}

impl Stack {
    /// Deploys the template under this name, all dialects served.
    pub(crate) fn deploy(name: &str) -> Self {
        Self::bounded(name, 512)
    }

    /// The same with another bound of rooms.
    pub(crate) fn bounded(name: &str, bound: usize) -> Self {
        // The emulator may outlive a run of the tests.
        let name = &format!("{name}-{}", std::process::id());
        let mut aws = Bridge::start();
        let bucket = format!("code-{name}");
        aws.call(
            "s3",
            "create_bucket",
            json!({
                "Bucket": bucket,
                "CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"},
            }),
        );
        let mut template = include_str!("../../../../serverless/template.yaml").to_owned();
        for (key, program) in [
            ("routes", env!("CARGO_BIN_EXE_routes")),
            ("publisher", env!("CARGO_BIN_EXE_publisher")),
            ("kick", env!("CARGO_BIN_EXE_kick")),
            ("authorizer", env!("CARGO_BIN_EXE_authorizer")),
            ("tickets", env!("CARGO_BIN_EXE_tickets")),
        ] {
            aws.call("code", &bucket, json!([key, program]));
            let (local, packaged) = (
                format!("../target/lambda/{key}"),
                format!("s3://{bucket}/{key}"),
            );
            template = template.replace(&local, &packaged);
        }
        let endpoint = aws.endpoint.clone();
        let provider = Provider::new();
        let parameters = [
            ("IdentityMode", "bearer"),
            ("TokenIssuer", ISSUER),
            ("TokenAudience", AUDIENCE),
            ("TokenKeys", &keys_of(&provider)),
            ("OlderDialects", "true"),
            ("FanOutBound", &bound.to_string()),
            ("EmulatorEndpoint", &endpoint),
        ];
        let parameters =
            parameters.map(|(key, value)| json!({"ParameterKey": key, "ParameterValue": value}));
        aws.call(
            "cloudformation",
            "create_stack",
            json!({
                "StackName": name,
                "TemplateBody": template,
                "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
                "Parameters": parameters,
            }),
        );
        let stack = settled(&mut aws, name, "CREATE_COMPLETE");
        let resources = json!({"StackName": name});
        let resources = aws.call("cloudformation", "describe_stack_resources", resources);
        Self {
            aws,
            name: name.to_owned(),
            outputs: stack["Outputs"].clone(),
            resources: resources["StackResources"].clone(),
            restarts: 0,
            provider,
        }
    }

    /// Deploys it again with another value of one parameter.
    pub(crate) fn update(&mut self, parameter: &str, value: &str) {
        let name = json!({"StackName": self.name});
        let found = self.aws.call("cloudformation", "describe_stacks", name);
        let parameters = found["Stacks"][0]["Parameters"].as_array().unwrap().iter();
        let parameters: Vec<Value> = parameters
            .map(|one| match one["ParameterKey"] == parameter {
                true => json!({"ParameterKey": parameter, "ParameterValue": value}),
                false => json!({"ParameterKey": one["ParameterKey"], "UsePreviousValue": true}),
            })
            .collect();
        self.aws.call(
            "cloudformation",
            "update_stack",
            json!({
                "StackName": self.name,
                "UsePreviousTemplate": true,
                "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
                "Parameters": parameters,
            }),
        );
        let stack = settled(&mut self.aws, &self.name, "UPDATE_COMPLETE");
        self.outputs = stack["Outputs"].clone();
    }

    /// The answer to somebody who asks for a ticket with their token.
    pub(crate) fn ask_ticket(&mut self, user: &str) -> (u64, Value) {
        let url = self.output("TicketUrl");
        let api = url.strip_prefix("https://").unwrap();
        let (api, _) = api.split_once('.').unwrap();
        let url = format!(
            "{}/_aws/execute-api/{api}/$default/ticket",
            self.aws.endpoint
        );
        let token = self
            .provider
            .token(json!({"sub": user, "exp": 4_000_000_000_u64}));
        let headers = json!({
            "Authorization": format!("Bearer {token}"), "Content-Type": "application/json",
        });
        let body = json!({"userId": user}).to_string();
        let asked = json!({"headers": headers, "body": body});
        let answer = self.aws.call("http", &url, asked);
        let body = answer["body"].as_str().unwrap();
        let body = serde_json::from_str(body).unwrap_or_else(|_| json!(body));
        (answer["status"].as_u64().unwrap(), body)
    }

    /// A new ticket of theirs, as the query of a handshake.
    pub(crate) fn ticket(&mut self, user: &str) -> String {
        let (status, body) = self.ask_ticket(user);
        assert_eq!(status, 200, "{body}");
        format!("?ticket={}", body["ticket"].as_str().unwrap())
    }

    /// Somebody's new connection.
    pub(crate) async fn join(&mut self, user: &str) -> Result<Socket, Error> {
        let query = self.ticket(user);
        Socket::connect(&self.websocket_url(), &query).await
    }

    /// Where sockets connect in the emulator.
    pub(crate) fn websocket_url(&self) -> String {
        let url = self.output("WebSocketUrl");
        let (api, _) = url.strip_prefix("wss://").unwrap().split_once('.').unwrap();
        let host = self.aws.endpoint.replace("http://", "ws://");
        format!("{host}/_aws/execute-api/{api}/prod")
    }

    pub(crate) fn output(&self, name: &str) -> String {
        let outputs = self.outputs.as_array().unwrap().iter();
        let mut found = outputs.filter(|output| output["OutputKey"] == name);
        found.next().unwrap()["OutputValue"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The name that a resource of the template got.
    pub(crate) fn resource(&self, name: &str) -> String {
        let resources = self.resources.as_array().unwrap().iter();
        let mut found = resources.filter(|resource| resource["LogicalResourceId"] == name);
        found.next().unwrap()["PhysicalResourceId"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// What a role's one policy says.
    pub(crate) fn policy(&mut self, role: &str, policy: &str) -> Value {
        let role = self.resource(role);
        let names = json!({"RoleName": role, "PolicyName": policy});
        self.aws.call("iam", "get_role_policy", names)["PolicyDocument"].clone()
    }

    /// Replaces it, and has the function start anew, without what it remembers.
    pub(crate) fn set_policy(
        &mut self,
        role: &str,
        policy: &str,
        function: &str,
        document: &Value,
    ) {
        let role = self.resource(role);
        let names = json!({
            "RoleName": role, "PolicyName": policy, "PolicyDocument": document.to_string(),
        });
        self.aws.call("iam", "put_role_policy", names);
        self.restarts += 1;
        let function = self.resource(function);
        let change = json!({"FunctionName": function, "MemorySize": 256 + self.restarts});
        self.aws
            .call("lambda", "update_function_configuration", change);
    }

    /// How many records a queue holds, in whatever state.
    pub(crate) fn depth(&mut self, queue: &str) -> usize {
        let asked = json!({"QueueUrl": self.output(queue), "AttributeNames": ["All"]});
        let found = self.aws.call("sqs", "get_queue_attributes", asked);
        [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
        ]
        .iter()
        .map(|name| {
            found["Attributes"][name]
                .as_str()
                .unwrap()
                .parse::<usize>()
                .unwrap()
        })
        .sum()
    }

    /// Ends somebody's connections, as whoever runs the deployment does.
    pub(crate) fn kick(&mut self, user: &str) -> Value {
        let payload = json!({"userId": user}).to_string();
        let function = self.output("KickFunction");
        let call = json!({"FunctionName": function, "Payload": payload});
        let answer = self.aws.call("lambda", "invoke", call);
        serde_json::from_str(answer["Payload"].as_str().unwrap()).unwrap()
    }

    /// A text for everyone.
    pub(crate) fn publish(&mut self, text: &str) {
        let record = json!({"QueueUrl": self.output("QueueUrl"), "MessageBody": text});
        self.aws.call("sqs", "send_message", record);
    }
}

/// The stack once nothing is in progress any more, which must have ended so.
fn settled(aws: &mut Bridge, name: &str, status: &str) -> Value {
    let name = json!({"StackName": name});
    loop {
        let found = aws.call("cloudformation", "describe_stacks", name.clone());
        let stack = &found["Stacks"][0];
        if !stack["StackStatus"]
            .as_str()
            .unwrap()
            .contains("_IN_PROGRESS")
        {
            assert_eq!(stack["StackStatus"], status, "{stack}");
            return stack.clone();
        }
        thread::sleep(Duration::from_millis(100));
    }
}

impl Drop for Stack {
    /// Whose functions would otherwise run on in the emulator.
    fn drop(&mut self) {
        let _ = self.aws.attempt(
            "cloudformation",
            "delete_stack",
            json!({"StackName": self.name}),
        );
    }
}
