import { Agent, request as httpRequest } from "node:http";
import { requestMarks, type RequestTemplate } from "./span-shape.ts";

export interface ExportLoadOptions {
  /** `/v1/traces` of a server. */
  readonly url: string;
  readonly templates: readonly RequestTemplate[];
  readonly spansPerRequest: number;
  readonly inFlight: number;
  readonly seconds: number;
  /** Over all connections; as many as are answered when absent. */
  readonly spansPerSecond?: number;
}

export interface ExportLoadResult {
  readonly acknowledgedSpans: number;
  readonly seconds: number;
  /** Busy answers, after which the same request was sent again. */
  readonly busy: number;
}

/** Closed loop of exporters that wait for each answer and repeat what was refused for the moment. */
export async function runExportLoad(options: ExportLoadOptions): Promise<ExportLoadResult> {
  const { url, templates, spansPerRequest, inFlight, seconds, spansPerSecond } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const started = performance.now();
  const deadline = started + seconds * 1000;
  const paceMs =
    spansPerSecond === undefined ? 0 : (1000 * spansPerRequest * inFlight) / spansPerSecond;
  let acknowledgedSpans = 0;
  let busy = 0;
  let turn = 0;
  const nextMark = requestMarks();
  const exporter = async () => {
    while (performance.now() < deadline) {
      const sentAt = performance.now();
      const body = templates[turn++ % templates.length]?.next(nextMark());
      if (body === undefined) throw new Error("no templates");
      for (;;) {
        const status = await post(agent, url, body);
        if (status === 200) break;
        if (status !== 429 && status !== 503) throw new Error(`${url} answered ${status}`);
        busy += 1;
        await pause(20);
      }
      acknowledgedSpans += spansPerRequest;
      const restMs = paceMs - (performance.now() - sentAt);
      if (restMs > 0) await pause(restMs);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, exporter));
  agent.destroy();
  return { acknowledgedSpans, seconds: (performance.now() - started) / 1000, busy };
}

const HEADERS = { "content-type": "application/x-protobuf" };

export function post(agent: Agent, url: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { ...HEADERS, "content-length": body.byteLength };
    const sent = httpRequest(url, { method: "POST", agent, headers }, (reply) => {
      reply.resume();
      reply.once("end", () => resolve(reply.statusCode ?? 0));
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
