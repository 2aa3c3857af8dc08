//! The HTTP client underneath: TLS, redirects, proxies.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::error::Error;

const NO_CERTIFICATES: &str =
    "install the system's CA certificates, or use an http:// base URL on this machine";

/// A client for one base URL, which sends these headers with every request.
///
/// It never follows redirects (the key would travel along), never retries by itself (the policy does), and takes no
/// proxy for loopback addresses. The TLS provider is given here and not installed for the process: that is for the
/// program to decide, not for a library. One that nothing is sent with needs no certificates.
pub(crate) fn http_client(
    base: &Url,
    headers: HeaderMap,
    connect_timeout: Duration,
    is_unused: bool,
) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls_config(base.scheme() == "https" && !is_unused)?)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(connect_timeout)
        .user_agent(concat!("larkspur/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers);
    if is_loopback(base) {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| {
        Error::config_with_hint(
            format!("the HTTP client cannot be built: {error}"),
            NO_CERTIFICATES,
        )
    })
}

/// The roots of the system, loaded only where they are needed: a machine without any can still talk to `http://`.
fn tls_config(needs_roots: bool) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::config(format!("TLS cannot be set up: {error}")))?;
    let mut config = if needs_roots {
        builder
            .with_platform_verifier()
            .map_err(|error| {
                Error::config_with_hint(
                    format!("no CA certificates for https: {error}"),
                    NO_CERTIFICATES,
                )
            })?
            .with_no_client_auth()
    } else {
        builder
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth()
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}
