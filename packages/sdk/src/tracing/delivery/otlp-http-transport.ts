import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { systemClock } from "@scouter/contracts/core";
import { checkedTimeoutMs, networkReason } from "../../client/http-request.ts";
import { retryAfterMs } from "../../transport/retry-after.ts";
import { sendsUnderWay } from "../../transport/sends-under-way.ts";
import type { OutgoingBatch, SendResult, Transport } from "../../transport/transport.ts";
import { errors } from "../../errors.ts";

/** A fixed token, or one that is asked for at each request. */
export type TokenSource = string | (() => string | Promise<string>);

export interface OtlpHttpOptions {
  /** Address of OTLP over HTTP, the path included. */
  readonly endpoint: string;
  readonly token?: TokenSource;
  readonly timeoutMs?: number;
  readonly gzip?: boolean;
}

/** The parts of OpenTelemetry that a request needs. */
export interface OtlpPeers {
  /** Reads `ExportTraceServiceResponse`. */
  readonly deserializeResponse: (bytes: Uint8Array) => {
    readonly partialSuccess?: {
      readonly rejectedSpans?: number;
      readonly errorMessage?: string;
    };
  };
  /** Runs the request so that an instrumented `fetch` makes no span of it. */
  readonly unobserved: <Result>(run: () => Result) => Result;
}

const GZIP_FROM_BYTES = 1024;
const compress = promisify(gzip);

/** Statuses after which the same request may be sent again (OTLP 1.x, "Failures"), and our server's 500s. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Sends `ExportTraceServiceRequest` as protobuf. The server knows a span by its ids and a request by its bytes, so a
 * repeat is safe.
 *
 * @throws SDK_BASE_URL_INVALID, SDK_OPTION_OUT_OF_RANGE
 */
export function otlpHttpTransport(options: OtlpHttpOptions, peers: OtlpPeers): Transport {
  const sends = sendsUnderWay();
  const url = checkedEndpoint(options.endpoint);
  const timeoutMs = checkedTimeoutMs(options.timeoutMs ?? 10_000);

  async function attempt(batch: OutgoingBatch, signal?: AbortSignal): Promise<SendResult> {
    signal?.throwIfAborted();
    const limit = AbortSignal.timeout(timeoutMs);
    const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    try {
      const request = await requestOf(batch, options, either);
      const response = await peers.unobserved(() => fetch(url, request));
      return await readReply(response, batch.itemCount, peers);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      const reason = limit.aborted ? `no reply within ${timeoutMs} ms` : networkReason(error);
      return { outcome: "retry", reason };
    }
  }

  return {
    name: "otlp-http",
    capabilities: { confirms: "server", maxBatchBytes: 16 * 1024 * 1024 },
    send: (batch, { signal } = {}) => sends.run(() => attempt(batch, signal)),
    close: () => sends.close(),
  };
}

async function requestOf(
  batch: OutgoingBatch,
  { token, gzip: zips = false }: OtlpHttpOptions,
  signal: AbortSignal,
): Promise<RequestInit> {
  const zipped = zips && batch.body.byteLength >= GZIP_FROM_BYTES;
  // Level 1: most of the saving for a quarter of the time; it runs on the thread pool.
  const body = zipped ? await compress(batch.body, { level: 1 }) : batch.body;
  const current = typeof token === "function" ? await token() : token;
  return {
    method: "POST",
    headers: {
      "content-type": "application/x-protobuf",
      ...(zipped ? { "content-encoding": "gzip" } : {}),
      ...(current === undefined ? {} : { authorization: `Bearer ${current}` }),
    },
    redirect: "manual",
    body: body as Uint8Array<ArrayBuffer>,
    signal,
  };
}

async function readReply(
  response: Response,
  itemCount: number,
  { deserializeResponse }: OtlpPeers,
): Promise<SendResult> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.ok) return acknowledgement(bytes, itemCount, deserializeResponse);
  const reason = `${response.status} ${response.statusText}`;
  if (!RETRYABLE.has(response.status)) {
    return { outcome: "failed", code: `HTTP_${response.status}`, reason };
  }
  const pauseMs = retryAfterMs(response.headers.get("retry-after"), systemClock.now());
  return {
    outcome: "retry",
    reason,
    ...(pauseMs === undefined ? {} : { retryAfterMs: pauseMs }),
  };
}

/** OTLP tells how many spans were refused, not which: the numbers of the first ones stand for them. */
function acknowledgement(
  bytes: Uint8Array,
  itemCount: number,
  deserializeResponse: OtlpPeers["deserializeResponse"],
): SendResult {
  let partial;
  try {
    partial = bytes.byteLength === 0 ? undefined : deserializeResponse(bytes).partialSuccess;
  } catch {
    return { outcome: "retry", reason: "a success whose body is not OTLP's" };
  }
  const refused = Math.min(itemCount, Math.max(0, partial?.rejectedSpans ?? 0));
  const message = partial?.errorMessage ?? "";
  const rejected = Array.from({ length: refused }, (_, index) => {
    return { index, code: "OTLP_PARTIAL_SUCCESS", message };
  });
  return { outcome: "acknowledged", rejected };
}

function checkedEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return endpoint;
  throw errors.SDK_BASE_URL_INVALID({ baseUrl: endpoint });
}
