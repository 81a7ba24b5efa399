import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { systemClock } from "@scouter/contracts/core";
import { ServerSession, type SessionOptions } from "../client/server-session.ts";
import { checkedBaseUrl, checkedTimeoutMs, networkReason } from "../client/http-request.ts";
import { identityHeaders } from "./identity-headers.ts";
import { sendResultOfReply, type HttpReply } from "./http-reply.ts";
import { sendsUnderWay } from "./sends-under-way.ts";
import type { OutgoingBatch, SendResult, Transport } from "./transport.ts";

export interface HttpTransportOptions extends SessionOptions {
  /** Address of the server, default `http://localhost:8000`. */
  readonly baseUrl?: string;
  /** Limit of one attempt, the reply included; default 10,000. */
  readonly timeoutMs?: number;
  /** Compress bodies of 1 KiB and more, default false. */
  readonly gzip?: boolean;
}

/** The server's own limit of a message. */
const MAX_BATCH_BYTES = 10 * 1024 * 1024;

/** Below this, compressing costs more than it saves. */
const GZIP_FROM_BYTES = 1024;
/** Level 1: most of the saving for a quarter of the time; it runs on the thread pool. */
const GZIP_LEVEL = 1;
const compress = promisify(gzip);

/**
 * Sends batches to `POST /scouter/message`. The server answers after storing, so an acknowledgement means durable.
 * Connections are kept alive by the runtime's `fetch`.
 *
 * @throws SDK_BASE_URL_INVALID, SDK_OPTION_OUT_OF_RANGE
 */
export function httpTransport(options: HttpTransportOptions = {}): Transport {
  const sends = sendsUnderWay();
  const baseUrl = checkedBaseUrl(options.baseUrl ?? "http://localhost:8000");
  const timeoutMs = checkedTimeoutMs(options.timeoutMs ?? 10_000);
  const target = {
    url: `${baseUrl}/scouter/message`,
    session: new ServerSession({ baseUrl, timeoutMs }, options),
    gzip: options.gzip === true,
  };

  async function attempt(batch: OutgoingBatch, signal: AbortSignal | undefined) {
    signal?.throwIfAborted();
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const reply = await post(target, batch, signal ? AbortSignal.any([signal, limit]) : limit);
      return sendResultOfReply(reply, batch.itemCount, systemClock.now());
    } catch (error) {
      if (signal?.aborted) throw error;
      return unansweredSend(error, limit.aborted, timeoutMs);
    }
  }

  return {
    name: "http",
    capabilities: { confirms: "server", maxBatchBytes: MAX_BATCH_BYTES },
    send: (batch, { signal } = {}) => sends.run(() => attempt(batch, signal)),
    close: () => sends.close(),
  };
}

interface Target {
  readonly url: string;
  readonly session: ServerSession;
  readonly gzip: boolean;
}

async function post(target: Target, batch: OutgoingBatch, signal: AbortSignal): Promise<HttpReply> {
  const zipped = target.gzip && batch.body.byteLength >= GZIP_FROM_BYTES;
  const body = zipped ? await compress(batch.body, { level: GZIP_LEVEL }) : batch.body;
  return target.session.exchange((authorization) =>
    fetch(target.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...identityHeaders(batch),
        ...(zipped ? { "content-encoding": "gzip" } : {}),
        ...authorization,
      },
      // Following a redirect could turn the POST into a GET, whose success would look like an acknowledgement.
      redirect: "manual",
      // Both kinds of bytes lie in ordinary memory, never in a SharedArrayBuffer, which fetch would refuse.
      body: body as Uint8Array<ArrayBuffer>,
      signal,
    }),
  );
}

function unansweredSend(error: unknown, timedOut: boolean, timeoutMs: number): SendResult {
  const reason = timedOut ? `no reply within ${timeoutMs} ms` : networkReason(error);
  return { outcome: "retry", reason };
}
