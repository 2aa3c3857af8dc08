// The official Anthropic SDK for Node gets parsed structured outputs from `larkspur serve`.

import assert from "node:assert/strict";
import Anthropic, { BadRequestError } from "@anthropic-ai/sdk";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { z } from "zod";
import { run } from "./suite.mjs";

const baseURL = process.env.OPENAI_BASE_URL.replace(/\/v1$/, "");
const client = new Anthropic({ baseURL, apiKey: "any-key", maxRetries: 0 });
const asked = {
  model: "claude-opus-4-5",
  max_tokens: 4000,
  messages: [{ role: "user", content: "Invoice of Acme Corp" }],
};

const Invoice = z.object({
  vendor: z.string(),
  currency: z.enum(["EUR", "USD"]),
  items: z.array(z.object({ title: z.string(), quantity: z.int(), price: z.number() })),
  note: z.string().nullable(),
});
const book = {
  name: "book",
  description: "Books an invoice.",
  strict: true,
  input_schema: {
    type: "object",
    properties: { vendor: { type: "string" }, cents: { type: "integer" } },
    required: ["vendor", "cents"],
    additionalProperties: false,
  },
};

await run({
  async parse_returns_the_value() {
    const message = await client.messages.parse({ ...asked, output_config: { format: zodOutputFormat(Invoice) } });
    assert.equal(message.stop_reason, "end_turn");
    Invoice.parse(message.parsed_output);
    assert.ok(message.usage.output_tokens > 0);
  },

  async a_stream_gives_the_same_value() {
    let text = "";
    const stream = client.messages
      .stream({ ...asked, output_config: { format: zodOutputFormat(Invoice) } })
      .on("text", (delta) => (text += delta));
    const message = await stream.finalMessage();
    assert.equal(message.content[0].text, text);
    Invoice.parse(JSON.parse(text));
  },

  async tool_arguments_hold_their_schema() {
    const choice = { type: "tool", name: "book" };
    const message = await client.messages.create({ ...asked, tools: [book], tool_choice: choice });
    assert.equal(message.stop_reason, "tool_use");
    const [call] = message.content;
    assert.deepEqual(Object.keys(call.input).sort(), ["cents", "vendor"]);
    assert.ok(Number.isInteger(call.input.cents));
    const result = { type: "tool_result", tool_use_id: call.id, content: "booked" };
    const messages = [
      ...asked.messages,
      { role: "assistant", content: message.content },
      { role: "user", content: [result] },
    ];
    const answer = await client.messages.create({ ...asked, messages, tools: [book] });
    assert.equal(answer.stop_reason, "end_turn");
  },

  async a_stream_gives_the_arguments() {
    const message = await client.messages.stream({ ...asked, tools: [book], tool_choice: { type: "any" } }).finalMessage();
    const [call] = message.content;
    assert.deepEqual(Object.keys(call.input).sort(), ["cents", "vendor"]);
  },

  async an_open_schema_is_refused() {
    const format = { type: "json_schema", schema: { type: "object", properties: {} } };
    await assert.rejects(client.messages.create({ ...asked, output_config: { format } }), (error) => {
      assert.ok(error instanceof BadRequestError);
      assert.match(error.message, /additionalProperties/);
      assert.ok(error.requestID);
      return true;
    });
  },
});
