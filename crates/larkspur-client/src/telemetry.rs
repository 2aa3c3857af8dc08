//! Spans of requests and of tools, by the names of OpenTelemetry's conventions for generative AI (semantic conventions 1.38,
//! "Semantic conventions for generative client AI spans", and "Execute tool span"). No content: neither prompts nor answers, neither
//! what tools are called with nor what they give, and no key.
//!
//! The name of a span of `tracing` is fixed; the names that the conventions want are in `otel.name`, which `tracing-opentelemetry` takes.

use larkspur_wire::Ending;
use tracing::Span;
use tracing::field::Empty;

use crate::api::Api;
use crate::client::Inner;
use crate::error::{Error, Kind};
use crate::ledger::{Attempt, AttemptKind, ToolCall};

/// The span of one request and its answer, retries included.
pub(crate) fn request<A: Api>(client: &Inner, model: &str, kind: AttemptKind) -> Span {
    let base = &client.transport.base;
    tracing::info_span!(
        "chat",
        "otel.name" = format!("chat {model}"),
        "otel.kind" = "client",
        "otel.status_code" = Empty,
        "gen_ai.operation.name" = "chat",
        "gen_ai.provider.name" = client.provider,
        "gen_ai.request.model" = model,
        "gen_ai.response.id" = Empty,
        "gen_ai.response.model" = Empty,
        "gen_ai.response.finish_reasons" = Empty,
        "gen_ai.usage.input_tokens" = Empty,
        "gen_ai.usage.output_tokens" = Empty,
        "server.address" = base.host_str(),
        "server.port" = base.port_or_known_default(),
        "error.type" = Empty,
        "larkspur.api" = A::NAME,
        "larkspur.request.kind" = kind.name(),
        "larkspur.hedge" = Empty,
        "larkspur.cost.usd" = Empty,
    )
}

/// Enters in the span of the request under way what became of a second one.
pub(crate) fn hedged(outcome: &'static str) {
    Span::current().record("larkspur.hedge", outcome);
}

/// Enters the answer, and what it cost.
pub(crate) fn answered<A: Api>(span: &Span, response: &A::Response, attempt: &Attempt) {
    if span.is_disabled() {
        return;
    }
    let receipt = A::receipt(response);
    if !receipt.id.is_empty() {
        span.record("gen_ai.response.id", receipt.id);
    }
    if let Some(model) = receipt.model {
        span.record("gen_ai.response.model", model);
    }
    span.record(
        "gen_ai.response.finish_reasons",
        format!("[\"{}\"]", finish_reason::<A>(response)),
    );
    if let Some(usage) = attempt.usage {
        span.record("gen_ai.usage.input_tokens", usage.input_tokens);
        span.record("gen_ai.usage.output_tokens", usage.output_tokens);
    }
    if attempt.cost.is_complete() {
        span.record("larkspur.cost.usd", attempt.cost.dollars());
    }
}

/// Why the model stopped, in the words of the conventions.
fn finish_reason<A: Api>(response: &A::Response) -> &'static str {
    match A::ending(response) {
        Ending::Finished if A::calls(response).is_empty() => "stop",
        Ending::Finished => "tool_call",
        Ending::Refused(_) => "refusal",
        Ending::Truncated(_) => "length",
        Ending::ContentFilter => "content_filter",
        Ending::Failed { .. } => "error",
        Ending::Unfinished(_) => "unfinished",
        _ => "other",
    }
}

/// Enters why there is no answer.
pub(crate) fn failed(span: &Span, error: &Error) {
    if span.is_disabled() {
        return;
    }
    span.record("otel.status_code", "ERROR");
    match error.status() {
        Some(status) => span.record("error.type", status.to_string()),
        None => span.record("error.type", class(error)),
    };
}

/// A failure in one word of a short list.
fn class(error: &Error) -> &'static str {
    match error.kind() {
        Kind::Connect { .. } => "connect",
        Kind::Broken { .. } => "broken",
        Kind::Timeout { .. } => "timeout",
        Kind::TooLarge { .. } => "too_large",
        Kind::Stream(_) => "stream",
        Kind::Decode { .. } => "unreadable",
        Kind::Failed { .. } => "failed",
        _ => "_OTHER",
    }
}

/// The span of one call of a tool.
pub(crate) fn tool(name: &str, call_id: &str) -> Span {
    tracing::info_span!(
        "execute_tool",
        "otel.name" = format!("execute_tool {name}"),
        "otel.kind" = "internal",
        "otel.status_code" = Empty,
        "gen_ai.operation.name" = "execute_tool",
        "gen_ai.tool.name" = name,
        "gen_ai.tool.call.id" = call_id,
        "gen_ai.tool.type" = "function",
        "error.type" = Empty,
    )
}

/// Enters that a tool failed.
pub(crate) fn ran(span: &Span, call: &ToolCall) {
    if !call.succeeded {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", "tool_error");
    }
}
