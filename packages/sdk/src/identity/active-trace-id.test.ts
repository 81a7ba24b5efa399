import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, expect, test } from "vitest";
import { activeTraceId } from "./active-trace-id.ts";

afterEach(() => {
  context.disable();
  trace.disable();
});

test("there is none without a context manager", () => {
  expect(activeTraceId()).toBeUndefined();
});

test("is that of the span which the real API holds active, also after an await", async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer = new TracerProvider().getTracer("test");
  expect(activeTraceId()).toBeUndefined();
  await tracer.startActiveSpan("work", async (span) => {
    await Promise.resolve();
    expect(span.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(activeTraceId()).toBe(span.spanContext().traceId);
    span.end();
  });
  expect(activeTraceId()).toBeUndefined();
});
