//! `bye`: the page is going away. `$disconnect` follows it and does the work; a page kept in
//! the browser's back-forward cache may yet come back on the same roster row.

use crate::response::Response;

pub(crate) fn bye() -> Response {
    Response::ok("Goodbye.")
}
