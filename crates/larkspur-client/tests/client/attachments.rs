//! Images and files beside the text, in the words of both APIs.

use std::fs;
use std::path::PathBuf;

use larkspur_client::wire::chat::Message;
use larkspur_client::wire::responses::InputMessage;
use larkspur_client::{Document, Image, ImageDetail};
use serde_json::{Value, json};

use crate::outputs::offline;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

/// What the two APIs are sent.
#[track_caller]
fn check(
    name: &str,
    responses: &larkspur_client::ResponsesRequest,
    expected: &Value,
    chat: &larkspur_client::ChatRequest,
    expected_chat: &Value,
) {
    let sent = serde_json::to_value(responses.build().input).unwrap();
    assert_eq!(sent, *expected, "{name}");
    let sent = serde_json::to_value(chat.build().messages).unwrap();
    assert_eq!(sent, *expected_chat, "{name}");
}

#[test]
fn an_image_stands_beside_the_text() {
    let image = || Image::url("https://example.org/a.png").detail(ImageDetail::High);
    check(
        "after a text",
        &offline()
            .responses("m")
            .input("What is this?")
            .image(image()),
        &json!([{ "role": "user", "content": [
            { "type": "input_text", "text": "What is this?" },
            { "type": "input_image", "image_url": "https://example.org/a.png", "detail": "high" },
        ]}]),
        &offline().chat("m").input("What is this?").image(image()),
        &json!([{ "role": "user", "content": [
            { "type": "text", "text": "What is this?" },
            { "type": "image_url", "image_url": { "url": "https://example.org/a.png", "detail": "high" } },
        ]}]),
    );
}

#[test]
fn files_keep_their_names_and_their_order() {
    let image = || Image::data(PNG).unwrap();
    let contract = || Document::data("a.pdf", "application/pdf", b"%PDF-1.7");
    let first = || Document::uploaded("file-1");
    check(
        "without a text",
        &offline()
            .responses("m")
            .document(first())
            .document(contract())
            .image(image()),
        &json!([{ "role": "user", "content": [
            { "type": "input_file", "file_id": "file-1" },
            { "type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0xLjc=" },
            { "type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgpyZXN0", "detail": "auto" },
        ]}]),
        &offline()
            .chat("m")
            .document(first())
            .document(contract())
            .image(image()),
        &json!([{ "role": "user", "content": [
            { "type": "file", "file": { "file_id": "file-1" } },
            { "type": "file", "file": { "filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0xLjc=" } },
            { "type": "image_url", "image_url": { "url": "data:image/png;base64,iVBORw0KGgpyZXN0", "detail": "auto" } },
        ]}]),
    );
}

/// What the model said stays as it is.
#[test]
fn only_messages_of_the_user_carry_them() {
    let file = || Document::uploaded("file-1");
    let earlier = InputMessage::assistant("Yes.");
    check(
        "after the model",
        &offline()
            .responses("m")
            .input("Hello.")
            .item(earlier)
            .document(file()),
        &json!([
            { "role": "user", "content": "Hello." },
            { "role": "assistant", "content": "Yes." },
            { "role": "user", "content": [{ "type": "input_file", "file_id": "file-1" }] },
        ]),
        &offline()
            .chat("m")
            .input("Hello.")
            .message(Message::assistant("Yes."))
            .document(file()),
        &json!([
            { "role": "user", "content": "Hello." },
            { "role": "assistant", "content": "Yes." },
            { "role": "user", "content": [{ "type": "file", "file": { "file_id": "file-1" } }] },
        ]),
    );
}

#[test]
fn images_are_known_by_their_first_bytes() {
    for (bytes, kind) in [
        (PNG, "data:image/png;"),
        (b"\xff\xd8\xff\xe0", "data:image/jpeg;"),
        (b"GIF89a", "data:image/gif;"),
        (b"GIF87a", "data:image/gif;"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "data:image/webp;"),
    ] {
        let shown = format!("{:?}", Image::data(bytes).unwrap());
        assert!(shown.contains(kind), "{shown}");
    }
    let others: [&[u8]; 6] = [
        b"",
        b"\x89PN",
        b"GIF88a",
        b"RIFF\0\0\0\0WAVE",
        b"%PDF-1.7",
        b"<svg>",
    ];
    for bytes in others {
        let error = Image::data(bytes).unwrap_err();
        assert!(error.is_config());
        let told = error.to_string();
        assert!(
            told.contains("the bytes are no image that models take"),
            "{told}"
        );
        assert!(error.hint().unwrap().contains("Document"));
    }
}

/// A file of the test's own, gone at its end.
struct Given(PathBuf);

impl Given {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("larkspur-{}-{name}", std::process::id()));
        fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn files_are_opened() {
    let image = Given::new("a.png", PNG);
    assert_eq!(Image::open(&image.0).unwrap(), Image::data(PNG).unwrap());
    for (ending, kind) in [
        ("a.PDF", "data:application/pdf;"),
        ("b.csv", "data:text/csv;"),
        ("c", "data:application/octet-stream;"),
    ] {
        let file = Given::new(ending, b"x");
        let shown = format!("{:?}", Document::open(&file.0).unwrap());
        assert!(shown.contains(kind) && shown.contains(ending), "{shown}");
    }
    let error = Image::open("/no/such/image.png").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cannot read `/no/such/image.png`: "),
        "{error}"
    );
    assert!(Document::open("/no/such/file.pdf").unwrap_err().is_config());
    let large = Given::new("large.bin", b"");
    fs::File::options()
        .write(true)
        .open(&large.0)
        .unwrap()
        .set_len((50 << 20) + 1)
        .unwrap();
    let error = Document::open(&large.0).unwrap_err();
    assert!(
        error.to_string().contains("holds more than 52428800 bytes"),
        "{error}"
    );
}

/// Nobody wants a megabyte of base64 in a log.
#[test]
fn what_is_in_an_image_does_not_show() {
    let image = Image::data(&[PNG, &[0; 10_000]].concat()).unwrap();
    assert_eq!(
        format!("{image:?}"),
        r#"Image { url: "data:image/png;base64, … (13352 characters)", detail: Auto }"#
    );
    let document = Document::data("a.pdf", "application/pdf", &[0; 30]);
    assert_eq!(
        format!("{document:?}"),
        r#"Document("a.pdf", "data:application/pdf;base64, … (40 characters)")"#
    );
}
