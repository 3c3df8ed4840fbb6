//! The two clocks, and randomness.

use switchboard_client::Now;
use switchboard_protocol::MessageId;
use web_sys::{Performance, window};

thread_local! {
    /// Asked for once: the clocks are read several times a message.
    static PERFORMANCE: Option<Performance> = window().and_then(|window| window.performance());
}

/// Both clocks now. Without `performance` (never in a browser that runs this) `mono` follows `wall`.
#[must_use]
pub fn now() -> Now {
    let wall = whole(js_sys::Date::now());
    let mono = PERFORMANCE.with(|clock| clock.as_ref().map_or(wall, |clock| whole(clock.now())));
    Now { mono, wall }
}

/// Milliseconds without their fraction. Both clocks stay far below 2^53 and above zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates and clocks are positive"
)]
fn whole(ms: f64) -> u64 {
    ms as u64
}

/// Random bits from `crypto.getRandomValues`.
#[must_use]
pub fn random() -> u128 {
    let mut bytes = [0; 16];
    let filled = window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok());
    if filled.is_none() {
        // Without `crypto` ids need only differ between people: two clocks and Math.random do.
        let now = now();
        let parts = [
            now.wall,
            now.mono,
            js_sys::Math::random().to_bits(),
            js_sys::Math::random().to_bits(),
        ];
        return parts
            .into_iter()
            .fold(0, |bits, part| bits.rotate_left(37) ^ u128::from(part));
    }
    u128::from_le_bytes(bytes)
}

/// A new message id.
#[must_use]
pub fn message_id() -> MessageId {
    MessageId::from_random(random())
}
