//! What is known to be wrong with a request before it is sent.

use larkspur_schema::{Severity, check_request};

use crate::api::Api;
use crate::error::{Error, Kind, Problem};
use crate::pairing;
use crate::request::RequestBuilder;
use crate::warning;

/// Whether something is known to be wrong with a request.
pub(crate) fn check<A: Api>(request: &RequestBuilder<A>, body: &A::Request) -> Result<(), Error> {
    check_schemas(request)?;
    pairing::check::<A>(body)?;
    for warning in warning::warnings(request) {
        tracing::warn!(code = warning.code, "{warning}");
    }
    Ok(())
}

/// Refuses what the server would refuse anyway: schemas that are too large together.
fn check_schemas<A: Api>(request: &RequestBuilder<A>) -> Result<(), Error> {
    let schemas = request.settings.strict_schemas(A::FORMAT);
    let parts: Vec<_> = schemas
        .iter()
        .map(|(place, schema)| (place.as_str(), schema.weight()))
        .collect();
    let diagnostics = check_request(&parts, request.client.target().schemas());
    let errors = diagnostics
        .into_iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error);
    let problems: Vec<_> = errors
        .map(|diagnostic| Problem {
            message: diagnostic.message,
            hint: diagnostic.hint,
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::new(Kind::Request { problems }))
    }
}
