"""The official Google Gen AI SDK for Python gets parsed structured outputs from `larkspur serve`."""

import os
import sys
import typing

import pydantic
from google import genai
from google.genai import errors, types

import suite

MODEL = "gemini-3-pro-preview"
URL = os.environ["OPENAI_BASE_URL"].removesuffix("/v1")
client = genai.Client(api_key="any-key", http_options=types.HttpOptions(base_url=URL))
ASKED = "Invoice of Acme Corp"


class Item(pydantic.BaseModel):
    title: str
    quantity: int
    price: float


class Invoice(pydantic.BaseModel):
    vendor: str
    currency: typing.Literal["EUR", "USD"]
    items: list[Item]
    note: str | None


BOOK = {"name": "book", "description": "Books an invoice.", "parameters_json_schema": {
    "type": "object", "properties": {"vendor": {"type": "string"}, "cents": {"type": "integer"}},
    "required": ["vendor", "cents"], "additionalProperties": False}}
MUST_BOOK = {"function_calling_config": {"mode": "ANY", "allowed_function_names": ["book"]}}


def json_of(**schema):
    return types.GenerateContentConfig(response_mime_type="application/json", **schema)


def a_model_as_the_schema_is_parsed():
    response = client.models.generate_content(model=MODEL, contents=ASKED, config=json_of(response_schema=Invoice))
    assert isinstance(response.parsed, Invoice), response.text
    assert response.candidates[0].finish_reason == types.FinishReason.STOP
    assert response.usage_metadata.candidates_token_count > 0


def a_json_schema_is_held():
    config = json_of(response_json_schema=Invoice.model_json_schema())
    response = client.models.generate_content(model=MODEL, contents=ASKED, config=config)
    assert isinstance(Invoice.model_validate_json(response.text), Invoice)


def an_enum_is_one_of_its_words():
    config = types.GenerateContentConfig(response_mime_type="text/x.enum", response_schema={"type": "STRING", "enum": ["paid", "open"]})
    response = client.models.generate_content(model=MODEL, contents=ASKED, config=config)
    assert response.text.strip('"') in ("paid", "open"), response.text


def arguments_hold_their_schema_and_calls_go_back_signed():
    config = types.GenerateContentConfig(tools=[{"function_declarations": [BOOK]}], tool_config=MUST_BOOK)
    response = client.models.generate_content(model=MODEL, contents=ASKED, config=config)
    (call,) = response.function_calls
    assert set(call.args) == {"vendor", "cents"} and isinstance(call.args["cents"], int), call.args
    gave = types.Part(function_response=types.FunctionResponse(id=call.id, name=call.name, response={"output": "booked"}))
    contents = [types.UserContent(ASKED), response.candidates[0].content, types.UserContent([gave])]
    free = types.GenerateContentConfig(tools=[{"function_declarations": [BOOK]}])
    response = client.models.generate_content(model=MODEL, contents=contents, config=free)
    assert response.text and response.function_calls is None


def a_python_function_is_called():
    booked = []

    def book(vendor: str, cents: int) -> str:
        """Books an invoice."""
        booked.append((vendor, cents))
        return "booked"

    calling = types.AutomaticFunctionCallingConfig(maximum_remote_calls=2)
    config = types.GenerateContentConfig(tools=[book], tool_config=MUST_BOOK, automatic_function_calling=calling)
    response = client.models.generate_content(model=MODEL, contents=ASKED, config=config)
    assert booked and all(isinstance(cents, int) for _, cents in booked), booked
    assert response.automatic_function_calling_history


def a_stream_gives_the_same_model():
    config = json_of(response_schema=Invoice)
    chunks = list(client.models.generate_content_stream(model=MODEL, contents=ASKED, config=config))
    text = "".join(chunk.text or "" for chunk in chunks)
    assert len(chunks) > 2 and isinstance(Invoice.model_validate_json(text), Invoice)
    assert chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP
    assert chunks[-1].usage_metadata.candidates_token_count > 0


def a_stream_gives_the_arguments():
    config = types.GenerateContentConfig(tools=[{"function_declarations": [BOOK]}], tool_config=MUST_BOOK)
    calls = []
    for chunk in client.models.generate_content_stream(model=MODEL, contents=ASKED, config=config):
        calls.extend(chunk.function_calls or [])
    (call,) = calls
    assert set(call.args) == {"vendor", "cents"}, call.args


def a_chat_goes_on():
    chat = client.chats.create(model=MODEL)
    assert chat.send_message("Hello.").text
    assert chat.send_message("And now?").text
    assert len(chat.get_history()) == 4


def thoughts_are_shown_and_counted():
    thinking = types.ThinkingConfig(thinking_level="low", include_thoughts=True)
    response = client.models.generate_content(model=MODEL, contents=ASKED, config=types.GenerateContentConfig(thinking_config=thinking))
    assert response.candidates[0].content.parts[0].thought
    assert response.usage_metadata.thoughts_token_count > 0


def a_short_limit_cuts_and_says_so():
    config = json_of(response_schema=Invoice, max_output_tokens=1)
    response = client.models.generate_content(model=MODEL, contents=ASKED, config=config)
    assert response.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS


def tokens_are_counted_and_models_listed():
    assert client.models.count_tokens(model=MODEL, contents=ASKED).total_tokens > 0
    names = [model.name for model in client.models.list()]
    assert f"models/{MODEL}" in names, names
    assert client.models.get(model=MODEL).input_token_limit > 0


def refused(expected, contents=ASKED, **config):
    try:
        client.models.generate_content(model=MODEL, contents=contents, config=types.GenerateContentConfig(**config))
    except errors.ClientError as error:
        assert (error.code, error.status) == (400, "INVALID_ARGUMENT"), error
        assert expected in error.message, error.message
    else:
        raise AssertionError("it was taken")


def a_choice_without_functions_is_refused():
    refused("Function calling config is set without function_declarations.", tool_config=MUST_BOOK)


def a_call_without_its_signature_is_refused():
    call = types.Part(function_call=types.FunctionCall(name="book", args={}))
    gave = types.Part(function_response=types.FunctionResponse(name="book", response={"output": "booked"}))
    contents = [types.UserContent(ASKED), types.ModelContent([call]), types.UserContent([gave])]
    refused("Function call is missing a thought_signature", contents)


def a_response_without_a_call_is_refused():
    gave = types.Part(function_response=types.FunctionResponse(name="book", response={"output": "booked"}))
    refused("function response turn comes immediately after a function call turn", [types.UserContent([gave])])


sys.exit(suite.run(globals(), without=["json_of", "refused"]))
