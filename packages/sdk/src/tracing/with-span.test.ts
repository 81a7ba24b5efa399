import { context, propagation, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { evalRecord } from "../record/eval-record.ts";
import { memoryTransport } from "../transport/memory-transport.ts";
import { ScouterQueue } from "../queue/scouter-queue.ts";
import { attributionProcessor } from "./attribution/attribution-processor.ts";
import { withActiveProfile, withBaggage, withTags } from "./attribution/with-baggage.ts";
import { setGenAiContent, setGenAiResult, withGenAiSpan } from "./gen-ai.ts";
import { insertOnSpan } from "./insert-on-span.ts";
import { traced } from "./traced.ts";
import { withSpan } from "./with-span.ts";

const PROFILE = "01900000-0000-7000-8000-000000000001";
let exporter: InMemorySpanExporter;

beforeEach(() => {
  exporter = new InMemorySpanExporter();
  const attribution = attributionProcessor({
    baggageOf: (active) => propagation.getBaggage(active)?.getAllEntries(),
    defaultAttributes: { team: "blue", own: "default" },
  });
  const provider = new TracerProvider({
    spanProcessors: [attribution, new SimpleSpanProcessor({ exporter })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  trace.disable();
  context.disable();
});

function span(name: string): ReadableSpan {
  const found = exporter.getFinishedSpans().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no span '${name}' was finished`);
  return found;
}
const input = (name: string) => span(name).attributes["scouter.tracing.input"];
const output = (name: string) => span(name).attributes["scouter.tracing.output"];

describe("withSpan", () => {
  test("returns what the work returns and nests by context", async () => {
    const result = await withSpan("outer", async () => {
      await Promise.resolve();
      return withSpan("inner", () => 7);
    });
    expect(result).toBe(7);
    expect(span("inner").parentSpanContext?.spanId).toBe(span("outer").spanContext().spanId);
    expect(span("outer").status.code).toBe(SpanStatusCode.UNSET);
  });

  test.each([
    ["throws", () => withSpan("bad", () => raise())],
    ["rejects", () => withSpan("bad", () => Promise.resolve().then(raise))],
  ])("work that %s ends the span with the error, which goes on", async (_, run) => {
    await expect((async () => run())()).rejects.toThrow("no luck");
    expect(span("bad").status).toEqual({
      code: SpanStatusCode.ERROR,
      message: "RangeError: no luck",
    });
    expect(span("bad").events[0]?.name).toBe("exception");
  });

  test("what is thrown need not be an error", () => {
    expect(() =>
      withSpan("bad", () => {
        throw "text" as unknown as Error;
      }),
    ).toThrow("text");
    expect(span("bad").status.message).toBe("Error: text");
  });

  test("keeps input, output, label, tags and attributes", () => {
    const options = {
      input: { q: 1 },
      captureOutput: true,
      label: "step",
      tags: { env: "test" },
      attributes: { own: "mine" },
    };
    withSpan("work", options, () => ["a"]);
    expect(span("work").attributes).toMatchObject({
      "scouter.tracing.input": '{"q":1}',
      "scouter.tracing.output": '["a"]',
      "scouter.tracing.label": "step",
      "scouter.tracing.tag.env": "test",
      own: "mine",
      team: "blue",
    });
  });

  test("a stream keeps its span open until it is used up; its steps run in the span", async () => {
    const stream = withSpan("stream", { captureOutput: true, stream: "join" }, async function* () {
      yield "a";
      yield withSpan("step", () => "b");
    });
    expect(exporter.getFinishedSpans()).toHaveLength(0);
    expect(await listOf(stream)).toEqual(["a", "b"]);
    expect(output("stream")).toBe('"ab"');
    expect(span("step").parentSpanContext?.spanId).toBe(span("stream").spanContext().spanId);
  });

  test.each([
    ["list", '["a","b"]'],
    ["last", '"b"'],
    ["join", '"ab"'],
    ["none", "null"],
  ] as const)("keeps of a stream: %s", async (stream, expected) => {
    const letters = async function* () {
      yield* ["a", "b"];
    };
    await listOf(withSpan("stream", { captureOutput: true, stream }, letters));
    expect(output("stream")).toBe(expected);
  });

  test("a stream that is left early ends its span with what came, and is told", async () => {
    let cleaned = false;
    const stream = withSpan("stream", { captureOutput: true }, async function* () {
      try {
        yield 1;
        yield 2;
      } finally {
        cleaned = true;
      }
    });
    for await (const item of stream) {
      if (item === 1) break;
    }
    expect(cleaned).toBe(true);
    expect(output("stream")).toBe("[1]");
  });

  test("a stream that fails ends its span with the error", async () => {
    const stream = withSpan("stream", async function* () {
      yield 1;
      raise();
    });
    await expect(listOf(stream)).rejects.toThrow("no luck");
    expect(span("stream").status.code).toBe(SpanStatusCode.ERROR);
  });
});

describe("traced", () => {
  test("wraps a function: name, arguments and result", async () => {
    const add = traced()(async function add(a: number, b: number) {
      await Promise.resolve();
      return a + b;
    });
    expect([add.name, add.length]).toEqual(["add", 2]);
    expect(await add(1, 2)).toBe(3);
    expect([input("add"), output("add")]).toEqual(["[1,2]", "3"]);
  });

  test("decorates a method and keeps `this`", () => {
    const shop = {
      price: 3,
      pay: traced({ label: "till" })(
        function (this: { readonly price: number }, count: number) {
          return this.price * count;
        },
        { kind: "method", name: "pay" },
      ),
    };
    expect(shop.pay(2)).toBe(6);
    expect([input("pay"), output("pay")]).toEqual(["2", "6"]);
  });

  test("keeps nothing that it was told not to keep", () => {
    traced({ name: "secret", captureInput: false, captureOutput: false })((word: string) => word)(
      "x",
    );
    expect([input("secret"), output("secret")]).toEqual([undefined, undefined]);
  });
});

describe("attribution", () => {
  test("spans belong to the active profile, within async work too", async () => {
    await withActiveProfile({ uid: PROFILE }, async () => {
      await Promise.resolve();
      withSpan("inside", () => undefined);
    });
    withSpan("outside", () => undefined);
    expect(span("inside").attributes[`scouter.entity.${PROFILE}`]).toBe(PROFILE);
    expect(Object.keys(span("outside").attributes)).toEqual(["team", "own"]);
  });

  test("a span that names a profile keeps it", () => {
    withActiveProfile(PROFILE, () =>
      withSpan("own", { attributes: { "scouter.entity": "other" } }, () => undefined),
    );
    expect(span("own").attributes[`scouter.entity.${PROFILE}`]).toBeUndefined();
  });

  test("tags and baggage reach every span within, and add up", () => {
    withTags({ env: "test" }, () =>
      withBaggage({ customer: "7" }, () => withSpan("tagged", () => undefined)),
    );
    expect(span("tagged").attributes).toMatchObject({
      "baggage.scouter.tracing.tag.env": "test",
      "baggage.customer": "7",
    });
  });
});

describe("withGenAiSpan", () => {
  test("speaks the semantic conventions", () => {
    const call = { operation: "chat", provider: "openai", model: "gpt-4o", conversationId: "c1" };
    withGenAiSpan(call, (chat) => {
      setGenAiContent(chat, { inputMessages: [{ role: "user", parts: [] }] });
      setGenAiResult(chat, { inputTokens: 12, outputTokens: 3, finishReasons: ["stop"] });
    });
    expect(span("chat gpt-4o").attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.conversation.id": "c1",
      "gen_ai.input.messages": '[{"role":"user","parts":[]}]',
      "gen_ai.usage.input_tokens": 12,
      "gen_ai.usage.output_tokens": 3,
      "gen_ai.response.finish_reasons": ["stop"],
    });
  });

  test("names agents and tools", () => {
    withGenAiSpan({ operation: "invoke_agent", agent: { name: "helper" } }, () => undefined);
    withGenAiSpan({ operation: "execute_tool", tool: { name: "search" } }, () => undefined);
    expect(span("invoke_agent helper").attributes["gen_ai.agent.name"]).toBe("helper");
    expect(span("execute_tool search").attributes["gen_ai.tool.name"]).toBe("search");
  });
});

describe("insertOnSpan", () => {
  const queueOf = (transport = memoryTransport()) => {
    return { transport, queue: new ScouterQueue({ profiles: { a: { uid: PROFILE } }, transport }) };
  };

  test("record and span know each other", async () => {
    const { queue, transport } = queueOf();
    const record = evalRecord({ context: { answer: 1 } });
    const traceId = withSpan("answer", (active) => {
      expect(insertOnSpan(queue, "a", record)).toBe(true);
      return active.spanContext().traceId;
    });
    await queue.shutdown();
    expect(span("answer").events[0]?.attributes).toMatchObject({
      "scouter.queue.record": record.uid,
      "scouter.entity": PROFILE,
    });
    const [batch] = transport.sent;
    expect(new TextDecoder().decode(batch?.body)).toContain(`"trace_id":"${traceId}"`);
  });

  test("without a span the record goes alone; an unknown alias is refused and leaves no mark", async () => {
    const { queue } = queueOf();
    expect(insertOnSpan(queue, "a", evalRecord({ context: 1 }))).toBe(true);
    withSpan("answer", () => {
      expect(insertOnSpan(queue, "b", evalRecord({ context: 1 }))).toBe(false);
    });
    await queue.shutdown();
    expect(span("answer").events).toEqual([]);
  });
});

async function listOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function raise(): never {
  throw new RangeError("no luck");
}
