//! The function behind `POST /ticket`: a verified token in, a ticket out.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    switchboard_lambda::function::tickets().await
}
