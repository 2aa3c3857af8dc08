"""The official Anthropic SDK for Python gets parsed structured outputs from `larkspur serve`."""

import os
import sys
import typing

import anthropic
import pydantic

import suite

MODEL = "claude-opus-4-5"
URL = os.environ["OPENAI_BASE_URL"].removesuffix("/v1")
client = anthropic.Anthropic(base_url=URL, api_key="any-key", max_retries=0)
ASKED = [{"role": "user", "content": "Invoice of Acme Corp"}]


class Item(pydantic.BaseModel):
    title: str
    quantity: int
    price: float


class Invoice(pydantic.BaseModel):
    vendor: str
    currency: typing.Literal["EUR", "USD"]
    items: list[Item]
    note: str | None


TOOL = {"name": "book", "description": "Books an invoice.", "strict": True, "input_schema": {
    "type": "object", "properties": {"vendor": {"type": "string"}, "cents": {"type": "integer"}},
    "required": ["vendor", "cents"], "additionalProperties": False}}


def parse_returns_the_model():
    message = client.messages.parse(model=MODEL, max_tokens=4000, messages=ASKED, output_format=Invoice)
    assert message.stop_reason == "end_turn", message.stop_reason
    assert isinstance(message.parsed_output, Invoice), message.parsed_output
    assert message.usage.output_tokens > 0


def tool_arguments_hold_their_schema():
    message = client.messages.create(model=MODEL, max_tokens=4000, messages=ASKED, tools=[TOOL], tool_choice={"type": "any"})
    assert message.stop_reason == "tool_use", message.stop_reason
    (call,) = message.content
    assert set(call.input) == {"vendor", "cents"} and isinstance(call.input["cents"], int), call.input
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "booked"}
    messages = [*ASKED, {"role": "assistant", "content": message.content}, {"role": "user", "content": [result]}]
    message = client.messages.create(model=MODEL, max_tokens=4000, messages=messages, tools=[TOOL])
    assert message.stop_reason == "end_turn", message.stop_reason


def a_stream_gives_the_same_model():
    with client.messages.stream(model=MODEL, max_tokens=4000, messages=ASKED, output_format=Invoice) as stream:
        text = "".join(stream.text_stream)
        message = stream.get_final_message()
    assert message.content[0].text == text
    assert isinstance(message.parsed_output, Invoice), message.parsed_output


def a_stream_gives_the_arguments():
    with client.messages.stream(model=MODEL, max_tokens=4000, messages=ASKED, tools=[TOOL], tool_choice={"type": "tool", "name": "book"}) as stream:
        message = stream.get_final_message()
    (call,) = message.content
    assert set(call.input) == {"vendor", "cents"}, call.input


def a_short_limit_cuts_and_says_so():
    message = client.messages.create(model=MODEL, max_tokens=1, messages=ASKED, output_config={"format": {
        "type": "json_schema", "schema": TOOL["input_schema"]}})
    assert message.stop_reason == "max_tokens", message.stop_reason


def tokens_are_counted():
    counted = client.messages.count_tokens(model=MODEL, messages=ASKED, tools=[TOOL])
    message = client.messages.create(model=MODEL, max_tokens=4000, messages=ASKED, tools=[TOOL])
    assert counted.input_tokens == message.usage.input_tokens, (counted, message.usage)


def refused(expected, **changes):
    asked = {"model": MODEL, "max_tokens": 100, "messages": ASKED}
    try:
        client.messages.create(**(asked | changes))
    except anthropic.BadRequestError as error:
        assert expected in str(error), error
        assert error.request_id, error
    else:
        raise AssertionError("it was taken")


def an_open_schema_is_refused():
    refused("additionalProperties", output_config={"format": {"type": "json_schema", "schema": {"type": "object", "properties": {}}}})


def a_result_without_a_call_is_refused():
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "?"}
    refused("unexpected `tool_use_id`", messages=[{"role": "user", "content": [result]}])


sys.exit(suite.run(globals(), without=["refused"]))
