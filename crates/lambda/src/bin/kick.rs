//! The function that ends somebody's connections: for whoever may invoke it.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    switchboard_lambda::function::kicker().await
}
