//! Items that a server keeps: the answers to `GET /conversations/{id}/items` and `GET /responses/{id}/input_items`.

use crate::object::object;
use crate::responses::InputItem;

object! {
    /// Items of a conversation or of the input of a response, or as many of them as one answer has.
    pub struct ItemList {
        /// Always `list`.
        lenient object: String,
        /// The items.
        required data: Vec<InputItem>,
        /// The first of them.
        lenient first_id: String,
        /// The last of them, behind which the next answer begins.
        lenient last_id: String,
        /// Whether there are more.
        default has_more: bool,
    }
}
