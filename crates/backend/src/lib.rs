//! switchboard-backend
