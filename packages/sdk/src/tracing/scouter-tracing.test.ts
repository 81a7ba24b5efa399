import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { activeTraceId } from "../identity/active-trace-id.ts";
import { loadPeers } from "../peer/load-peers.ts";
import { recordOnSpan } from "./record-on-span.ts";
import { scouterTracing } from "./scouter-tracing.ts";

let requests: {
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
  readonly body: Buffer;
}[];
let endpoint: string;
let close: () => void;

beforeEach(async () => {
  requests = [];
  const server = createServer((request, response) => {
    const { headers, url = "" } = request;
    void buffer(request).then((body) => {
      requests.push({ headers, url, body });
      response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  close = () => {
    server.close();
    server.closeAllConnections();
  };
});
afterEach(() => {
  close();
  trace.disable();
  context.disable();
});

describe("scouterTracing", () => {
  test("exports finished spans as protobuf with service and attributes", async () => {
    const resourceAttributes = { "deployment.environment.name": "test-bench" };
    const tracing = await scouterTracing({
      serviceName: "shop",
      endpoint,
      token: "t0",
      resourceAttributes,
    });
    const traceId = await tracing.tracer("checkout", "1.2").startActiveSpan("pay", async (span) => {
      await Promise.resolve();
      expect(activeTraceId()).toBe(span.spanContext().traceId);
      span.setAttribute("amount", 12);
      span.end();
      return span.spanContext().traceId;
    });
    await tracing.forceFlush();
    await tracing.shutdown();
    expect(requests).toHaveLength(1);
    const [request] = requests;
    expect(request).toMatchObject({
      url: "/v1/traces",
      headers: { "content-type": "application/x-protobuf", authorization: "Bearer t0" },
    });
    // Field 1 of the export request, length-delimited: the tag of protobuf's ResourceSpans.
    expect(request?.body[0]).toBe(0x0a);
    expect(request?.body.includes(Buffer.from(traceId, "hex"))).toBe(true);
    for (const text of ["shop", "checkout", "pay", "amount", "test-bench", "scouter.tracer."]) {
      expect(request?.body.includes(text)).toBe(true);
    }
  });

  test("shutdown sends what is left, takes its registration back, and may be repeated", async () => {
    const tracing = await scouterTracing({ serviceName: "shop", endpoint });
    trace.getTracer("any").startSpan("by the global provider").end();
    await Promise.all([tracing.shutdown(), tracing.shutdown()]);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.body.includes("by the global provider")).toBe(true);
    expect(trace.getTracer("any").startSpan("later").isRecording()).toBe(false);
  });

  test("leaves an app's own provider in place, also after shutdown", async () => {
    const own = new TracerProvider();
    trace.setGlobalTracerProvider(own);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const tracing = await scouterTracing({ serviceName: "shop", endpoint });
    await tracing.shutdown();
    expect(trace.getTracer("any").startSpan("own").isRecording()).toBe(true);
  });

  test("registers nothing when told so", async () => {
    const tracing = await scouterTracing({
      serviceName: "shop",
      endpoint,
      registerGlobally: false,
    });
    expect(trace.getTracer("any").startSpan("global").isRecording()).toBe(false);
    expect(tracing.tracer().startSpan("own").isRecording()).toBe(true);
    await tracing.shutdown();
  });
});

test("recordOnSpan adds the event by which the server links record and span", async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const span = provider.getTracer("test").startSpan("answer");
  recordOnSpan(span, { recordUid: "r1", entityUid: "e1" });
  span.end();
  const [finished] = exporter.getFinishedSpans();
  expect(finished?.events).toEqual([
    expect.objectContaining({
      name: "scouter.queue.event",
      attributes: { "scouter.queue.record": "r1", entity: "Agent", "scouter.entity": "e1" },
    }),
  ]);
});

describe("loadPeers", () => {
  const missing = (name: string) => () => import(/* @vite-ignore */ name) as Promise<object>;

  test("names every package that is not installed, and the command that installs them", async () => {
    const peers = {
      one: missing("@scouter-test/one"),
      path: () => import("node:path"),
      two: missing("two-test"),
    };
    await expect(loadPeers("tracing", peers)).rejects.toMatchObject({
      code: "SDK_PEER_MISSING",
      message: "tracing needs packages that are not installed: one, two",
      remedy: "npm install one two",
    });
  });

  test("a package that is installed but fails to load keeps its own error", async () => {
    const broken = new TypeError("cannot read this");
    await expect(loadPeers("tracing", { one: () => Promise.reject(broken) })).rejects.toBe(broken);
  });
});
