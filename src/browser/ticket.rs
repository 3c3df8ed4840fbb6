//! The ticket for a handshake, fetched over HTTP, where status codes can be seen.

use gloo_net::http::{Request, Response};
use switchboard_client::TicketAnswer;
use switchboard_protocol::UserId;
use switchboard_protocol::json::{Object, Writer};
use web_sys::{AbortSignal, RequestCredentials};

/// How long an answer may take, ms: as long as the core waits for it.
const PATIENCE: u32 = 10_000;

/// POSTs for a ticket. Whatever is not clearly the ticket server's answer counts as none: a
/// captive portal answers 200 too.
pub async fn fetch(url: &str, user: &UserId) -> TicketAnswer {
    match request(url, user).await {
        Some(answer) => answer,
        None => TicketAnswer::Unreachable,
    }
}

async fn request(url: &str, user: &UserId) -> Option<TicketAnswer> {
    let mut body = Writer::new();
    body.text("userId", user.as_str());
    // The core waits no longer either; left alone, requests to a server that hangs would pile up
    // until the browser opens no more.
    let signal = AbortSignal::timeout_with_u32(PATIENCE);
    let response = Request::post(url)
        .abort_signal(Some(&signal))
        .credentials(RequestCredentials::SameOrigin)
        .header("Content-Type", "application/json")
        .body(body.finish())
        .ok()?
        .send()
        .await
        .ok()?;
    if !response.ok() {
        return Some(TicketAnswer::Refused {
            status: response.status(),
            retry_after: retry_after(&response),
        });
    }
    let text = response.text().await.ok()?;
    let ticket = Object::parse(&text)?.text("ticket")?;
    Some(TicketAnswer::Granted(ticket))
}

/// `Retry-After` in milliseconds, where it is a number of seconds. A date is passed over: the
/// clock here need not be the server's, and our own backoff is there.
fn retry_after(response: &Response) -> Option<u64> {
    let seconds: u64 = response.headers().get("Retry-After")?.trim().parse().ok()?;
    seconds.checked_mul(1_000)
}
