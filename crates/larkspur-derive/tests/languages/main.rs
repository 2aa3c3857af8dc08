//! Languages that people write, each as a Rust type, and the laws that hold of all of them.
//!
//! How many texts each law gets is set by the environment: `LARKSPUR_TEXTS=10000` for a long run.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

mod laws;
#[path = "../../../larkspur-grammar/tests/support/llg.rs"]
mod llg;
mod over_http;
mod strategies;

macro_rules! languages {
    ($($language:ident)+) => {
        $(
            mod $language;

            #[test]
            fn $language() {
                laws::hold($language::values(), $language::ACCEPTED, $language::REFUSED);
                over_http::answers($language::values(), laws::texts());
                over_http::ignored($language::values());
            }
        )+
    };
}

languages! {
    arithmetic chess cron css_colour css_selector diff_hunk dockerfile filter glob graphql iso_duration jq jsonpath ldap logfmt
    lucene makefile promql recurrence s_expression semver spdx sql_where url_query xpath
}
