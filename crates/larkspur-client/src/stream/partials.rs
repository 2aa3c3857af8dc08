//! Typed values while they come.

use std::fmt;

use larkspur_output::partial::{Draft, Elements, Partial, Progress};
use larkspur_wire::Delta;
use serde::de::DeserializeOwned;

use super::OutputStream;
use crate::api::Api;
use crate::ask::Answer;
use crate::error::Error;

/// A typed value that is still coming: what [`OutputStream::partials`] gives.
///
/// ```no_run
/// use larkspur_client::Client;
/// # use larkspur_output::partial::{Partial, View};
/// use larkspur_schema::{JsonSchema, schemars};
/// use serde::Deserialize;
///
/// # /* With the facade: use larkspur::Partial;
/// #[derive(Debug, Deserialize, JsonSchema, Partial)]
/// # */
/// # #[derive(Debug, Deserialize, JsonSchema)]
/// struct Story {
///     title: String,
///     text: String,
/// }
/// # #[derive(Clone, Debug, Default)]
/// # struct StoryPartial { title: larkspur_output::partial::Progress<String>, text: larkspur_output::partial::Progress<String> }
/// # impl Partial for Story {
/// #     type Partial = StoryPartial;
/// #     fn advance(_: &mut Option<StoryPartial>, _: &View<'_>) {}
/// # }
///
/// # async fn run() -> Result<(), larkspur_client::Error> {
/// let client = Client::from_env()?;
/// let mut stories = client.responses("gpt-5.2").input("…").stream::<Story>().await?.partials();
/// while let Some(story) = stories.next().await? {
///     if let Some(story) = story.get() {
///         println!("{:?}: {:?}", story.title.done(), story.text.get());
///     }
/// }
/// let reply = stories.answer().await?.into_reply()?;
/// println!("{}", reply.value.text);
/// # Ok(())
/// # }
/// ```
pub struct PartialStream<A: Api, V, P: Partial = V> {
    stream: OutputStream<A, V>,
    draft: Draft<P>,
}

/// The elements of an array that is still coming: what [`OutputStream::elements`] gives.
pub struct ElementStream<A: Api, V, T> {
    stream: OutputStream<A, V>,
    elements: Elements<T>,
    ready: std::collections::VecDeque<T>,
}

impl<A: Api, V, P: Partial> PartialStream<A, V, P> {
    pub(super) const fn new(stream: OutputStream<A, V>) -> Self {
        Self {
            stream,
            draft: Draft::new(),
        }
    }

    /// How far the value has come, after each piece of the answer's text; `None` when nothing more comes. What the model thinks or says
    /// otherwise is passed over. It may be cancelled and called again, and nothing is lost.
    ///
    /// # Errors
    ///
    /// As [`OutputStream::next`].
    pub async fn next(&mut self) -> Result<Option<&Progress<P::Partial>>, Error> {
        while let Some(delta) = self.stream.next().await? {
            if matches!(delta, Delta::Text(_)) {
                return Ok(Some(self.draft.update(self.stream.incoming())));
            }
        }
        Ok(None)
    }

    /// How far the value had come with the last piece.
    pub const fn progress(&self) -> &Progress<P::Partial> {
        self.draft.progress()
    }

    /// The stream itself.
    pub fn into_stream(self) -> OutputStream<A, V> {
        self.stream
    }

    /// The answer, read when all of it has come.
    ///
    /// # Errors
    ///
    /// As [`OutputStream::answer`].
    pub async fn answer(self) -> Result<Answer<V>, Error> {
        self.stream.answer().await
    }
}

impl<A: Api, V, T: DeserializeOwned> ElementStream<A, V, T> {
    pub(super) const fn new(stream: OutputStream<A, V>, elements: Elements<T>) -> Self {
        Self {
            stream,
            elements,
            ready: std::collections::VecDeque::new(),
        }
    }

    /// The next element, as soon as it is whole; `None` when no more come. See [`Elements`] for what has been checked of it.
    ///
    /// # Errors
    ///
    /// As [`OutputStream::next`].
    pub async fn next(&mut self) -> Result<Option<T>, Error> {
        loop {
            if let Some(element) = self.ready.pop_front() {
                return Ok(Some(element));
            }
            let Some(delta) = self.stream.next().await? else {
                return Ok(None);
            };
            if matches!(delta, Delta::Text(_)) {
                self.ready
                    .extend(self.elements.take(self.stream.incoming()));
            }
        }
    }

    /// The answer as a whole, read when all of it has come.
    ///
    /// # Errors
    ///
    /// As [`OutputStream::answer`].
    pub async fn answer(self) -> Result<Answer<V>, Error> {
        self.stream.answer().await
    }
}

impl<A: Api, V, P: Partial> fmt::Debug for PartialStream<A, V, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartialStream")
            .field("stream", &self.stream)
            .finish_non_exhaustive()
    }
}

impl<A: Api, V, T> fmt::Debug for ElementStream<A, V, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ElementStream")
            .field("stream", &self.stream)
            .finish_non_exhaustive()
    }
}
