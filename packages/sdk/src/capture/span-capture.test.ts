import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import { evaluate } from "../offline/evaluate.ts";
import { captureSpanProcessor } from "./capture-span-processor.ts";
import { startSpanCapture } from "./span-capture.ts";

afterEach(() => {
  trace.disable();
  context.disable();
});

async function spansOfRun(tracer = () => trace.getTracer("agent")) {
  const results = await evaluate({
    suite: [{ id: "s", initial_query: "q" }],
    agent: () => {
      tracer().startSpan("work").end();
      return "";
    },
  });
  return results.scenario("s").repeats[0]?.spans?.map(({ name }) => name) ?? [];
}

describe("startSpanCapture", () => {
  it("registers a provider where there is none, for as long as anybody needs it", async () => {
    const [first, second] = [await startSpanCapture(), await startSpanCapture()];
    expect([first.mode, second.mode]).toEqual(["registered", "registered"]);
    first.end();
    first.end();
    expect(trace.getTracer("x").startSpan("y").isRecording()).toBe(true);
    second.end();
    expect(trace.getTracer("x").startSpan("y").isRecording()).toBe(false);
    expect(process.env["LANGCHAIN_CALLBACKS_BACKGROUND"]).toBeUndefined();
  });

  it("joins the provider that an app has set up, and leaves it as it was", async () => {
    const exported: string[] = [];
    const provider = new TracerProvider({
      spanProcessors: [
        {
          onStart: () => {},
          onEnd: ({ name }) => void exported.push(name),
          forceFlush: async () => {},
          shutdown: async () => {},
        },
      ],
    });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(provider);
    const tracer = trace.getTracer("taken before");
    const capture = await startSpanCapture();
    expect(capture.mode).toBe("attached");
    expect(await spansOfRun(() => tracer)).toEqual(["work"]);
    capture.end();
    trace.getTracer("agent").startSpan("later").end();
    expect(exported).toEqual(["work", "later"]);
  });

  it("takes the spans of a provider that nobody can find, when it has the processor", async () => {
    const provider = new TracerProvider({ spanProcessors: [captureSpanProcessor()] });
    expect(await spansOfRun(() => provider.getTracer("own"))).toEqual(["work"]);
  });

  it("cannot join a provider of another make, and says so", async () => {
    trace.setGlobalTracerProvider({ getTracer: () => new TracerProvider().getTracer("x") });
    const capture = await startSpanCapture();
    expect(capture.mode).toBe("unavailable");
    capture.end();
  });
});

describe("a scope", () => {
  it("waits for spans that end after the answer", async () => {
    const results = await evaluate({
      suite: [{ id: "s", initial_query: "q" }],
      agent: () => {
        const span = trace.getTracer("agent").startSpan("late");
        setImmediate(() => span.end());
        return "";
      },
    });
    expect(results.scenario("s").repeats[0]?.spans).toMatchObject([{ name: "late" }]);
  });

  it("takes nothing that is recorded after it, and nothing of a simulated user", async () => {
    const pending: (() => void)[] = [];
    const results = await evaluate({
      suite: [{ id: "s", initial_query: "q", simulated_user_persona: "p", max_turns: 2 }],
      agent: () => {
        pending.push(() => trace.getTracer("agent").startSpan("after").end());
        return "";
      },
      simulatedUser: () => {
        trace.getTracer("user").startSpan("user").end();
        return "go on";
      },
    });
    for (const late of pending) late();
    expect(results.scenario("s").repeats[0]?.spans).toBeUndefined();
  });
});
