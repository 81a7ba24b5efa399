import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { status } from "@grpc/grpc-js";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { CompressionAlgorithm } from "@opentelemetry/otlp-exporter-base";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { evalScenarioService, messageService } from "@scouter/contracts/grpc";
import { messageType, nested, text, uint64 } from "@scouter/contracts/protobuf";
import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import {
  freePorts,
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordMessage, registerProfile } from "./agent-profile.ts";
import { GrpcTestClient, statusOfCall } from "./fake/grpc-client.ts";
import { EXPORT_PATH, protobufExport, startGrpcLoad } from "./grpc-load.ts";
import { listedRecordCounts, storedSpanCounts } from "./stored-state.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));

async function temporaryHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), "scouter-grpc-"));
}

describe("a server with gRPC", () => {
  let home: string;
  let server: ServerProcess;
  let client: GrpcTestClient;
  let otlp: GrpcTestClient;
  beforeAll(async () => {
    home = await temporaryHome();
    server = await startServerProcess({ entry, home });
    client = new GrpcTestClient(server.urls.grpc);
    await client.logIn("guest", "guest");
    otlp = new GrpcTestClient(server.urls.otlpGrpc);
  });
  afterAll(async () => {
    client.close();
    otlp.close();
    await server.stop("SIGTERM");
    await rm(home, { recursive: true, force: true });
  });

  async function storedSpans(traceId: string): Promise<Record<string, unknown>[]> {
    const reply = await guestFetch(`${server.urls.http}/scouter/v1/traces/${traceId}/spans`);
    return ((await reply.json()) as { spans: Record<string, unknown>[] }).spans;
  }

  it.each([CompressionAlgorithm.NONE, CompressionAlgorithm.GZIP])(
    "takes spans of the OpenTelemetry SDK's gRPC exporter, compression %s",
    async (compression) => {
      const exporter = new OTLPTraceExporter({
        url: server.urls.otlpGrpc,
        compression,
        timeoutMillis: 100_000,
      });
      const provider = new TracerProvider({
        resource: resourceFromAttributes({ "service.name": "exporting" }),
        spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: 100_000 })],
      });
      const root = provider.getTracer("exporter-test", "2.1.0").startSpan("root", {
        attributes: { text: "grün".repeat(1000), whole: 5, list: ["a", "b"] },
      });
      root.end();
      await provider.forceFlush();
      const { traceId, spanId } = root.spanContext();
      const spans = await storedSpans(traceId);
      expect(spans).toMatchObject([
        { trace_id: traceId, span_id: spanId, span_name: "root", service_name: "exporting" },
      ]);
      expect(spans[0]?.["attributes"]).toEqual(
        expect.arrayContaining([
          { key: "text", value: "grün".repeat(1000) },
          { key: "whole", value: 5 },
          { key: "list", value: ["a", "b"] },
        ]),
      );
      await provider.shutdown();
    },
  );

  it("stores a repeated export once", async () => {
    const { body, traceId } = protobufExport(7_000_001);
    await otlp.callBytes(EXPORT_PATH, body);
    await otlp.callBytes(EXPORT_PATH, body);
    expect(await storedSpans(traceId)).toHaveLength(10);
  });

  it("keeps the good spans of an export and tells of the bad one", async () => {
    const good = protobufExport(7_000_002);
    // A second resource whose only span has no ids: resource_spans { scope_spans { spans { name } } }
    const bad = Buffer.from([10, 6, 18, 4, 18, 2, 42, 0]);
    const { reply } = await otlp.callBytes(EXPORT_PATH, Buffer.concat([good.body, bad]));
    const partial = messageType("PartialSuccess", { rejected_spans: uint64(1), message: text(2) });
    const response = messageType("Response", { partial_success: nested(1, partial) });
    const { partial_success } = response.decode(reply);
    expect(partial_success?.rejected_spans).toBe(1);
    expect(partial_success?.message).toMatch(/^span 10: /);
    expect(await storedSpans(good.traceId)).toHaveLength(10);
  });

  it("answers INVALID_ARGUMENT to bytes that are no export", async () => {
    const failed = await statusOfCall(otlp.callBytes(EXPORT_PATH, Buffer.from("no protobuf")));
    expect(failed.code).toBe(status.INVALID_ARGUMENT);
    expect(failed.metadata.get("scouter-error-code")).toHaveLength(1);
  });

  it("stores records, and scenarios that HTTP gives back", async () => {
    const profileUid = await registerProfile(server.urls.http);
    const { body, uids } = recordMessage(profileUid, 3);
    const request = { message_record: Buffer.from(body) };
    expect(await client.call(messageService, "InsertMessage", request)).toMatchObject({
      status: "success",
      accepted: 3,
    });
    const listed = await listedRecordCounts(server.urls.http, profileUid);
    expect([...listed.keys()].toSorted()).toEqual(uids.toSorted());

    const scenarios = [
      { id: "s2", initial_query: "b" },
      { id: "s1", initial_query: "a" },
    ];
    const suite = { collection_id: "nightly", scenarios_json: JSON.stringify({ scenarios }) };
    for (let time = 0; time < 2; time += 1) {
      await client.call(evalScenarioService, "RegisterScenarios", suite);
    }
    const url = `${server.urls.http}/scouter/eval/scenarios?collection_id=nightly`;
    const stored = (await (await guestFetch(url)).json()) as { scenarios: unknown[] };
    expect(stored.scenarios).toMatchObject(scenarios);
  });

  it("shows its calls in the metrics", async () => {
    await statusOfCall(client.call(messageService, "InsertMessage", {}));
    const text = await (await fetch(`${server.urls.metrics}/metrics`)).text();
    expect(text).toContain(
      'grpc_requests_total{rpc="scouter.grpc.v1.MessageService/InsertMessage",code="INVALID_ARGUMENT"}',
    );
  });
});

describe("a server stopped by SIGTERM under load over gRPC", () => {
  it("loses nothing and doubles nothing", async () => {
    const home = await temporaryHome();
    const ports = await freePorts();
    const server = await startServerProcess({ entry, home, ports });
    const profileUid = await registerProfile(server.urls.http);
    const { grpc: grpcUrl, otlpGrpc: otlpGrpcUrl } = server.urls;
    const load = startGrpcLoad({ grpcUrl, otlpGrpcUrl, profileUid }, { spans: 4, records: 2 });
    // A client that only watches must not hold up the stop.
    const idle = new GrpcTestClient(grpcUrl);
    idle
      .stream("/grpc.health.v1.Health/Watch")
      .on("error", () => undefined)
      .end(Buffer.alloc(0));
    while (load.acknowledged.spanIds.size < 500 || load.acknowledged.recordUids.size < 50) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const exit = await server.stop("SIGTERM");
    const atStop = new Set(load.acknowledged.spanIds);
    expect(exit).toEqual({ code: 0, signal: null });
    const stored = await storedSpanCounts(home);
    expect([...atStop].filter((id) => stored.get(id) !== 1)).toEqual([]);

    const again = await startServerProcess({ entry, home, ports });
    await load.finish();
    const listed = await listedRecordCounts(again.urls.http, profileUid);
    for (const uid of load.acknowledged.recordUids) expect(listed.get(uid)).toBe(1);
    idle.close();
    await again.stop("SIGTERM");
    const inTheEnd = await storedSpanCounts(home);
    expect([...load.acknowledged.spanIds].filter((id) => inTheEnd.get(id) !== 1)).toEqual([]);
    await rm(home, { recursive: true, force: true });
  });
});
