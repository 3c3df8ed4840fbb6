//! What DynamoDB's errors mean to the handlers.

use std::error::Error;

use aws_sdk_dynamodb::{
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use switchboard_backend::store::StoreError;

/// It failed, after as many tries as it is worth.
///
/// The text names operation, error and request, and what DynamoDB says of it: which permission
/// is missing, which table. That never quotes an item.
pub(crate) fn unavailable<E, R>(operation: &str, error: &SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug,
    SdkError<E, R>: RequestId,
{
    let Some(code) = error.code() else {
        // It did not get there and back: the chain of causes says where it ended.
        return StoreError::Unavailable(format!("{operation}: {}", DisplayErrorContext(error)));
    };
    let request = error.request_id().unwrap_or("unnamed");
    let message = error.message().unwrap_or_default();
    StoreError::Unavailable(format!("{operation}: {code} (request {request}) {message}"))
}
