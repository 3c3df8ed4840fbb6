//! What the template says, as CloudFormation gets it: `SWITCHBOARD_TEMPLATE` names its expansion.
//! The linters hold its form; here stands what they cannot know.

use std::{collections::BTreeSet, process::Command};

use serde_json::{Value, json};
use switchboard_backend::ROUTES;
use switchboard_lambda::{AuthorizerEnvironment, Environment, EnvironmentError, IssuerEnvironment};

const ROUTES_FUNCTION: &str = "RoutesFunction";
const PUBLISHER_FUNCTION: &str = "PublisherFunction";
const KICK_FUNCTION: &str = "KickFunction";
const AUTHORIZER_FUNCTION: &str = "AuthorizerFunction";
const TICKET_FUNCTION: &str = "TicketFunction";

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

/// Puts what a condition chooses where it is asked.
fn decide(value: &mut Value, condition: &str, holds: bool) {
    if value["Fn::If"][0] == condition {
        *value = value["Fn::If"][if holds { 1 } else { 2 }].take();
    }
    match value {
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| decide(value, condition, holds)),
        Value::Object(values) => values
            .values_mut()
            .for_each(|value| decide(value, condition, holds)),
        _ => {}
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
    let websocket = json!({"Ref": "Api"});
    let routes = template.all("AWS::ApiGatewayV2::Route");
    let routes = routes.filter(|(_, route)| route["ApiId"] == websocket);
    let routes: BTreeSet<&str> = routes
        .map(|(_, route)| {
            assert!(!route["Target"].is_null(), "{route}");
            // Nobody gets in but by a ticket; later routes have the connection's identity.
            let guarded = route["RouteKey"] == "$connect";
            assert_eq!(route["AuthorizationType"] == "CUSTOM", guarded, "{route}");
            assert_eq!(!route["AuthorizerId"].is_null(), guarded, "{route}");
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
    // And the authorizer, and `POST /ticket`.
    assert_eq!(allowed.len(), ROUTES.len() + 2, "{allowed:?}");
    for (name, integration) in template.all("AWS::ApiGatewayV2::Integration") {
        assert_eq!(integration["IntegrationType"], "AWS_PROXY", "{name}");
        let function = match integration["ApiId"] == websocket {
            true => ROUTES_FUNCTION,
            false => TICKET_FUNCTION,
        };
        assert!(integration.to_string().contains(function), "{name}");
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
        let posts = texts(&statement["Action"]).contains(&"execute-api:ManageConnections");
        if posts && statement["Sid"] != "Closes" {
            found += 1;
            let arn = statement["Resource"]["Fn::Sub"].as_str().unwrap();
            assert!(
                arn.ends_with(":${Api}/${Stage}/POST/@connections/*"),
                "{arn}"
            );
        }
    }
    assert_eq!(found, 3);
    let kick = statements(template.of("KickRole"));
    let closes = kick.iter().find(|statement| statement["Sid"] == "Closes");
    let arn = closes.unwrap()["Resource"]["Fn::Sub"].as_str().unwrap();
    assert!(
        arn.ends_with(":${Api}/${Stage}/DELETE/@connections/*"),
        "{arn}"
    );
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
    let enqueue: BTreeSet<&str> = ["sqs:SendMessage"].into();
    let routes = &(&table | &common) | &enqueue;
    assert_eq!(actions(template.of("RoutesRole")), routes);
    let queue: BTreeSet<&str> = [
        "dynamodb:DeleteItem",
        "dynamodb:Query",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
    ]
    .into();
    assert_eq!(actions(template.of("PublisherRole")), &queue | &common);
    let kick: BTreeSet<&str> = ["dynamodb:DeleteItem", "dynamodb:Query"].into();
    assert_eq!(actions(template.of("KickRole")), &kick | &common);
}

/// Tickets are made by one function and taken by another, and nobody else comes near them.
#[test]
fn only_the_issuer_makes_tickets_and_only_the_authorizer_takes_them() {
    let template = Template::read();
    for (name, role) in template.all("AWS::IAM::Role") {
        for statement in statements(role) {
            let on_tickets = statement["Resource"].to_string().contains("\"Tickets\"");
            let allowed = match name {
                "TicketRole" => &["dynamodb:PutItem"][..],
                "AuthorizerRole" => &["dynamodb:DeleteItem"],
                _ => &[],
            };
            if on_tickets {
                assert_eq!(texts(&statement["Action"]), allowed, "{name}");
            } else if matches!(name, "TicketRole" | "AuthorizerRole") {
                assert_eq!(statement["Sid"], "Logs", "{name}");
            }
        }
    }
    let tickets = template.of("Tickets");
    let backups = &tickets["PointInTimeRecoverySpecification"];
    assert_eq!(backups["PointInTimeRecoveryEnabled"], true);
    assert_eq!(tickets["TimeToLiveSpecification"]["AttributeName"], "ttl");
    assert_eq!(tickets["KeySchema"][0]["AttributeName"], "PK");
    assert_eq!(tickets["KeySchema"][1], Value::Null);
}

#[test]
fn a_handshake_without_a_ticket_reaches_no_function() {
    let template = Template::read();
    let authorizers: Vec<_> = template.all("AWS::ApiGatewayV2::Authorizer").collect();
    assert_eq!(authorizers.len(), 1);
    let authorizer = authorizers[0].1;
    assert_eq!(authorizer["AuthorizerType"], "REQUEST");
    assert_eq!(
        authorizer["IdentitySource"],
        json!(["route.request.querystring.ticket"])
    );
    let uri = authorizer["AuthorizerUri"].to_string();
    assert!(uri.contains(AUTHORIZER_FUNCTION), "{uri}");
}

/// The demo login believes everybody. The local gateway links it; nothing here may know of it.
#[test]
fn the_demo_login_is_nowhere_near_a_deployment() {
    let template = include_str!("../../../../serverless/template.yaml");
    for word in ["demo", "Demo", "userId="] {
        assert!(!template.contains(word), "{word}");
    }
    for program in [
        env!("CARGO_BIN_EXE_routes"),
        env!("CARGO_BIN_EXE_publisher"),
        env!("CARGO_BIN_EXE_kick"),
        env!("CARGO_BIN_EXE_authorizer"),
        env!("CARGO_BIN_EXE_tickets"),
    ] {
        // By grep: a development build has hundreds of megabytes.
        for word in ["demo-login", "switchboard_gateway"] {
            let found = Command::new("grep").args(["-aqF", word, program]).status();
            assert_eq!(found.unwrap().code(), Some(1), "{program} links {word}");
        }
    }
}

/// With those that Lambda sets by itself.
#[test]
fn the_functions_get_every_variable_they_need() {
    let template = Template::read();
    let variables = |name| &template.of(name)["Environment"]["Variables"];
    let given = |name, variable: &str| match variable {
        "AWS_REGION" | "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("x".to_owned()),
        _ => {
            let value = &variables(name)[variable];
            // Each is a reference to something of this template.
            assert!(value.is_object() || value.is_null(), "{name} {variable}");
            Some(match variable {
                "OLDER_DIALECTS" => "false".to_owned(),
                "FAN_OUT_BOUND" => "7".to_owned(),
                "IDENTITY" => "cookie".to_owned(),
                "TOKEN_KEYS" => "https://id.example/keys".to_owned(),
                _ => value.is_object().then(|| value.to_string())?,
            })
        }
    };
    let authorizer = AuthorizerEnvironment::read(|variable| given(AUTHORIZER_FUNCTION, variable));
    assert!(authorizer.unwrap().tickets.contains("Tickets"));
    let issuer = IssuerEnvironment::read(|variable| given(TICKET_FUNCTION, variable)).unwrap();
    assert!(!issuer.issuer.allowed_origins.is_empty());
    assert!(issuer.issuer.rules.user_claim.contains("UserClaim"));
    // The chat's functions cannot even name the tickets.
    let error = AuthorizerEnvironment::read(|variable| given(ROUTES_FUNCTION, variable));
    assert_eq!(
        error.unwrap_err(),
        EnvironmentError::Missing("TICKETS_TABLE")
    );
    for name in [ROUTES_FUNCTION, PUBLISHER_FUNCTION, KICK_FUNCTION] {
        let environment = Environment::read(|variable| given(name, variable)).unwrap();
        assert!(!environment.settings.allowed_origins.is_empty());
        assert_eq!(environment.settings.fan_out_bound, 7);
        assert!(environment.queue.unwrap().url.contains("Queue"));
        let variables = variables(name);
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
            assert_eq!(function["Architectures"], json!(["arm64"]));
            assert!(!function["LoggingConfig"]["LogGroup"].is_null(), "{name}");
            name
        })
        .collect();
    let expected = [
        ROUTES_FUNCTION,
        PUBLISHER_FUNCTION,
        KICK_FUNCTION,
        AUTHORIZER_FUNCTION,
        TICKET_FUNCTION,
    ];
    assert_eq!(functions, expected.into());
    let raw = include_str!("../../../../serverless/template.yaml");
    let code: Vec<&str> = raw
        .lines()
        .filter_map(|line| line.trim().strip_prefix("CodeUri: ../target/lambda/"))
        .collect();
    assert_eq!(
        code,
        ["routes", "publisher", "kick", "authorizer", "tickets"]
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
    assert_eq!(mapping["BatchSize"], 1);
    // What two of them post stays below the account's quota, and fewer there cannot be.
    assert_eq!(mapping["ScalingConfig"]["MaximumConcurrency"], 2);
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

/// Then nothing is left that reads, writes or watches the stack's own.
#[test]
fn a_restored_table_can_take_the_tables_place() {
    let mut template = Template::read();
    let uses = |template: &Template, word: &str| {
        let text = json!([template.0["Resources"], template.0["Outputs"]]).to_string();
        text.matches(word).count()
    };
    let own = [r#"{"Ref":"Table"}"#, r#"{"Fn::GetAtt":["Table","Arn"]}"#];
    let names = uses(&template, own[0]);
    let arns = uses(&template, own[1]);
    // Three functions, their roles, two alarms and an output.
    assert_eq!((names, arns), (6, 3));
    decide(&mut template.0, "Restored", true);
    assert_eq!(own.map(|word| uses(&template, word)), [0, 0]);
    assert_eq!(uses(&template, r#"{"Ref":"RestoredTable"}"#), names);
    assert_eq!(uses(&template, ":table/${RestoredTable}"), arns);
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
    let distribution = &template.of("Distribution")["DistributionConfig"];
    let behaviour = &distribution["DefaultCacheBehavior"];
    assert_eq!(behaviour["ViewerProtocolPolicy"], "redirect-to-https");
    // Tickets come from the page's own host, and from no cache.
    let tickets = &distribution["CacheBehaviors"][0];
    assert_eq!(tickets["PathPattern"], "/ticket");
    assert_eq!(
        tickets["CachePolicyId"],
        "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    );
}

/// With a domain nothing names CloudFront's host any more but what the domain is an alias of.
#[test]
fn a_domain_of_ones_own_takes_the_place_of_cloudfronts() {
    let decided = |holds| {
        let mut template = Template::read();
        for condition in ["HasDomain", "HasCertificate"] {
            decide(&mut template.0, condition, holds);
        }
        template
    };
    let cloudfront = r#"{"Fn::GetAtt":["Distribution","DomainName"]}"#;
    let own = r#"{"Host":{"Ref":"SiteDomain"}"#;
    // What four functions admit, and an output.
    for (holds, page) in [
        (true, own.to_owned()),
        (false, format!(r#"{{"Host":{cloudfront}"#)),
    ] {
        let template = decided(holds);
        let text = json!([template.0["Resources"], template.0["Outputs"]]).to_string();
        assert_eq!(text.matches(&page).count(), 5, "{holds}");
        let others = if holds { 1 } else { 6 };
        assert_eq!(text.matches(cloudfront).count(), others, "{holds}");
        assert!(!text.contains("Distribution.DomainName"));
    }
    let with = decided(true);
    let distribution = &with.of("Distribution")["DistributionConfig"];
    assert_eq!(distribution["Aliases"], json!([{"Ref": "SiteDomain"}]));
    assert_eq!(
        distribution["ViewerCertificate"],
        json!({
            "AcmCertificateArn": {"Ref": "SiteCertificate"},
            "SslSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        })
    );
    let target = &with.0["Outputs"]["SiteDistributionDomain"];
    assert_eq!(target["Condition"], "HasDomain");
    assert_eq!(target["Value"].to_string(), cloudfront);
    let without = decided(false);
    let distribution = &without.of("Distribution")["DistributionConfig"];
    assert_eq!(distribution["Aliases"], json!({"Ref": "AWS::NoValue"}));
    assert_eq!(
        distribution["ViewerCertificate"],
        json!({"CloudFrontDefaultCertificate": true})
    );
    let given = |name| json!({"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""]}]});
    for (rule, one, other) in [
        ("DomainNeedsCertificate", "SiteDomain", "SiteCertificate"),
        ("CertificateNeedsDomain", "SiteCertificate", "SiteDomain"),
    ] {
        let rule = &with.0["Rules"][rule];
        assert_eq!(rule["RuleCondition"], given(one));
        assert_eq!(rule["Assertions"][0]["Assert"], given(other));
    }
}

/// On the page's own host, or the cookie it sets would be another site's; and from no cache.
#[test]
fn a_login_gets_what_the_browser_sends() {
    let decided = |holds| {
        let mut template = Template::read();
        decide(&mut template.0, "HasLogin", holds);
        let distribution = &template.of("Distribution")["DistributionConfig"];
        let [behaviours, origins] = ["CacheBehaviors", "Origins"].map(|name| &distribution[name]);
        (behaviours.clone(), origins[2].clone())
    };
    let (behaviours, origin) = decided(true);
    let (tickets, login) = (&behaviours[0], &behaviours[1]);
    assert_eq!(login["PathPattern"], "/auth/*");
    for same in ["AllowedMethods", "CachePolicyId", "OriginRequestPolicyId"] {
        assert_eq!(login[same], tickets[same], "{same}");
    }
    assert_eq!(login["ResponseHeadersPolicyId"], Value::Null);
    assert_eq!(login["TargetOriginId"], origin["Id"]);
    assert_eq!(origin["DomainName"], json!({"Ref": "LoginOrigin"}));
    let https = &origin["CustomOriginConfig"]["OriginProtocolPolicy"];
    assert_eq!(https, "https-only");
    let none = json!({"Ref": "AWS::NoValue"});
    let (behaviours, origin) = decided(false);
    assert_eq!((&behaviours[1], &origin), (&none, &none));
    // What the page is told of it.
    let path = &Template::read().0["Outputs"]["LoginPath"];
    assert_eq!(path["Value"], "/auth/");
    assert_eq!(path["Condition"], "HasLogin");
}

#[test]
fn somebody_is_told() {
    let template = Template::read();
    let mut watched = BTreeSet::new();
    for (name, alarm) in template.all("AWS::CloudWatch::Alarm") {
        assert!(!alarm["AlarmActions"].is_null(), "{name}");
        let dimension = &alarm["Dimensions"][0]["Value"];
        let of = dimension["Ref"]
            .as_str()
            .or_else(|| dimension["Fn::GetAtt"][0].as_str())
            .or_else(|| dimension["Fn::If"][2]["Ref"].as_str());
        watched.insert((of.unwrap(), alarm["MetricName"].as_str().unwrap()));
    }
    let expected = [
        ("Api", "ExecutionError"),
        ("Api", "IntegrationError"),
        ("AuthorizerFunction", "Errors"),
        ("DeadLetters", "ApproximateNumberOfMessagesVisible"),
        ("KickFunction", "Errors"),
        ("PublisherFunction", "Errors"),
        ("Queue", "ApproximateAgeOfOldestMessage"),
        ("RoutesFunction", "Errors"),
        ("Table", "ReadThrottleEvents"),
        ("Table", "WriteThrottleEvents"),
        ("TicketApi", "5xx"),
        ("Tickets", "WriteThrottleEvents"),
    ];
    assert_eq!(watched, expected.into());
}

/// The handlers refuse bad frames by 400 and unknown connections by 409, which AWS counts as
/// `IntegrationError`; a function that gives no answer is an `ExecutionError`.
#[test]
fn what_handlers_refuse_every_day_alarms_nobody() {
    let template = Template::read();
    let threshold = |alarm| template.of(alarm)["Threshold"].as_u64().unwrap();
    assert_eq!(threshold("ExecutionErrorsAlarm"), 0);
    assert!(threshold("IntegrationErrorsAlarm") >= 100);
}

/// CloudFront has one set of names for all regions of an account.
#[test]
fn what_is_global_is_named_by_the_stacks_own_id() {
    let template = Template::read();
    let access = &template.of("SiteAccess")["OriginAccessControlConfig"]["Name"];
    let headers = &template.of("SiteHeaders")["ResponseHeadersPolicyConfig"]["Name"];
    for name in [access, headers] {
        let (text, values) = (&name["Fn::Sub"][0], &name["Fn::Sub"][1]);
        let id = &values["Id"]["Fn::Select"];
        assert_eq!((&id[0], &id[1]["Fn::Split"][0]), (&2.into(), &"/".into()));
        assert_eq!(id[1]["Fn::Split"][1]["Ref"], "AWS::StackId");
        let prefix = text.as_str().unwrap().strip_suffix("${Id}").unwrap();
        // CloudFront takes 64 characters; an id is a UUID.
        assert!(prefix.len() + 36 <= 64, "{prefix}");
    }
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
        "TicketUrl",
        "KickFunction",
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
