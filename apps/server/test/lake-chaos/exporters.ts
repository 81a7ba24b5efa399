import { request as httpRequest } from "node:http";
import { exportRequest } from "../otlp-request.ts";
import { SPANS_PER_REQUEST } from "./trial.ts";

/** How often a reply is thrown away although the request was served: the exporter then tries another pod. */
const LOST_REPLIES = 0.1;
/** A pod that stands still is given up after this. */
const PATIENCE_MS = 1_500;
const PAUSE_MS = 25;

export interface ExporterOptions {
  readonly urls: readonly string[];
  readonly exporters: number;
}

/** Load of exporters that repeat a request, with another pod as a rule, until one has acknowledged it. */
export interface Exporters {
  readonly acknowledged: ReadonlySet<string>;
  readonly traceIds: readonly string[];
  /** Requests that were sent more than once. */
  repeated(): number;
  /** No new requests; resolves when all have their answer. */
  finish(): Promise<void>;
}

export function startExporters({ urls, exporters }: ExporterOptions): Exporters {
  const acknowledged = new Set<string>();
  const traceIds: string[] = [];
  let repeated = 0;
  let finishing = false;
  const run = async (first: number) => {
    for (let turn = first; !finishing; turn += 1) {
      const { body, spans } = exportRequest({ spanCount: SPANS_PER_REQUEST });
      for (let attempt = 0; ; attempt += 1) {
        const url = urls[(turn + attempt) % urls.length] ?? "";
        if (await isAcknowledged(url, body)) break;
        if (attempt === 0) repeated += 1;
        await pause();
      }
      for (const { spanId } of spans) acknowledged.add(spanId);
      traceIds.push(spans[0]?.traceId ?? "");
      await pause();
    }
  };
  const running = Array.from({ length: exporters }, (_, index) => run(index));
  return {
    acknowledged,
    traceIds,
    repeated: () => repeated,
    async finish() {
      finishing = true;
      await Promise.all(running);
    },
  };
}

/** False for every end but a plain yes, and now and then for that too. */
async function isAcknowledged(url: string, body: string): Promise<boolean> {
  const status = await post(`${url}/v1/traces`, body);
  if (status === 200) return Math.random() >= LOST_REPLIES;
  if (status === undefined || status === 503) return false;
  throw new Error(`${url} answered ${status} to a good request`);
}

function post(url: string, body: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const sent = httpRequest(
      url,
      { method: "POST", timeout: PATIENCE_MS, agent: false },
      (reply) => {
        reply.resume();
        reply.once("close", () => resolve(reply.complete ? reply.statusCode : undefined));
      },
    );
    sent.once("timeout", () => sent.destroy());
    sent.once("error", () => resolve(undefined));
    sent.end(body);
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
