//! What a message carries beside its text: images and files.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use larkspur_wire::{anthropic, chat, gemini, responses};

use crate::error::Error;

/// The most that one file may hold: `OpenAI` takes 50 MB in one request, all files together.
const MAX_FILE_BYTES: u64 = 50 << 20;

/// An image for the model to look at.
///
/// ```
/// use larkspur_client::{Client, Image, ImageDetail};
///
/// let client = Client::builder().base_url("http://127.0.0.1:8080/v1").build()?;
/// let request = client
///     .responses("gpt-5.2")
///     .input("What is the total of this invoice?")
///     .image(Image::url("https://example.org/invoice.png").detail(ImageDetail::High))
///     .build();
/// # let json = serde_json::to_value(&request).unwrap();
/// # assert_eq!(json["input"][0]["content"][1]["detail"], "high");
/// # Ok::<(), larkspur_client::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    url: String,
    detail: ImageDetail,
}

/// How closely the model looks at an image; the closer, the more tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ImageDetail {
    /// The server chooses.
    #[default]
    Auto,
    /// A small version of it.
    Low,
    /// All of it.
    High,
}

/// A file for the model to read: a PDF, a text, a table.
///
/// ```no_run
/// # use larkspur_client::{Client, Document};
/// # let client = Client::from_env()?;
/// let contract = Document::open("contract.pdf")?;
/// let request = client.responses("gpt-5.2").input("Who signed this?").document(contract);
/// # Ok::<(), larkspur_client::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Document(Source);

#[derive(Clone, PartialEq, Eq)]
enum Source {
    Data { name: String, uri: String },
    Uploaded(String),
}

impl Image {
    /// An image that the server fetches. A data URI does, too.
    pub fn url(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            detail: ImageDetail::default(),
        }
    }

    /// An image from memory: PNG, JPEG, WebP or GIF, which its first bytes tell.
    ///
    /// # Errors
    ///
    /// It is none of these.
    pub fn data(bytes: &[u8]) -> Result<Self, Error> {
        let Some(kind) = image_type(bytes) else {
            return Err(Error::config_with_hint(
                "the bytes are no image that models take",
                "PNG, JPEG, WebP or GIF; what else is to be read goes along as a `Document`",
            ));
        };
        Ok(Self::url(data_uri(kind, bytes)))
    }

    /// An image file, which travels inside the request.
    ///
    /// # Errors
    ///
    /// The file cannot be read, holds more than 50 MiB, or is not PNG, JPEG, WebP or GIF.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::data(&read(path.as_ref())?)
    }

    /// How closely the model looks. Default: the server chooses.
    pub fn detail(self, detail: ImageDetail) -> Self {
        Self { detail, ..self }
    }
}

impl Document {
    /// A file from memory. `media_type` is for example `application/pdf`; the ending of the name should go with it.
    pub fn data(name: impl Into<String>, media_type: &str, bytes: &[u8]) -> Self {
        Self(Source::Data {
            name: name.into(),
            uri: data_uri(media_type, bytes),
        })
    }

    /// A file, which travels inside the request. What it is, is told by its ending.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or holds more than 50 MiB.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self::data(name, media_type(path), &read(path)?))
    }

    /// A file that the server has, by its id; for Gemini by its URI.
    pub fn uploaded(id: impl Into<String>) -> Self {
        Self(Source::Uploaded(id.into()))
    }
}

impl fmt::Debug for Image {
    /// A URL as it is; of an image inside the request, its type and length only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image")
            .field("url", &shown(&self.url))
            .field("detail", &self.detail)
            .finish()
    }
}

impl fmt::Debug for Document {
    /// The name, type and length only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_tuple("Document");
        match &self.0 {
            Source::Data { name, uri } => tuple.field(name).field(&shown(uri)),
            Source::Uploaded(id) => tuple.field(id),
        };
        tuple.finish()
    }
}

impl ImageDetail {
    fn name(self) -> String {
        match self {
            Self::Auto => "auto",
            Self::Low => "low",
            Self::High => "high",
        }
        .to_owned()
    }
}

impl From<Image> for responses::ContentPart {
    fn from(image: Image) -> Self {
        Self::InputImage(responses::InputImage {
            image_url: Some(image.url),
            detail: Some(image.detail.name()),
            ..responses::InputImage::default()
        })
    }
}

impl From<Image> for chat::ContentPart {
    fn from(image: Image) -> Self {
        let image_url = chat::ImageUrl {
            url: image.url,
            detail: Some(image.detail.name()),
            ..chat::ImageUrl::default()
        };
        Self::Image(chat::ImagePart {
            image_url,
            ..chat::ImagePart::default()
        })
    }
}

impl From<Document> for responses::ContentPart {
    fn from(document: Document) -> Self {
        Self::InputFile(match document.0 {
            Source::Data { name, uri } => responses::InputFile {
                filename: Some(name),
                file_data: Some(uri),
                ..responses::InputFile::default()
            },
            Source::Uploaded(id) => responses::InputFile {
                file_id: Some(id),
                ..responses::InputFile::default()
            },
        })
    }
}

impl From<Document> for chat::ContentPart {
    fn from(document: Document) -> Self {
        let file = match document.0 {
            Source::Data { name, uri } => chat::FileData {
                filename: Some(name),
                file_data: Some(uri),
                ..chat::FileData::default()
            },
            Source::Uploaded(id) => chat::FileData {
                file_id: Some(id),
                ..chat::FileData::default()
            },
        };
        Self::File(chat::FilePart {
            file,
            ..chat::FilePart::default()
        })
    }
}

impl From<Image> for anthropic::Block {
    /// How closely the model looks cannot be said to this API.
    fn from(image: Image) -> Self {
        Self::Image(anthropic::ImageBlock {
            source: source(image.url),
            ..anthropic::ImageBlock::default()
        })
    }
}

impl From<Document> for anthropic::Block {
    fn from(document: Document) -> Self {
        let (title, source) = match document.0 {
            Source::Data { name, uri } => (Some(name), source(uri)),
            Source::Uploaded(file_id) => {
                let file = anthropic::FileSource {
                    file_id,
                    ..anthropic::FileSource::default()
                };
                (None, file.into())
            }
        };
        Self::Document(anthropic::DocumentBlock {
            source,
            title,
            ..anthropic::DocumentBlock::default()
        })
    }
}

impl From<Image> for gemini::Part {
    /// How closely the model looks cannot be said of one image to this API.
    fn from(image: Image) -> Self {
        part(image.url)
    }
}

impl From<Document> for gemini::Part {
    /// A file has no name for this API; one that the server has is known by its URI.
    fn from(document: Document) -> Self {
        match document.0 {
            Source::Data { uri, .. } | Source::Uploaded(uri) => part(uri),
        }
    }
}

/// A URI, or the bytes that it holds.
fn part(uri: String) -> gemini::Part {
    let held = uri.strip_prefix("data:");
    match held.and_then(|data| data.split_once(";base64,")) {
        Some((mime_type, data)) => gemini::Part {
            inline_data: Some(gemini::Blob {
                mime_type: mime_type.to_owned(),
                data: data.to_owned(),
                ..gemini::Blob::default()
            }),
            ..gemini::Part::default()
        },
        None => gemini::Part {
            file_data: Some(gemini::FileData {
                file_uri: uri,
                ..gemini::FileData::default()
            }),
            ..gemini::Part::default()
        },
    }
}

/// A URL, or the bytes that it holds.
fn source(url: String) -> anthropic::Source {
    let data = url.strip_prefix("data:");
    match data.and_then(|data| data.split_once(";base64,")) {
        // A file of text goes as text: base64 is for PDF and images.
        Some((media_type, data)) if media_type.starts_with("text/") => anthropic::TextSource {
            media_type: "text/plain".to_owned(),
            data: String::from_utf8_lossy(&STANDARD.decode(data).unwrap_or_default()).into_owned(),
            ..anthropic::TextSource::default()
        }
        .into(),
        Some((media_type, data)) => anthropic::Base64Source {
            media_type: media_type.to_owned(),
            data: data.to_owned(),
            ..anthropic::Base64Source::default()
        }
        .into(),
        None => anthropic::UrlSource {
            url,
            ..anthropic::UrlSource::default()
        }
        .into(),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let name = path.display();
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| Error::config(format!("cannot read `{name}`: {error}")))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Error::config_with_hint(
            format!("`{name}` holds more than {MAX_FILE_BYTES} bytes"),
            "upload it, and name its id",
        ));
    }
    Ok(bytes)
}

fn data_uri(media_type: &str, bytes: &[u8]) -> String {
    let mut uri = format!("data:{media_type};base64,");
    STANDARD.encode_string(bytes, &mut uri);
    uri
}

/// By the signatures of the formats.
fn image_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

fn media_type(path: &Path) -> &'static str {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    match ending.to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "json" => "application/json",
        "csv" => "text/csv",
        "htm" | "html" => "text/html",
        "md" => "text/markdown",
        "txt" | "log" => "text/plain",
        "xml" => "text/xml",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}

/// A URL without the data that it may be.
fn shown(url: &str) -> String {
    match url.split_once(";base64,") {
        Some((kind, data)) if kind.starts_with("data:") => {
            format!("{kind};base64, … ({} characters)", data.len())
        }
        _ => url.to_owned(),
    }
}
