//! The function that redeems tickets: asked before `$connect`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    switchboard_lambda::function::authorizer().await
}
