//! The judge: the engine that servers run.

use larkspur_grammar::Diagnostic;
use llguidance::ParserFactory;
use llguidance::api::{GrammarInit, ParserLimits, TopLevelGrammar, ValidationResult};
use llguidance::toktrie::{ApproximateTokEnv, InferenceCapabilities};

use super::Case;

/// What llguidance answers to a grammar that it refuses.
pub(crate) fn refusal(grammar: &str) -> Option<String> {
    let top = TopLevelGrammar::from_lark(grammar.to_owned());
    match GrammarInit::Serialized(top).validate(None, ParserLimits::default()) {
        ValidationResult::Error(message) => Some(message),
        _ => None,
    }
}

#[track_caller]
pub(crate) fn judge(case: &Case, findings: &[Diagnostic]) {
    if !matches!(case.dialect, "openai" | "llguidance") {
        assert_eq!(case.differs, None, "only cases of llguidance are judged");
        return;
    }
    let ours = findings.iter().any(Diagnostic::is_error);
    let theirs = refusal(case.grammar);
    let agree = ours == theirs.is_some();
    let explained = case.differs.is_some();
    assert!(
        agree != explained,
        "refused here: {ours}, there: {theirs:?}, explained: {:?}\n{}\n{findings:#?}",
        case.differs,
        case.grammar
    );
}

/// Whether llguidance takes `text` for a sentence, byte by byte.
pub(crate) fn accepts(grammar: &str, text: &str) -> bool {
    let env = ApproximateTokEnv::single_byte_env();
    let mut factory =
        ParserFactory::new(&env, InferenceCapabilities::default(), &[]).expect("a factory");
    factory.quiet();
    let mut parser = factory
        .create_parser(TopLevelGrammar::from_lark(grammar.to_owned()))
        .expect(grammar);
    parser.start_without_prompt();
    let read = text.is_empty() || parser.parser.apply_token(text.as_bytes(), 0).is_ok();
    read && parser.parser.is_accepting()
}
