//! Items that a server keeps, asked for in pages.

use larkspur_wire::responses::{InputItem, ItemList};

use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, Kind};
use crate::ledger::AttemptKind;
use crate::responses::segment;

/// Answers that a list of items may come in, before it is taken for endless.
const MAX_PAGES: usize = 1_000;

/// All items below this path, oldest first.
pub(crate) async fn all(client: &Client, path: &str) -> Result<Vec<InputItem>, Error> {
    let mut items = Vec::new();
    let mut after = String::new();
    for _ in 0..MAX_PAGES {
        let call = Call::get(format!("{path}?limit=100&order=asc{after}"));
        let sent = client.fetch::<ItemList>(&call, AttemptKind::First, "list of items");
        let page = sent.await?.response;
        items.extend(page.data);
        match page.last_id {
            Some(last) if page.has_more => after = format!("&after={}", segment(&last)),
            _ => return Ok(items),
        }
    }
    Err(Error::new(Kind::Failed {
        code: None,
        message: format!("the list of items has no end after {MAX_PAGES} answers"),
    }))
}
