//! One call to a server of the Model Context Protocol over its Streamable HTTP, in both of its eras: what was asked with
//! POST is answered by JSON or by an event stream, in which the server may say other things first.
//!
//! ```sh
//! cargo run -p wellspring --features json --example mcp -- 2025 http://localhost:3000/mcp tools/list
//! cargo run -p wellspring --features json --example mcp -- 2026 http://localhost:3000/mcp tools/list
//! cargo run -p wellspring --features json --example mcp -- 2025 http://localhost:3000/mcp listen
//! ```
//!
//! Next: `exchange.rs`, what the eras share; `era_2025.rs`, `era_2026.rs`.

#![allow(clippy::print_stdout, reason = "an example")]

mod era_2025;
mod era_2026;
mod exchange;

use std::error::Error;

use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [era, url, method] = arguments.as_slice() else {
        return Err("usage: mcp 2025|2026 URL METHOD".into());
    };
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": {} });
    let notice = |message| println!("notice: {message}");
    if (era.as_str(), method.as_str()) == ("2025", "listen") {
        return listen(url).await;
    }
    let answer = match era.as_str() {
        "2025" => era_2025::call(url, None, &request, notice).await?,
        "2026" => era_2026::call(url, &request, notice).await?,
        _ => return Err("the era is 2025 or 2026".into()),
    };
    println!("{answer}");
    Ok(())
}

async fn listen(url: &str) -> Result<(), Box<dyn Error>> {
    let Some(mut source) = era_2025::listen(url, None).await? else {
        println!("the server does not say anything of its own accord");
        return Ok(());
    };
    while let Some(event) = source.next().await {
        println!("{}", event?.data);
    }
    Ok(())
}
