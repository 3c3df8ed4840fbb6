//! Only what is clearly a ticket is taken for one.

use js_sys::Function;
use switchboard::browser::ticket::fetch;
use switchboard_client::TicketAnswer;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::user;
use crate::left::Undo;

/// `fetch` answers as `body` says, and is the browser's own again when this is dropped.
struct FakeFetch {
    _undo: Undo,
}

impl FakeFetch {
    fn new(body: &str) -> Self {
        let script = format!(
            "const real = globalThis.fetch;
             globalThis.fetch = async (request) => {{ globalThis.asked = request; {body} }};
             return () => {{ globalThis.fetch = real; }};"
        );
        let restore = Function::new_no_args(&script).call0(&JsValue::NULL);
        let restore: Function = restore.unwrap().unchecked_into();
        Self {
            _undo: Undo::by(move || {
                restore.call0(&JsValue::NULL).unwrap();
            }),
        }
    }
}

async fn answer(body: &str) -> TicketAnswer {
    let _fake = FakeFetch::new(body);
    fetch("/ticket", &user("a\"na")).await
}

#[wasm_bindgen_test]
async fn a_ticket_is_asked_for_as_the_server_expects() {
    let granted = answer("return new Response('{\"ticket\":\"t=1\"}')").await;
    assert_eq!(granted, TicketAnswer::Granted("t=1".to_owned()));
    let asked = crate::raw_database::script(
        "",
        "return [asked.method, new URL(asked.url).pathname, asked.credentials,
                 asked.headers.get('content-type'), await asked.text()].join(' ')",
    )
    .await;
    assert_eq!(
        asked.as_string().as_deref(),
        Some(r#"POST /ticket same-origin application/json {"userId":"a\"na"}"#)
    );
}

#[wasm_bindgen_test]
async fn refusals_keep_their_status_and_how_long_to_wait() {
    for (status, header, retry_after) in [
        (401, "", None),
        (403, "", None),
        (429, "'Retry-After': '30'", Some(30_000)),
        (503, "'Retry-After': ' 0 '", Some(0)),
        (503, "'Retry-After': 'Wed, 25 Nov 2026 16:00:00 GMT'", None),
        (503, "'Retry-After': '99999999999999999999'", None),
        (500, "'Retry-After': '-1'", None),
    ] {
        let body =
            format!("return new Response('busy', {{ status: {status}, headers: {{ {header} }} }})");
        let expected = TicketAnswer::Refused {
            status,
            retry_after,
        };
        assert_eq!(answer(&body).await, expected, "{header}");
    }
}

#[wasm_bindgen_test]
async fn a_captive_portal_is_no_ticket_server() {
    for body in [
        "return new Response('<html>Welcome to our café</html>')",
        "return new Response('')",
        "return new Response('{\"ticket\":5}')",
        "return new Response('[\"ticket\"]')",
        "throw new TypeError('Failed to fetch')",
    ] {
        assert_eq!(answer(body).await, TicketAnswer::Unreachable, "{body}");
    }
}
