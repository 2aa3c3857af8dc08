//! A picture of an invoice in, a typed invoice out, checked by more than its schema.
//!
//! `cargo run --example image_invoice`: no key, no network, answered by the local server, which cannot see and invents the invoice.
//! With `OPENAI_API_KEY` (and, for another gateway, `OPENAI_BASE_URL`) set, the same program asks that server.

use larkspur::client::{Image, ImageDetail};
use larkspur::{JsonSchema, schemars};
use serde::Deserialize;

/// An invoice, as it is printed.
#[derive(Debug, Deserialize, JsonSchema)]
struct Invoice {
    vendor: String,
    number: String,
    /// ISO 4217, such as EUR.
    #[schemars(pattern("^[A-Z]{3}$"))]
    currency: String,
    items: Vec<Item>,
    total: f64,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Item {
    description: String,
    quantity: u32,
    /// Of all of them together.
    amount: f64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/invoice.png").to_owned();
    let path = std::env::args().nth(1).unwrap_or(default);
    let image = Image::open(path)?.detail(ImageDetail::High);

    let request = larkspur::connect()?
        .responses("gpt-5.2")
        .input("Read this invoice.")
        .image(image);
    let reply = request.extract::<Invoice>().await?;

    let Invoice {
        vendor,
        number,
        currency,
        items,
        total,
    } = &reply.value;
    println!("{vendor}, invoice {number}");
    for Item {
        description,
        quantity,
        amount,
    } in items
    {
        println!("{quantity:>5} {description:<30} {amount:>10.2}");
    }
    println!("{total:>47.2} {currency}; read for {}", reply.cost());

    let sum: f64 = items.iter().map(|item| item.amount).sum();
    if (sum - total).abs() > 0.005 {
        println!("The items come to {sum:.2}, so this should be looked at by a person.");
    }
    Ok(())
}
