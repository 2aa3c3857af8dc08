// The official Google Gen AI SDK for Node gets parsed structured outputs from `larkspur serve`.

import assert from "node:assert/strict";
import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from "@google/genai";
import { z } from "zod";
import { run } from "./suite.mjs";

const baseUrl = process.env.OPENAI_BASE_URL.replace(/\/v1$/, "");
const client = new GoogleGenAI({ apiKey: "any-key", httpOptions: { baseUrl } });
const asked = { model: "gemini-3-pro-preview", contents: "Invoice of Acme Corp" };

const Invoice = z.object({
  vendor: z.string(),
  currency: z.enum(["EUR", "USD"]),
  items: z.array(z.object({ title: z.string(), quantity: z.int(), price: z.number() })),
  note: z.string().nullable(),
});
const json = { responseMimeType: "application/json", responseJsonSchema: z.toJSONSchema(Invoice) };
const book = {
  name: "book",
  description: "Books an invoice.",
  parametersJsonSchema: {
    type: "object",
    properties: { vendor: { type: "string" }, cents: { type: "integer" } },
    required: ["vendor", "cents"],
    additionalProperties: false,
  },
};
const tools = [{ functionDeclarations: [book] }];
const mustBook = { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ["book"] } };

await run({
  async a_json_schema_is_held() {
    const response = await client.models.generateContent({ ...asked, config: json });
    Invoice.parse(JSON.parse(response.text));
    assert.equal(response.candidates[0].finishReason, "STOP");
    assert.ok(response.usageMetadata.candidatesTokenCount > 0);
  },

  async a_stream_gives_the_same_value() {
    let text = "";
    for await (const chunk of await client.models.generateContentStream({ ...asked, config: json })) {
      text += chunk.text ?? "";
    }
    Invoice.parse(JSON.parse(text));
  },

  async arguments_hold_their_schema_and_calls_go_back_signed() {
    const config = { tools, toolConfig: mustBook };
    const response = await client.models.generateContent({ ...asked, config });
    const [call] = response.functionCalls;
    assert.deepEqual(Object.keys(call.args).sort(), ["cents", "vendor"]);
    const gave = { functionResponse: { id: call.id, name: call.name, response: { output: "booked" } } };
    const contents = [
      { role: "user", parts: [{ text: asked.contents }] },
      response.candidates[0].content,
      { role: "user", parts: [gave] },
    ];
    const answer = await client.models.generateContent({ ...asked, contents, config: { tools } });
    assert.ok(answer.text.length > 0);
  },

  async a_stream_gives_the_arguments() {
    const calls = [];
    const config = { tools, toolConfig: mustBook };
    for await (const chunk of await client.models.generateContentStream({ ...asked, config })) {
      calls.push(...(chunk.functionCalls ?? []));
    }
    assert.equal(calls.length, 1);
    assert.deepEqual(Object.keys(calls[0].args).sort(), ["cents", "vendor"]);
  },

  async a_short_limit_cuts_and_says_so() {
    const response = await client.models.generateContent({ ...asked, config: { ...json, maxOutputTokens: 1 } });
    assert.equal(response.candidates[0].finishReason, "MAX_TOKENS");
  },

  async tokens_are_counted() {
    const { totalTokens } = await client.models.countTokens(asked);
    assert.ok(totalTokens > 0);
  },

  async a_choice_without_functions_is_refused() {
    await assert.rejects(client.models.generateContent({ ...asked, config: { toolConfig: mustBook } }), (error) => {
      assert.ok(error instanceof ApiError);
      assert.equal(error.status, 400);
      assert.match(error.message, /INVALID_ARGUMENT/);
      assert.match(error.message, /without function_declarations/);
      return true;
    });
  },
});
