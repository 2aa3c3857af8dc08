//! Whatever is built, in whatever order, is what the specification says.

use larkspur_client::wire::chat::{self, Message, ToolCall};
use larkspur_client::wire::responses::{
    Compaction, ContentPart, CustomToolCall, CustomToolCallOutput, FunctionCall,
    FunctionCallOutput, InputFile, InputItem, InputMessage, ItemReference, ReasoningItem,
};
use larkspur_client::{
    ChatRequest, CustomTool, Effort, OpenAi, RequestBuilder, ResponsesRequest, ServiceTier,
    Summary, ToolChoice, ToolRef, Verbosity,
};
use proptest::prelude::*;

use super::outputs::{client, document, function, image, invoice, runs};
use super::specification::{CHAT, COMPACT, COUNT, RESPONSES};

/// One call on a builder, as a person might make it.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Instructions(String),
    Input(String),
    Image,
    Document,
    Effort(usize),
    Verbosity(usize),
    Limit(u64),
    Temperature(f64),
    TopP(f64),
    Metadata(String, String),
    Store(bool),
    Tier(usize),
    CacheKey(String),
    Function(String, bool),
    Lark(String, String),
    Choice(usize, String),
    Parallel(bool),
}

/// One that only a request to the Responses API has.
#[derive(Debug, Clone)]
pub(super) enum Own {
    Items(Vec<InputItem>),
    Item(InputItem),
    Previous(String),
    Conversation(String),
    Background,
    Truncate,
    Include(String),
    Threshold(u64),
    Summary(usize),
}

const NAME: &str = "[a-zA-Z0-9_-]{1,64}";

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        any::<String>().prop_map(Step::Instructions),
        any::<String>().prop_map(Step::Input),
        Just(Step::Image),
        Just(Step::Document),
        (0..Effort::KNOWN.len()).prop_map(Step::Effort),
        (0..Verbosity::KNOWN.len()).prop_map(Step::Verbosity),
        (16..1_000_000_u64).prop_map(Step::Limit),
        (0.0..=2.0).prop_map(Step::Temperature),
        (0.0..=1.0).prop_map(Step::TopP),
        (any::<String>(), any::<String>()).prop_map(|(key, value)| Step::Metadata(key, value)),
        any::<bool>().prop_map(Step::Store),
        // `ultrafast` is for Responses alone, so both builders draw from the others.
        (0..6_usize).prop_map(Step::Tier),
        NAME.prop_map(Step::CacheKey),
        (NAME, any::<bool>()).prop_map(|(name, strict)| Step::Function(name, strict)),
        (NAME, any::<String>()).prop_map(|(name, text)| Step::Lark(name, text)),
        (0..8_usize, NAME).prop_map(|(choice, name)| Step::Choice(choice, name)),
        any::<bool>().prop_map(Step::Parallel),
    ]
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..12)
}

fn part() -> impl Strategy<Value = ContentPart> {
    prop_oneof![
        any::<String>().prop_map(ContentPart::text),
        Just(image().into()),
        Just(document().into()),
        NAME.prop_map(|id| {
            ContentPart::InputFile(InputFile {
                file_id: Some(id),
                ..InputFile::default()
            })
        }),
    ]
}

/// Items that belong together, as a server takes them.
fn turn() -> impl Strategy<Value = Vec<InputItem>> {
    let one = |item: InputItem| vec![item];
    prop_oneof![
        any::<String>().prop_map(move |text| one(InputMessage::user(text).into())),
        any::<String>().prop_map(move |text| one(InputMessage::developer(text).into())),
        any::<String>().prop_map(move |text| one(InputMessage::assistant(text).into())),
        prop::collection::vec(part(), 1..4)
            .prop_map(move |parts| one(InputMessage::user(parts).into())),
        (NAME, NAME, any::<String>()).prop_map(|(id, name, text)| {
            let call = FunctionCall::new(&id, name, "{}");
            vec![
                reasoning().into(),
                call.into(),
                FunctionCallOutput::new(id, text).into(),
            ]
        }),
        (NAME, NAME, any::<String>()).prop_map(|(id, name, text)| {
            let call = CustomToolCall::new(&id, name, text.as_str());
            vec![call.into(), CustomToolCallOutput::new(id, text).into()]
        }),
        NAME.prop_map(move |id| {
            let id = id.clone();
            one(InputItem::ItemReference(ItemReference {
                id,
                ..ItemReference::default()
            }))
        }),
        NAME.prop_map(move |text| {
            one(Compaction {
                encrypted_content: text,
                ..Compaction::default()
            }
            .into())
        }),
    ]
}

/// As a server gives it to one that stores nothing.
fn reasoning() -> ReasoningItem {
    ReasoningItem {
        id: Some("rs_1".to_owned()),
        encrypted_content: Some("AAAA".to_owned()),
        ..ReasoningItem::default()
    }
}

pub(super) fn items() -> impl Strategy<Value = Vec<InputItem>> {
    prop::collection::vec(turn(), 0..6).prop_map(|turns| turns.concat())
}

fn own() -> impl Strategy<Value = Own> {
    prop_oneof![
        3 => items().prop_map(Own::Items),
        1 => any::<String>().prop_map(|text| Own::Item(InputMessage::user(text).into())),
        1 => NAME.prop_map(Own::Previous),
        1 => NAME.prop_map(Own::Conversation),
        1 => Just(Own::Background),
        1 => Just(Own::Truncate),
        1 => Just(Own::Include("reasoning.encrypted_content".to_owned())),
        1 => (1_000..1_000_000_u64).prop_map(Own::Threshold),
        1 => (0..Summary::KNOWN.len()).prop_map(Own::Summary),
    ]
}

pub(super) fn owns() -> impl Strategy<Value = Vec<Own>> {
    prop::collection::vec(own(), 0..5)
}

fn choice(which: usize, name: String) -> ToolChoice {
    match which {
        0 => ToolChoice::Auto,
        1 => ToolChoice::None,
        2 => ToolChoice::Required,
        3 => ToolChoice::function(name),
        4 => ToolChoice::custom(name),
        5 => ToolChoice::allowed([ToolRef::function(name.clone()), ToolRef::custom(name)]),
        6 => ToolChoice::one_of([ToolRef::function(name)]),
        _ => ToolChoice::allowed([]),
    }
}

/// A request on which these calls are made.
pub(super) fn take<A: OpenAi<Input: From<String>>>(
    request: RequestBuilder<A>,
    steps: &[Step],
) -> RequestBuilder<A> {
    steps
        .iter()
        .cloned()
        .fold(request, |request, step| match step {
            Step::Instructions(text) => request.instructions(text),
            Step::Input(text) => request.input(text),
            Step::Image => request.image(image()),
            Step::Document => request.document(document()),
            Step::Effort(which) => request.effort(Effort::from(Effort::KNOWN[which])),
            Step::Verbosity(which) => request.verbosity(Verbosity::from(Verbosity::KNOWN[which])),
            Step::Limit(tokens) => request.max_output_tokens(tokens),
            Step::Temperature(number) => request.temperature(number),
            Step::TopP(number) => request.top_p(number),
            Step::Metadata(key, value) => request.metadata(key, value),
            Step::Store(store) => request.store(store),
            Step::Tier(which) => request.service_tier(ServiceTier::from(ServiceTier::KNOWN[which])),
            Step::CacheKey(key) => request.prompt_cache_key(&key).safety_identifier(key),
            Step::Function(name, strict) => request.tool(function(&name, strict)),
            Step::Lark(name, text) => request.tool(CustomTool::new(name).lark(text)),
            Step::Choice(which, name) => request.tool_choice(choice(which, name)),
            Step::Parallel(parallel) => request.parallel_tool_calls(parallel),
        })
}

/// The same, with those of the Responses API.
pub(super) fn take_own(request: ResponsesRequest, steps: &[Own]) -> ResponsesRequest {
    steps
        .iter()
        .cloned()
        .fold(request, |request, step| match step {
            Own::Items(items) => request.input(items),
            Own::Item(item) => request.item(item),
            Own::Previous(id) => request.previous_response_id(id),
            Own::Conversation(id) => request.conversation(id),
            Own::Background => request.background(),
            Own::Truncate => request.truncate(),
            Own::Include(what) => request.include(what),
            Own::Threshold(tokens) => request.compact_threshold(tokens),
            Own::Summary(which) => request.summary(Summary::from(Summary::KNOWN[which])),
        })
}

fn message() -> impl Strategy<Value = Vec<Message>> {
    let one = |message| vec![message];
    let parts = prop_oneof![
        any::<String>().prop_map(chat::ContentPart::text),
        Just(image().into()),
        Just(document().into()),
    ];
    prop_oneof![
        any::<String>().prop_map(move |text| one(Message::user(text))),
        any::<String>().prop_map(move |text| one(Message::developer(text))),
        any::<String>().prop_map(move |text| one(Message::assistant(text))),
        prop::collection::vec(parts, 1..4).prop_map(move |parts| one(Message::user(parts))),
        (NAME, NAME, any::<String>()).prop_map(|(id, name, text)| {
            let calls = vec![
                ToolCall::function(&id, &name, "{}"),
                ToolCall::custom(format!("{id}_"), name, text.as_str()),
            ];
            vec![
                Message::calls(calls),
                Message::tool(&id, text.as_str()),
                Message::tool(format!("{id}_"), text),
            ]
        }),
    ]
}

pub(super) fn chat(steps: &[Step], messages: &[Message]) -> ChatRequest {
    let request = client().chat("gpt-5.2").messages(messages.to_vec());
    take(request.input("x"), steps)
}

pub(super) fn messages() -> impl Strategy<Value = Vec<Message>> {
    prop::collection::vec(message(), 0..5).prop_map(|messages| messages.concat())
}

proptest! {
    #[test]
    fn whatever_is_built_for_responses_is_valid(steps in steps(), own in owns(), with_output: bool) {
        let request = take_own(client().responses("gpt-5.2").input("x"), &own);
        let request = take(request, &steps);
        let body = if with_output {
            request.build_for(&invoice())
        } else {
            request.build()
        };
        RESPONSES.check("responses", &body);
        COUNT.check("counted", &body.clone().counting());
        COMPACT.check("compacted", &body.compacting());
        for request in runs(&request).iter().take(1) {
            RESPONSES.check("responses, with tools that are run", request);
        }
    }

    #[test]
    fn whatever_is_built_for_chat_is_valid(steps in steps(), messages in messages(), with_output: bool) {
        let request = chat(&steps, &messages);
        if with_output {
            CHAT.check("chat", &request.build_for(&invoice()));
        } else {
            CHAT.check("chat", &request.build());
        }
        for request in runs(&request).iter().take(1) {
            CHAT.check("chat, with tools that are run", request);
        }
    }
}
