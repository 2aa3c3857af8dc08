// The official OpenAI SDK for Node gets parsed structured outputs from `larkspur serve`.

import assert from "node:assert/strict";
import OpenAI, { BadRequestError } from "openai";
import { LengthFinishReasonError } from "openai/error";
import { zodFunction, zodResponseFormat, zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { run } from "./suite.mjs";

const model = "gpt-5.2";
const client = new OpenAI({ maxRetries: 0 });

const Invoice = z.object({
  vendor: z.string(),
  issued: z.iso.date(),
  currency: z.enum(["EUR", "USD"]),
  items: z.array(z.object({ title: z.string(), quantity: z.int().min(1).max(99), price: z.number() })),
  payment: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("card"), last_digits: z.string().regex(/^[0-9]{4}$/) }),
    z.object({ kind: z.literal("transfer"), iban: z.string() }),
  ]),
  note: z.string().nullable(),
});

const tests = {
  async responses_parse_returns_the_value() {
    const response = await client.responses.parse({
      model,
      input: "Invoice of Acme Corp",
      text: { format: zodTextFormat(Invoice, "invoice") },
    });
    assert.equal(response.status, "completed");
    Invoice.parse(response.output_parsed);
    assert.ok(response.usage.output_tokens > 0);
  },

  async chat_parse_returns_the_value() {
    const completion = await client.chat.completions.parse({
      model,
      messages: [{ role: "user", content: "Invoice of Acme Corp" }],
      response_format: zodResponseFormat(Invoice, "invoice"),
    });
    assert.equal(completion.choices[0].finish_reason, "stop");
    Invoice.parse(completion.choices[0].message.parsed);
  },

  async responses_stream_parses_the_value() {
    let text = "";
    const stream = client.responses
      .stream({ model, input: "Invoice of Acme Corp", text: { format: zodTextFormat(Invoice, "invoice") } })
      .on("response.output_text.delta", (event) => (text += event.delta));
    const response = await stream.finalResponse();
    assert.equal(response.output_text, text);
    Invoice.parse(response.output_parsed);
  },

  async responses_stream_has_the_calls() {
    const definition = 'start: "mon" | "tue" | "wed"';
    const stream = client.responses.stream({
      model,
      input: "Which day?",
      tools: [{ type: "custom", name: "day", format: { type: "grammar", syntax: "lark", definition } }],
      tool_choice: { type: "custom", name: "day" },
    });
    const response = await stream.finalResponse();
    const calls = response.output.filter((item) => item.type === "custom_tool_call");
    assert.ok(["mon", "tue", "wed"].includes(calls[0].input), calls[0].input);
  },

  async chat_stream_parses_the_value() {
    let text = "";
    const stream = client.chat.completions
      .stream({
        model,
        messages: [{ role: "user", content: "Invoice of Acme Corp" }],
        response_format: zodResponseFormat(Invoice, "invoice"),
      })
      .on("content", (delta) => (text += delta));
    const completion = await stream.finalChatCompletion();
    assert.equal(completion.choices[0].message.content, text);
    Invoice.parse(completion.choices[0].message.parsed);
  },

  async chat_tool_arguments_are_parsed() {
    const completion = await client.chat.completions.parse({
      model,
      messages: [{ role: "user", content: "Store the invoice" }],
      tools: [zodFunction({ name: "store_invoice", parameters: Invoice })],
      tool_choice: { type: "function", function: { name: "store_invoice" } },
    });
    const calls = completion.choices[0].message.tool_calls;
    assert.equal(calls.length, 1);
    Invoice.parse(calls[0].function.parsed_arguments);
  },

  async responses_tool_arguments_are_parsed() {
    const response = await client.responses.parse({
      model,
      input: "Store the invoice",
      tools: [zodResponsesFunction({ name: "store_invoice", parameters: Invoice })],
      tool_choice: { type: "function", name: "store_invoice" },
    });
    const calls = response.output.filter((item) => item.type === "function_call");
    assert.equal(calls.length, 1);
    Invoice.parse(calls[0].parsed_arguments);
  },

  async a_regex_tool_answers_in_its_language() {
    const response = await client.responses.create({
      model,
      input: "Which year?",
      tools: [{ type: "custom", name: "year", format: { type: "grammar", syntax: "regex", definition: "20[0-9]{2}" } }],
      tool_choice: { type: "custom", name: "year" },
    });
    const call = response.output.find((item) => item.type === "custom_tool_call");
    assert.match(call.input, /^20[0-9]{2}$/);
  },

  async an_optional_property_is_refused() {
    const schema = { type: "object", properties: { a: { type: "string" } }, required: [], additionalProperties: false };
    const json_schema = { name: "partial", strict: true, schema };
    await assert.rejects(
      client.chat.completions.create({
        model,
        messages: [{ role: "user", content: "x" }],
        response_format: { type: "json_schema", json_schema },
      }),
      (error) => {
        assert.ok(error instanceof BadRequestError);
        assert.equal(error.param, "response_format");
        assert.match(error.message, /'required' is required to be supplied .* Missing 'a'\./);
        return true;
      },
    );
  },

  async a_long_answer_is_cut_and_said_so() {
    await assert.rejects(
      client.chat.completions.parse({
        model,
        messages: [{ role: "user", content: "Invoice" }],
        response_format: zodResponseFormat(Invoice, "invoice"),
        max_completion_tokens: 4,
      }),
      LengthFinishReasonError,
    );
  },
};

await run(tests);
