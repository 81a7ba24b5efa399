import {
  Metadata,
  status,
  type handleUnaryCall,
  type MethodDefinition,
  type sendUnaryData,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import type { Clock } from "@scouter/contracts";
import type { Logger } from "../../log/make-logger.ts";
import type { ServerMetrics } from "../../metrics/server-metrics.ts";
import type { Caller, CallGate } from "./call-gate.ts";
import { knownError, serviceErrorOf } from "./call-error.ts";

/** What every rpc needs besides its own work. */
export interface CallParts {
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  readonly clock: Clock;
}

/** An rpc that takes one message and gives one, both as bytes: spans are never decoded on this thread. */
export interface UnaryMethod {
  readonly path: string;
  readonly gate: CallGate;
  handle(request: Buffer, caller: Caller): Promise<Uint8Array>;
}

const REFRESHED_TOKEN = "x-refreshed-token";

export function unaryDefinition(path: string): MethodDefinition<Buffer, Buffer> {
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes) => bytes,
    requestDeserialize: (bytes) => bytes,
    responseSerialize: (bytes) => bytes,
    responseDeserialize: (bytes) => bytes,
  };
}

/** The way of every call: gate, work, reply or status, metrics, and one log line (debug; error when it is our fault). */
export function unaryHandler(
  method: UnaryMethod,
  parts: CallParts,
): handleUnaryCall<Buffer, Buffer> {
  const respond = async (
    call: ServerUnaryCall<Buffer, Buffer>,
    callback: sendUnaryData<Buffer>,
  ): Promise<void> => {
    const startedMs = parts.clock.monotonicMs();
    const outcome = await outcomeOf(method, call, parts);
    observeCall(parts, method.path, outcome.error?.code ?? status.OK, startedMs);
    callback(outcome.error ?? null, outcome.reply);
  };
  return (call, callback) => void respond(call, callback);
}

interface CallOutcome {
  readonly reply?: Buffer;
  readonly error?: ReturnType<typeof serviceErrorOf>;
}

async function outcomeOf(
  method: UnaryMethod,
  call: ServerUnaryCall<Buffer, Buffer>,
  { logger }: CallParts,
): Promise<CallOutcome> {
  try {
    const reply = await answer(method, call);
    return { reply: Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength) };
  } catch (thrown) {
    const error = knownError(thrown);
    if (error.kind === "internal") {
      logger.error(
        { err: error.cause ?? error, code: error.code, rpc: method.path },
        "call failed",
      );
    }
    return { error: serviceErrorOf(thrown) };
  }
}

async function answer(
  method: UnaryMethod,
  call: ServerUnaryCall<Buffer, Buffer>,
): Promise<Uint8Array> {
  const address = call.getPeer().replace(/:\d+$/, "");
  const { caller, refreshedToken } = await method.gate(call.metadata, address);
  if (refreshedToken !== undefined) {
    const metadata = new Metadata();
    metadata.set(REFRESHED_TOKEN, refreshedToken);
    call.sendMetadata(metadata);
  }
  const metadata = (name: string) => call.metadata.get(name)[0]?.toString();
  return method.handle(call.request, { ...caller, metadata });
}

export function observeCall(
  { metrics, clock, logger }: CallParts,
  path: string,
  code: number,
  startedMs: number,
): void {
  const tookMs = clock.monotonicMs() - startedMs;
  const rpc = path.slice(1);
  const name = status[code] ?? String(code);
  metrics.callAnswered({ rpc, code: name }, tookMs / 1000);
  logger.debug({ rpc, code: name, tookMs: Math.round(tookMs) }, "call");
}
