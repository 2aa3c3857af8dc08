//! Setting a client up.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use larkspur_output::Target;
use reqwest::Url;
use secrecy::SecretString;

use super::{Client, Inner};
use crate::cache::Cache;
use crate::cassette::Cassette;
use crate::catalogue::Catalogue;
use crate::env;
use crate::error::{Error, Kind};
use crate::gate::Gate;
use crate::hedge::{Hedge, Hedges};
use crate::limits::RateLimits;
use crate::provider::{KeyHeader, Provider};
use crate::recorder::Recorder;
use crate::retry::RetryPolicy;
use crate::secret::Credentials;
use crate::tls::http_client;
use crate::transport::Transport;

/// Sets a [`Client`] up.
///
/// ```
/// use std::time::Duration;
/// use larkspur_client::{Client, RetryPolicy};
///
/// let client = Client::builder()
///     .base_url("http://127.0.0.1:8080/v1")
///     .timeout(Duration::from_secs(30))
///     .retry(RetryPolicy::none())
///     .build()?;
/// assert_eq!(client.base_url(), "http://127.0.0.1:8080/v1");
/// # Ok::<(), larkspur_client::Error>(())
/// ```
#[derive(Clone)]
pub struct ClientBuilder {
    provider: Provider,
    base_url: Option<String>,
    api_key: Option<SecretString>,
    headers: Vec<(String, SecretString)>,
    retry: RetryPolicy,
    timeout: Duration,
    connect_timeout: Duration,
    max_response_bytes: usize,
    catalogue: Option<Catalogue>,
    target: Option<Target>,
    recorder: Option<Recorder>,
    cache: Option<Cache>,
    cassette: Option<Cassette>,
    max_concurrency: Option<usize>,
    rate_limits: RateLimits,
    hedge: Option<Hedge>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            provider: Provider::openai(),
            base_url: None,
            api_key: None,
            headers: Vec::new(),
            retry: RetryPolicy::default(),
            timeout: Duration::from_secs(600),
            connect_timeout: Duration::from_secs(5),
            max_response_bytes: 64 * 1024 * 1024,
            catalogue: None,
            target: None,
            recorder: None,
            cache: None,
            cassette: None,
            max_concurrency: None,
            rate_limits: RateLimits::none(),
            hedge: None,
        }
    }
}

impl ClientBuilder {
    /// Takes what the environment says; see [`Client::from_env`].
    ///
    /// # Errors
    ///
    /// Neither key nor URL is set.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// As [`from_env`](Self::from_env), with the variables from elsewhere. An empty value counts as none.
    ///
    /// # Errors
    ///
    /// Neither key nor URL is set.
    ///
    /// ```
    /// use larkspur_client::{ClientBuilder, env};
    ///
    /// let vars = |name: &str| (name == env::OPENAI_BASE_URL).then(|| "http://127.0.0.1:8080/v1".to_owned());
    /// let client = ClientBuilder::from_vars(vars)?.build()?;
    /// assert_eq!(client.base_url(), "http://127.0.0.1:8080/v1");
    /// # Ok::<(), larkspur_client::Error>(())
    /// ```
    pub fn from_vars(vars: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let var = |name| {
            vars(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let (openai, comet) = (var(env::OPENAI_API_KEY), var(env::COMETAPI_KEY));
        let (url, key) = match (var(env::OPENAI_BASE_URL), openai, comet) {
            (Some(url), None, comet) => {
                let for_comet = Url::parse(&url).is_ok_and(|url| seller(&url) == "cometapi");
                (url, comet.filter(|_| for_comet))
            }
            (Some(url), key, _) => (url, key),
            (None, Some(key), _) => (env::OPENAI_URL.to_owned(), Some(key)),
            (None, None, Some(key)) => (env::COMETAPI_URL.to_owned(), Some(key)),
            (None, None, None) => {
                return Err(Error::new(Kind::NoServer));
            }
        };
        let mut builder = Self {
            base_url: Some(url),
            ..Self::default()
        };
        if let Some(key) = key {
            builder = builder.api_key(key);
        }
        for (header, name) in [
            ("openai-organization", env::OPENAI_ORG_ID),
            ("openai-project", env::OPENAI_PROJECT_ID),
        ] {
            if let Some(value) = var(name) {
                builder = builder.header(header, value);
            }
        }
        Ok(builder)
    }

    /// Who is asked: where they are, how they take the key, what they take. Default: [`Provider::openai`].
    pub fn provider(self, provider: Provider) -> Self {
        Self { provider, ..self }
    }

    /// Where requests go; ends in `/v1` as a rule. Default: as the provider says.
    pub fn base_url(self, url: impl Into<String>) -> Self {
        Self {
            base_url: Some(url.into()),
            ..self
        }
    }

    /// The key, sent as `Authorization: Bearer` or as the provider takes it. White space around it is dropped; none is sent where none is given.
    pub fn api_key(self, key: impl Into<String>) -> Self {
        Self {
            api_key: Some(SecretString::from(key.into().trim())),
            ..self
        }
    }

    /// Another header for every request, for example `api-key` for servers that take the key there. Its value is
    /// treated as a secret.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers
            .push((name.into(), SecretString::from(value.into())));
        self
    }

    /// The organisation that is billed.
    pub fn organization(self, id: impl Into<String>) -> Self {
        self.header("openai-organization", id)
    }

    /// The project that is billed.
    pub fn project(self, id: impl Into<String>) -> Self {
        self.header("openai-project", id)
    }

    /// When failed requests are sent again.
    pub fn retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    /// How long one attempt may take, from sending to the last byte. Default: 600 s, for reasoning takes its time.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// How long a connection may take to be made. Default: 5 s.
    pub fn connect_timeout(self, connect_timeout: Duration) -> Self {
        Self {
            connect_timeout,
            ..self
        }
    }

    /// How many requests may be under way at once, by all clones of the client together; further ones wait, first come, first served. A
    /// request has its place from sending to the last byte of its answer, a stream until it ends or is dropped, so a program that holds as many
    /// streams as there are places waits for itself. Who waits to send again has none. Default: no bound; at least 1.
    pub fn max_concurrency(self, requests: usize) -> Self {
        Self {
            max_concurrency: Some(requests.max(1)),
            ..self
        }
    }

    /// How much is sent in a time, by all clones of the client together. Default: [`RateLimits::none`].
    pub fn rate_limits(self, rate_limits: RateLimits) -> Self {
        Self {
            rate_limits,
            ..self
        }
    }

    /// Sends a second request where an answer is long in coming. Default: none is ever sent.
    pub fn hedge(self, hedge: Hedge) -> Self {
        Self {
            hedge: Some(hedge),
            ..self
        }
    }

    /// The longest answer that is read, in bytes. Default: 64 MiB.
    pub fn max_response_bytes(self, max_response_bytes: usize) -> Self {
        Self {
            max_response_bytes,
            ..self
        }
    }

    /// Models known to the user, over the built-in ones.
    pub fn catalogue(self, catalogue: Catalogue) -> Self {
        Self {
            catalogue: Some(catalogue),
            ..self
        }
    }

    /// What the server takes: its dialect of schemas, and how a grammar gets to it. Default: as the provider says.
    pub fn target(self, target: Target) -> Self {
        Self {
            target: Some(target),
            ..self
        }
    }

    /// Writes down every whole answer, for tests to replay. Default: nothing is.
    pub fn recorder(self, recorder: Recorder) -> Self {
        Self {
            recorder: Some(recorder),
            ..self
        }
    }

    /// Keeps accepted answers, and gives them again to the same request. Default: nothing is kept.
    pub fn cache(self, cache: Cache) -> Self {
        Self {
            cache: Some(cache),
            ..self
        }
    }

    /// Records what is sent and answered, or plays what was recorded in place of a server. Default: neither.
    pub fn cassette(self, cassette: Cassette) -> Self {
        Self {
            cassette: Some(cassette),
            ..self
        }
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// The base URL is not an `http` or `https` URL, or holds a password or a query; a header cannot be sent; the
    /// machine has no CA certificates for `https`.
    pub fn build(self) -> Result<Client, Error> {
        let provider = self.provider;
        let Some(url) = self.base_url.as_deref().or(provider.base_url) else {
            return Err(Error::config("this provider needs a base URL"));
        };
        let base = base_url(url)?;
        let mut credentials = Credentials::default();
        match (&self.api_key, provider.key) {
            (Some(key), KeyHeader::Bearer) => credentials.bearer(key)?,
            (Some(key), KeyHeader::Named(name)) => credentials.header(name, key)?,
            (None, _) => {}
        }
        for (name, value) in provider.headers {
            credentials.constant(name, value);
        }
        for (name, value) in &self.headers {
            credentials.header(name, value)?;
        }
        let catalogue = match &self.catalogue {
            Some(own) => Catalogue::builtin().overlaid(own),
            None => Catalogue::builtin().clone(),
        };
        let plays = self.cassette.as_ref().is_some_and(Cassette::plays);
        let transport = Transport {
            http: http_client(&base, credentials.headers(), self.connect_timeout, plays)?,
            base,
            credentials,
            gate: Gate::new(
                self.max_concurrency,
                self.rate_limits,
                self.retry.patience(),
            ),
            cassette: self.cassette,
            hedges: self.hedge.map(Hedges::new),
            retry: self.retry,
            timeout: self.timeout,
            max_response_bytes: self.max_response_bytes,
        };
        let seller = seller(&transport.base);
        let target = self.target.unwrap_or(provider.target);
        Ok(Client(Arc::new(Inner {
            transport,
            catalogue: Arc::new(catalogue),
            target,
            recorder: self.recorder,
            cache: self.cache,
            seller,
            provider: provider_name(provider.name, seller),
            chat: provider.chat,
        })))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("retry", &self.retry)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Checks a base URL. What is wrong with it is said without repeating it: it may hold a password.
fn base_url(text: &str) -> Result<Url, Error> {
    const HINT: &str = "a base URL looks like https://api.openai.com/v1";
    let refuse = |message: &str| Err(Error::config_with_hint(message, HINT));
    let Ok(url) = Url::parse(text.trim()) else {
        return refuse("the base URL is not a URL");
    };
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return refuse("the base URL is not an http or https URL");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("the base URL holds a user name or a password: give the key apart");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("the base URL holds a query or a fragment");
    }
    Ok(url)
}

/// Whom traces name: the provider that was set, but for the reseller that is known by its host.
fn provider_name(set: &'static str, seller: &'static str) -> &'static str {
    match (set, seller) {
        ("openai", "cometapi") => seller,
        ("", _) => "_OTHER",
        _ => set,
    }
}

/// Whose prices count at this URL. Where nobody is known, the list price does.
fn seller(url: &Url) -> &'static str {
    let host = url.host_str().unwrap_or_default();
    if host == "cometapi.com" || host.ends_with(".cometapi.com") {
        "cometapi"
    } else if host == "generativelanguage.googleapis.com" {
        "google"
    } else {
        "openai"
    }
}
