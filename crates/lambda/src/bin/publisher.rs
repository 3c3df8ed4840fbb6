//! The function behind the queue: each record to everyone connected.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    switchboard_lambda::function::publisher().await
}
