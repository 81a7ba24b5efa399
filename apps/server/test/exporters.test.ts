import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SpanStatusCode } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { CompressionAlgorithm } from "@opentelemetry/otlp-exporter-base";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let home: string;
let server: ServerProcess;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-otlp-"));
  server = await startServerProcess({ entry, home });
});
afterAll(async () => {
  await server.stop("SIGTERM");
  await rm(home, { recursive: true, force: true });
});

const { NONE, GZIP } = CompressionAlgorithm;
const exporters = [
  { name: "http/protobuf", Exporter: ProtobufExporter, compression: NONE },
  { name: "http/protobuf with gzip", Exporter: ProtobufExporter, compression: GZIP },
  { name: "http/json", Exporter: JsonExporter, compression: NONE },
  { name: "http/json with gzip", Exporter: JsonExporter, compression: GZIP },
] as const;

describe.each(exporters)("the OpenTelemetry SDK's exporter, $name", (row) => {
  it.each([
    { port: "otlp", url: () => `${server.urls.otlpHttp}/v1/traces` },
    { port: "main", url: () => `${server.urls.http}/v1/traces` },
  ])("delivers spans to the $port port", async ({ url }) => {
    const exporter = new row.Exporter({
      url: url(),
      compression: row.compression,
      timeoutMillis: 100_000,
    });
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ "service.name": "exporting", "deployment.zone": 7 }),
      spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: 100_000 })],
    });
    const tracer = provider.getTracer("exporter-test", "2.1.0");
    const root = tracer.startSpan("root", {
      attributes: { text: "grün", whole: 5, fraction: 0.5, yes: true, list: ["a", "b"] },
    });
    root.addEvent("checkpoint", { at: "half" });
    root.setStatus({ code: SpanStatusCode.ERROR, message: "broke" });
    root.end();
    await provider.forceFlush();

    const { traceId, spanId } = root.spanContext();
    const reply = await guestFetch(`${server.urls.http}/scouter/v1/traces/${traceId}/spans`);
    const { spans } = (await reply.json()) as { spans: Record<string, unknown>[] };
    expect(spans).toHaveLength(1);
    expect(spans[0]).toMatchObject({
      trace_id: traceId,
      span_id: spanId,
      parent_span_id: null,
      span_name: "root",
      span_kind: "INTERNAL",
      status_code: 2,
      status_message: "broke",
      service_name: "exporting",
      depth: 0,
      path: [spanId],
    });
    expect(spans[0]?.["attributes"]).toEqual(
      expect.arrayContaining([
        { key: "text", value: "grün" },
        { key: "whole", value: 5 },
        { key: "fraction", value: 0.5 },
        { key: "yes", value: true },
        { key: "list", value: ["a", "b"] },
      ]),
    );
    expect(spans[0]?.["events"]).toMatchObject([
      { name: "checkpoint", attributes: [{ key: "at", value: "half" }] },
    ]);
    await provider.shutdown();
  });
});
