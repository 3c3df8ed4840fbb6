//! Every number of the wire. Platform limits come from the API Gateway quotas; the rest are ours.

/// Largest WebSocket frame in bytes that API Gateway accepts; one byte more closes with 1009.
///
/// JavaScript cannot split a message into frames, so this bounds a whole client frame,
/// measured as encoded UTF-8 with its envelope.
pub const MAX_FRAME_BYTES: usize = 32 * 1024;

/// Largest message in bytes that API Gateway carries in either direction.
pub const MAX_MESSAGE_BYTES: usize = 128 * 1024;

/// Byte budget of one `page`, well below [`MAX_MESSAGE_BYTES`] so that the envelope fits.
pub const MAX_PAGE_BYTES: usize = 100 * 1024;

/// Most messages in one `page`.
pub const MAX_PAGE_MESSAGES: u32 = 200;

/// Messages in a `page` when `sync` names no `limit`.
pub const DEFAULT_PAGE_MESSAGES: u32 = 50;

/// Longest user id in UTF-8 bytes.
pub const MAX_USER_ID_BYTES: usize = 64;

/// Longest conversation id in bytes: it stands in a sort key, behind a prefix, and DynamoDB's may
/// have 1,024.
pub const MAX_CONVERSATION_ID_BYTES: usize = 1000;

/// Most participants in one conversation, the sender included.
pub const MAX_PARTICIPANTS: usize = 50;

/// Longest message id in bytes.
pub const MAX_MESSAGE_ID_BYTES: usize = 64;

/// Largest integer that every JSON reader keeps exactly (2⁵³ − 1).
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Longest URL in characters that API Gateway accepts at the handshake.
pub const MAX_URL_CHARS: usize = 4096;

/// Most conversations a `ping` may ask heads for.
pub const MAX_HEADS_PER_PING: usize = 20;
