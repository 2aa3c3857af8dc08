"""The official OpenAI SDK for Python gets parsed structured outputs from `larkspur serve`."""

import datetime
import enum
import json
import sys
import time
import typing

import openai
import pydantic

import suite

MODEL = "gpt-5.2"
client = openai.OpenAI(max_retries=0)


class Currency(enum.Enum):
    EUR = "EUR"
    USD = "USD"


class Item(pydantic.BaseModel):
    title: str
    quantity: int = pydantic.Field(ge=1, le=99)
    price: float


class Card(pydantic.BaseModel):
    kind: typing.Literal["card"]
    last_digits: str = pydantic.Field(pattern=r"^[0-9]{4}$")


class Transfer(pydantic.BaseModel):
    kind: typing.Literal["transfer"]
    iban: str


class Invoice(pydantic.BaseModel):
    vendor: str
    issued: datetime.date
    currency: Currency
    items: list[Item]
    payment: Card | Transfer
    note: str | None


class Node(pydantic.BaseModel):
    name: str
    children: list["Node"]


def responses_parse_returns_the_model():
    response = client.responses.parse(model=MODEL, input="Invoice of Acme Corp", text_format=Invoice)
    assert response.status == "completed", response.status
    assert isinstance(response.output_parsed, Invoice), response.output_parsed
    assert response.usage.output_tokens > 0


def responses_parse_reads_recursion():
    response = client.responses.parse(model=MODEL, input="A small tree", text_format=Node)
    assert isinstance(response.output_parsed, Node)


def chat_parse_returns_the_model():
    completion = client.chat.completions.parse(
        model=MODEL, messages=[{"role": "user", "content": "Invoice of Acme Corp"}], response_format=Invoice
    )
    choice = completion.choices[0]
    assert choice.finish_reason == "stop", choice.finish_reason
    assert isinstance(choice.message.parsed, Invoice), choice.message


def chat_tool_arguments_are_parsed():
    completion = client.chat.completions.parse(
        model=MODEL,
        messages=[{"role": "user", "content": "Store the invoice"}],
        tools=[openai.pydantic_function_tool(Invoice, name="store_invoice")],
        tool_choice={"type": "function", "function": {"name": "store_invoice"}},
    )
    (call,) = completion.choices[0].message.tool_calls
    assert isinstance(call.function.parsed_arguments, Invoice), call


def responses_tool_arguments_are_parsed():
    response = client.responses.parse(
        model=MODEL,
        input="Store the invoice",
        tools=[openai.pydantic_function_tool(Invoice, name="store_invoice")["function"] | {"type": "function"}],
        tool_choice={"type": "function", "name": "store_invoice"},
    )
    calls = [item for item in response.output if item.type == "function_call"]
    assert len(calls) == 1, response.output
    assert isinstance(Invoice.model_validate_json(calls[0].arguments), Invoice)


def a_grammar_tool_answers_in_its_language():
    response = client.responses.create(
        model=MODEL,
        input="Which day?",
        tools=[
            {
                "type": "custom",
                "name": "day",
                "format": {"type": "grammar", "syntax": "lark", "definition": 'start: "mon" | "tue" | "wed"'},
            }
        ],
        tool_choice={"type": "custom", "name": "day"},
    )
    (call,) = [item for item in response.output if item.type == "custom_tool_call"]
    assert call.input in ("mon", "tue", "wed"), call.input


def responses_stream_parses_the_model():
    with client.responses.stream(model=MODEL, input="Invoice of Acme Corp", text_format=Invoice) as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        response = stream.get_final_response()
    assert response.output_text == text, (response.output_text, text)
    assert isinstance(response.output_parsed, Invoice), response.output_parsed
    assert response.usage.output_tokens > 0


def chat_stream_parses_the_model():
    messages = [{"role": "user", "content": "Invoice of Acme Corp"}]
    with client.chat.completions.stream(model=MODEL, messages=messages, response_format=Invoice) as stream:
        text = "".join(event.delta for event in stream if event.type == "content.delta")
        completion = stream.get_final_completion()
    message = completion.choices[0].message
    assert message.content == text, (message.content, text)
    assert isinstance(message.parsed, Invoice), message


def chat_stream_has_the_calls():
    with client.chat.completions.stream(
        model=MODEL,
        messages=[{"role": "user", "content": "Store the invoice"}],
        tools=[openai.pydantic_function_tool(Invoice, name="store_invoice")],
        tool_choice={"type": "function", "function": {"name": "store_invoice"}},
        stream_options={"include_usage": True},
    ) as stream:
        completion = stream.get_final_completion()
    (call,) = completion.choices[0].message.tool_calls
    assert isinstance(call.function.parsed_arguments, Invoice), call
    assert completion.usage.total_tokens > 0


def refused(expected_code, expected_param, call):
    try:
        call()
    except openai.BadRequestError as error:
        assert error.code == expected_code, error.code
        assert error.param == expected_param, error.param
        return str(error)
    raise AssertionError("the request was accepted")


def an_open_schema_is_refused():
    schema = {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}
    text = refused(
        "invalid_json_schema",
        "text.format.schema",
        lambda: client.responses.create(
            model=MODEL,
            input="x",
            text={"format": {"type": "json_schema", "name": "open", "strict": True, "schema": schema}},
        ),
    )
    assert "'additionalProperties' is required to be supplied and to be false" in text, text


def a_short_answer_limit_is_refused():
    refused(
        "integer_below_min_value",
        "max_output_tokens",
        lambda: client.responses.create(model=MODEL, input="x", max_output_tokens=15),
    )


def a_long_answer_is_cut_and_said_so():
    try:
        client.chat.completions.parse(
            model=MODEL,
            messages=[{"role": "user", "content": "Invoice"}],
            response_format=Invoice,
            max_completion_tokens=4,
        )
    except openai.LengthFinishReasonError as error:
        assert error.completion.choices[0].finish_reason == "length"
        return
    raise AssertionError("the answer was not cut")


def a_batch_of_requests_is_answered():
    body = {"model": MODEL, "input": "Say hello."}
    lines = [{"custom_id": str(place), "method": "POST", "url": "/v1/responses", "body": body} for place in range(3)]
    lines.append({"custom_id": "bad", "method": "POST", "url": "/v1/responses", "body": {"model": MODEL}})
    content = "\n".join(json.dumps(line) for line in lines)
    file = client.files.create(file=("in.jsonl", content.encode()), purpose="batch")
    assert file.bytes == len(content), file
    batch = client.batches.create(input_file_id=file.id, endpoint="/v1/responses", completion_window="24h")
    while batch.status not in ("completed", "failed"):
        time.sleep(0.01)
        batch = client.batches.retrieve(batch.id)
    assert (batch.request_counts.completed, batch.request_counts.failed) == (3, 1), batch
    results = [json.loads(line) for line in client.files.content(batch.output_file_id).text.splitlines()]
    assert sorted(result["custom_id"] for result in results) == ["0", "1", "2"], results
    error = json.loads(client.files.content(batch.error_file_id).text)
    assert error["response"]["body"]["error"]["param"] == "input", error
    assert any(known.id == batch.id for known in client.batches.list())
    assert client.files.delete(file.id).deleted


def what_a_response_was_given_is_listed():
    first = client.responses.create(model=MODEL, input="Note 1.")
    second = client.responses.create(model=MODEL, input="Note 2.", previous_response_id=first.id)
    given = client.responses.input_items.list(second.id, order="asc", limit=2)
    texts = [item.content[0].text for item in given]
    assert texts == ["Note 1.", first.output_text, "Note 2."], texts
    conversation = client.conversations.create(items=[{"role": "user", "content": "Note 3."}])
    client.responses.create(model=MODEL, input="Note 4.", conversation=conversation.id)
    texts = [item.content[0].text for item in client.conversations.items.list(conversation.id, order="asc")]
    assert texts[:2] == ["Note 3.", "Note 4."] and len(texts) == 3, texts


def models_are_listed():
    assert any(model.id == MODEL for model in client.models.list())


sys.exit(suite.run(globals(), without=["refused"]))
