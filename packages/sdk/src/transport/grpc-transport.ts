import type { Client, Metadata, ServiceError } from "@grpc/grpc-js";
import { messageService } from "@scouter/contracts/grpc";
import { checkedTimeoutMs } from "../client/http-request.ts";
import type { SessionOptions } from "../client/server-session.ts";
import { loadPeer } from "../peer/load-peers.ts";
import { brokerTransport } from "./broker-transport.ts";
import { sendResultOfMessage, sendResultOfStatus } from "./grpc-reply.ts";
import { GrpcSession } from "./grpc-session.ts";
import { identityHeaders } from "./identity-headers.ts";
import type { Transport } from "./transport.ts";
import type { CallReply, UnaryCall } from "./unary-call.ts";

export interface GrpcTransportOptions extends SessionOptions {
  /** `host:port`, default `localhost:50051`. */
  readonly target?: string;
  /** Default false: as everywhere, TLS ends in front of the server. */
  readonly tls?: boolean;
  /** Limit of one attempt, the reply included; default 10,000. */
  readonly timeoutMs?: number;
  /** Default true: batches compress to a tenth. */
  readonly gzip?: boolean;
}

/** The server's own limit of a message, less room for its frame. */
const MAX_BATCH_BYTES = 10 * 1024 * 1024 - 1024;
const INSERT_MESSAGE = `/${messageService.name}/InsertMessage`;

/**
 * Sends batches to `MessageService/InsertMessage`. The server answers after storing, so an acknowledgement means durable.
 * Logs in as `httpTransport` does, over gRPC. Needs the package `@grpc/grpc-js`.
 *
 * @throws SDK_PEER_MISSING, SDK_OPTION_OUT_OF_RANGE, SDK_CREDENTIALS_INVALID
 */
export async function grpcTransport(options: GrpcTransportOptions = {}): Promise<Transport> {
  const timeoutMs = checkedTimeoutMs(options.timeoutMs ?? 10_000);
  const { target = "localhost:50051", tls = false, gzip = true } = options;
  const grpc = await loadPeer("the gRPC transport", "@grpc/grpc-js", () => import("@grpc/grpc-js"));
  const credentials = tls ? grpc.credentials.createSsl() : grpc.credentials.createInsecure();
  const client = new grpc.Client(target, credentials, {
    "grpc.default_compression_algorithm": gzip
      ? grpc.compressionAlgorithms.gzip
      : grpc.compressionAlgorithms.identity,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 2_000,
  });
  const call = unaryCall(client, () => new grpc.Metadata(), timeoutMs);
  const session = new GrpcSession(options, call);
  return brokerTransport({
    name: "grpc",
    capabilities: { confirms: "server", maxBatchBytes: MAX_BATCH_BYTES },
    timeoutMs,
    async publish(batch, signal) {
      const request = messageService.methods.InsertMessage.request.encode({
        message_record: batch.body,
      });
      const reply = await session.exchange((authorization) =>
        call(INSERT_MESSAGE, request, { ...identityHeaders(batch), ...authorization }, signal),
      );
      return reply.kind === "failed"
        ? sendResultOfStatus(reply, batch.itemCount)
        : sendResultOfMessage(reply.bytes, batch.itemCount);
    },
    async disconnect() {
      client.close();
    },
  });
}

const sameBytes = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function unaryCall(client: Client, newMetadata: () => Metadata, timeoutMs: number): UnaryCall {
  return (path, request, headers, signal) =>
    new Promise((resolve) => {
      const metadata = newMetadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      let renewed: string | undefined;
      const deadline = { deadline: Date.now() + timeoutMs };
      const running = client.makeUnaryRequest(
        path,
        sameBytes,
        (bytes: Buffer) => bytes,
        request,
        metadata,
        deadline,
        (error: ServiceError | null, bytes?: Buffer) => {
          signal?.removeEventListener("abort", onAbort);
          resolve(error === null ? answered(bytes, renewed) : failed(error));
        },
      );
      running.on("metadata", (received: Metadata) => {
        renewed = received.get("x-refreshed-token")[0]?.toString();
      });
      const onAbort = () => running.cancel();
      signal?.addEventListener("abort", onAbort, { once: true });
    });
}

function answered(bytes: Uint8Array | undefined, renewedToken: string | undefined): CallReply {
  const reply = { kind: "answered", bytes: bytes ?? new Uint8Array(0) } as const;
  return renewedToken === undefined ? reply : { ...reply, renewedToken };
}

function failed({ code, details, metadata }: ServiceError): CallReply {
  const [detail] = metadata.get("grpc-status-details-bin");
  return {
    kind: "failed",
    status: code,
    code: metadata.get("scouter-error-code")[0]?.toString(),
    message: details,
    details: detail instanceof Uint8Array ? detail : undefined,
  };
}
