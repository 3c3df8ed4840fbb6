//! What the template says, as CloudFormation gets it: `SWITCHBOARD_TEMPLATE` names its expansion.
//! The linters hold its form; here stands what they cannot know.

use std::collections::BTreeSet;

use serde_json::Value;
use switchboard_backend::ROUTES;
use switchboard_lambda::Environment;

const ROUTES_FUNCTION: &str = "RoutesFunction";
const PUBLISHER_FUNCTION: &str = "PublisherFunction";

struct Template(Value);

impl Template {
    fn read() -> Self {
        let path = std::env::var("SWITCHBOARD_TEMPLATE")
            .expect("SWITCHBOARD_TEMPLATE: `cargo xtask test --only aws` sets it");
        let text = std::fs::read_to_string(path).unwrap();
        Self(serde_json::from_str(&text).unwrap())
    }

    /// The properties of a resource.
    fn of(&self, name: &str) -> &Value {
        let resource = &self.0["Resources"][name]["Properties"];
        assert!(resource.is_object(), "no {name}");
        resource
    }

    /// Names and properties of the resources of a type.
    fn all<'template>(
        &'template self,
        kind: &'template str,
    ) -> impl Iterator<Item = (&'template str, &'template Value)> {
        let resources = self.0["Resources"].as_object().unwrap().iter();
        resources
            .filter(move |(_, resource)| resource["Type"] == kind)
            .map(|(name, resource)| (name.as_str(), &resource["Properties"]))
    }

    /// Every statement of every role.
    fn statements(&self) -> Vec<&Value> {
        let roles = self.all("AWS::IAM::Role").map(|(_, role)| role);
        roles.flat_map(statements).collect()
    }
}

fn statements(role: &Value) -> Vec<&Value> {
    let policies = role["Policies"].as_array().unwrap().iter();
    policies
        .flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap())
        .collect()
}

/// One, or a list of them.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().map(|value| value.as_str().unwrap()).collect(),
        other => panic!("{other}"),
    }
}

fn actions(role: &Value) -> BTreeSet<&str> {
    let statements = statements(role).into_iter();
    statements
        .flat_map(|statement| texts(&statement["Action"]))
        .collect()
}

/// SAM drops one of two routes whose keys differ in case alone, and says nothing.
#[test]
fn every_route_of_the_backend_is_one_of_the_api() {
    let template = Template::read();
    let routes = template.all("AWS::ApiGatewayV2::Route");
    let routes: BTreeSet<&str> = routes
        .map(|(_, route)| {
            assert!(!route["Target"].is_null(), "{route}");
            // One-way: what a handler answers is for the log.
            assert_eq!(route["RouteResponseSelectionExpression"], Value::Null);
            route["RouteKey"].as_str().unwrap()
        })
        .collect();
    assert_eq!(routes, ROUTES.iter().copied().collect());
    let allowed: Vec<String> = template
        .all("AWS::Lambda::Permission")
        .map(|(_, permission)| permission["SourceArn"].to_string())
        .collect();
    for route in ROUTES {
        let suffix = format!("/{route}\"");
        let found = allowed.iter().filter(|arn| arn.contains(&suffix)).count();
        assert_eq!(found, 1, "{route}: {allowed:?}");
    }
    assert_eq!(allowed.len(), ROUTES.len());
    for (name, integration) in template.all("AWS::ApiGatewayV2::Integration") {
        assert_eq!(integration["IntegrationType"], "AWS_PROXY", "{name}");
        assert!(integration.to_string().contains(ROUTES_FUNCTION), "{name}");
    }
}

#[test]
fn no_role_may_do_everything_or_scan() {
    let template = Template::read();
    for statement in template.statements() {
        assert_eq!(statement["Effect"], "Allow");
        for action in texts(&statement["Action"]) {
            assert!(
                !action.contains('*') && !action.contains("Scan"),
                "{action}"
            );
        }
        let resource = &statement["Resource"];
        assert!(
            resource.is_object(),
            "no resource of this template: {resource}"
        );
    }
    for (name, role) in template.all("AWS::IAM::Role") {
        assert_eq!(role["ManagedPolicyArns"], Value::Null, "{name}");
    }
}

#[test]
fn connections_may_be_posted_to_on_this_stage_and_no_more() {
    let template = Template::read();
    let mut found = 0;
    for statement in template.statements() {
        if texts(&statement["Action"]).contains(&"execute-api:ManageConnections") {
            found += 1;
            let arn = statement["Resource"]["Fn::Sub"].as_str().unwrap();
            assert!(
                arn.ends_with(":${Api}/${Stage}/POST/@connections/*"),
                "{arn}"
            );
        }
    }
    assert_eq!(found, 2);
}

/// The operations that `routes.rs` counts on the wire, by the function that causes them.
#[test]
fn each_role_may_do_what_its_function_does() {
    let template = Template::read();
    let table: BTreeSet<&str> = [
        "dynamodb:BatchGetItem",
        "dynamodb:DeleteItem",
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    ]
    .into();
    let common: BTreeSet<&str> = [
        "execute-api:ManageConnections",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ]
    .into();
    assert_eq!(actions(template.of("RoutesRole")), &table | &common);
    let queue: BTreeSet<&str> = [
        "dynamodb:DeleteItem",
        "dynamodb:Query",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
    ]
    .into();
    assert_eq!(actions(template.of("PublisherRole")), &queue | &common);
}

/// With those that Lambda sets by itself.
#[test]
fn the_functions_get_every_variable_they_need() {
    let template = Template::read();
    for name in [ROUTES_FUNCTION, PUBLISHER_FUNCTION] {
        let variables = &template.of(name)["Environment"]["Variables"];
        let environment = Environment::read(|variable| match variable {
            "AWS_REGION" | "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("x".to_owned()),
            "OLDER_DIALECTS" => Some("false".to_owned()),
            "IDENTITY" => Some("demo".to_owned()),
            _ => variables.get(variable).map(Value::to_string),
        })
        .unwrap();
        assert!(!environment.settings.allowed_origins.is_empty());
        for variable in ["OLDER_DIALECTS", "IDENTITY"] {
            assert!(
                variables[variable].is_object(),
                "{variable} is no parameter"
            );
        }
        let callback = variables["CALLBACK_URL"]["Fn::If"][2].to_string();
        assert!(
            callback.contains("https://${Api}.execute-api."),
            "{callback}"
        );
    }
}

#[test]
fn the_functions_are_those_of_this_crate_and_no_others() {
    let template = Template::read();
    let functions: BTreeSet<&str> = template
        .all("AWS::Lambda::Function")
        .map(|(name, function)| {
            assert_eq!(function["Architectures"], serde_json::json!(["arm64"]));
            assert!(!function["LoggingConfig"]["LogGroup"].is_null(), "{name}");
            name
        })
        .collect();
    assert_eq!(functions, [ROUTES_FUNCTION, PUBLISHER_FUNCTION].into());
    let raw = include_str!("../../../../serverless/template.yaml");
    let code: Vec<&str> = raw
        .lines()
        .filter_map(|line| line.trim().strip_prefix("CodeUri: "))
        .collect();
    assert_eq!(
        code,
        ["../target/lambda/routes", "../target/lambda/publisher"]
    );
}

#[test]
fn the_queue_gives_the_publisher_time_and_bad_records_a_place() {
    let template = Template::read();
    let (queue, publisher) = (template.of("Queue"), template.of(PUBLISHER_FUNCTION));
    let visible_after = queue["VisibilityTimeout"].as_u64().unwrap();
    assert!(visible_after >= 6 * publisher["Timeout"].as_u64().unwrap());
    let dead = &queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0];
    assert_eq!(dead, "DeadLetters");
    assert_eq!(
        template.of("DeadLetters")["MessageRetentionPeriod"],
        14 * 24 * 60 * 60
    );
    let mappings: Vec<_> = template.all("AWS::Lambda::EventSourceMapping").collect();
    assert_eq!(mappings.len(), 1);
    let mapping = mappings[0].1;
    assert_eq!(
        mapping["FunctionResponseTypes"][0],
        "ReportBatchItemFailures"
    );
    assert_eq!(mapping["BatchSize"], 10);
    assert!(mapping["ScalingConfig"]["MaximumConcurrency"].is_u64());
}

#[test]
fn the_table_is_as_the_store_expects_it_and_can_be_restored() {
    let template = Template::read();
    let table = template.of("Table");
    let keys = table["KeySchema"].as_array().unwrap();
    let keys: Vec<_> = keys
        .iter()
        .map(|key| {
            (
                key["AttributeName"].as_str().unwrap(),
                key["KeyType"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(keys, [("PK", "HASH"), ("SK", "RANGE")]);
    assert_eq!(table["TimeToLiveSpecification"]["AttributeName"], "ttl");
    assert_eq!(table["TimeToLiveSpecification"]["Enabled"], true);
    let backups = &table["PointInTimeRecoverySpecification"];
    assert_eq!(backups["PointInTimeRecoveryEnabled"], true);
    assert_eq!(table["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(table["GlobalSecondaryIndexes"], Value::Null);
    assert_eq!(template.0["Resources"]["Table"]["DeletionPolicy"], "Retain");
}

#[test]
fn no_log_holds_what_people_say_or_who_they_are() {
    let template = Template::read();
    let stage = template.of("ApiStage");
    assert_eq!(stage["DefaultRouteSettings"]["DataTraceEnabled"], false);
    assert_eq!(stage["DefaultRouteSettings"]["LoggingLevel"], "OFF");
    let format = stage["AccessLogSettings"]["Format"].as_str().unwrap();
    let _: Value = serde_json::from_str(format).unwrap();
    for secret in ["$input", "querystring", "$request", "path", "sourceIp"] {
        assert!(!format.contains(secret), "{secret}");
    }
    for (name, group) in template.all("AWS::Logs::LogGroup") {
        assert!(!group["RetentionInDays"].is_null(), "{name}");
    }
}

#[test]
fn the_page_is_private_and_may_connect_to_this_api_alone() {
    let template = Template::read();
    let private = &template.of("Site")["PublicAccessBlockConfiguration"];
    assert!(
        private
            .as_object()
            .unwrap()
            .values()
            .all(|value| value == true)
    );
    let headers = &template.of("SiteHeaders")["ResponseHeadersPolicyConfig"];
    let policy = &headers["SecurityHeadersConfig"]["ContentSecurityPolicy"];
    let policy = policy["ContentSecurityPolicy"]["Fn::Sub"].as_str().unwrap();
    let directive = |name: &str| {
        let found = policy
            .split(';')
            .map(str::trim)
            .find_map(|part| part.strip_prefix(name));
        found
            .unwrap_or_else(|| panic!("{name}: {policy}"))
            .trim()
            .to_owned()
    };
    assert_eq!(
        directive("script-src"),
        "'self' 'wasm-unsafe-eval'${InlineScripts}"
    );
    assert_eq!(
        directive("connect-src"),
        "'self' wss://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
    );
    assert_eq!(directive("default-src"), "'none'");
    let behaviour = &template.of("Distribution")["DistributionConfig"]["DefaultCacheBehavior"];
    assert_eq!(behaviour["ViewerProtocolPolicy"], "redirect-to-https");
}

#[test]
fn somebody_is_told() {
    let template = Template::read();
    let mut watched = BTreeSet::new();
    for (name, alarm) in template.all("AWS::CloudWatch::Alarm") {
        assert!(!alarm["AlarmActions"].is_null(), "{name}");
        let single = std::iter::once(&alarm["MetricName"]);
        let several = alarm["Metrics"].as_array().into_iter().flatten();
        let several = several.map(|metric| &metric["MetricStat"]["Metric"]["MetricName"]);
        watched.extend(single.chain(several).filter_map(Value::as_str));
    }
    let expected = [
        "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesVisible",
        "Errors",
        "IntegrationError",
        "ReadThrottleEvents",
        "WriteThrottleEvents",
    ];
    assert_eq!(watched, expected.into());
}

#[test]
fn the_outputs_name_what_a_deployment_needs() {
    let outputs = &Template::read().0["Outputs"];
    for name in [
        "WebSocketUrl",
        "CallbackUrl",
        "SiteUrl",
        "SiteBucket",
        "DistributionId",
    ] {
        assert!(outputs[name]["Value"].is_object(), "{name}");
    }
    let url = |name: &str| {
        outputs[name]["Value"]["Fn::Sub"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(url("WebSocketUrl").starts_with("wss://${Api}."));
    assert!(url("CallbackUrl").starts_with("https://${Api}."));
}
