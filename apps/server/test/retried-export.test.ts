import { createServer, type Server } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import {
  freePorts,
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storedSpanCounts } from "./stored-state.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** An exporter gives up after 10 s by default; on a busy machine a restart takes longer. */
const PATIENCE_MS = 250_000;

let home: string;
let server: ServerProcess;
let proxy: ReplyLosingProxy;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-retry-"));
});
afterEach(async () => {
  await proxy.close();
  await server.stop("SIGKILL");
  await rm(home, { recursive: true, force: true });
});

describe("an exporter that retries after a lost reply", () => {
  it.each([
    { name: "to the same server", between: async (server: ServerProcess) => server },
    {
      name: "after a clean restart",
      between: async (server: ServerProcess) => {
        await server.stop("SIGTERM");
        return await startServerProcess({ entry, home, ports: server.ports });
      },
    },
    {
      name: "after a crash",
      between: async (server: ServerProcess) => {
        await server.stop("SIGKILL");
        return await startServerProcess({ entry, home, ports: server.ports });
      },
    },
  ])("is stored once, $name", async ({ between }) => {
    server = await startServerProcess({ entry, home, ports: await freePorts() });
    proxy = await startReplyLosingProxy(server.urls.otlpHttp, async () => {
      server = await between(server);
    });
    const exporter = new OTLPTraceExporter({
      url: `${proxy.url}/v1/traces`,
      timeoutMillis: PATIENCE_MS,
    });
    const processor = new BatchSpanProcessor({ exporter, exportTimeoutMillis: PATIENCE_MS });
    const provider = new TracerProvider({ spanProcessors: [processor] });
    const tracer = provider.getTracer("retrying");
    const spans = Array.from({ length: 7 }, (_, index) => tracer.startSpan(`span ${index}`));
    for (const span of spans) span.end();
    // The provider's own flush would give up after 30 s, whatever the exporter's limit.
    await processor.forceFlush();
    await provider.shutdown();

    expect(proxy.forwarded()).toBeGreaterThanOrEqual(2);
    await server.stop("SIGTERM");
    const stored = await storedSpanCounts(home);
    expect([...stored.values()]).toEqual(spans.map(() => 1));
    expect(spans.map((span) => stored.get(span.spanContext().spanId))).toEqual(spans.map(() => 1));
  });
});

interface ReplyLosingProxy {
  readonly url: string;
  forwarded(): number;
  /** After what ran between the first reply and the next, so that nothing starts behind the test's back. */
  close(): Promise<void>;
}

/** Forwards requests; the first reply is thrown away and the connection cut, after `afterFirst` ran. */
async function startReplyLosingProxy(
  targetUrl: string,
  afterFirst: () => Promise<void>,
): Promise<ReplyLosingProxy> {
  let forwarded = 0;
  let between: Promise<void> = Promise.resolve();
  const server: Server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const reply = await fetch(`${targetUrl}${request.url}`, {
        method: "POST",
        headers: { "content-type": String(request.headers["content-type"]) },
        body: Buffer.concat(chunks),
      });
      const body = Buffer.from(await reply.arrayBuffer());
      forwarded += 1;
      if (forwarded === 1) {
        between = afterFirst();
        await between;
        request.socket.destroy();
        return;
      }
      response.writeHead(reply.status, {
        "content-type": reply.headers.get("content-type") ?? "application/x-protobuf",
      });
      response.end(body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    forwarded: () => forwarded,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await between;
    },
  };
}
