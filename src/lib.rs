//! Switchboard: a browser chat client for AWS API Gateway WebSocket APIs.
