import { status } from "@grpc/grpc-js";
import type { ErrorKind, ScouterError } from "@scouter/contracts";
import { anyUrl, retryInfo, rpcStatus } from "@scouter/contracts/grpc";

/** Codes that gRPC and the error bodies of OTLP over HTTP share. */
const rpcCodeOfKind: Readonly<Record<ErrorKind, status>> = {
  invalid: status.INVALID_ARGUMENT,
  timeout: status.DEADLINE_EXCEEDED,
  "not-found": status.NOT_FOUND,
  conflict: status.ALREADY_EXISTS,
  forbidden: status.PERMISSION_DENIED,
  "too-large": status.RESOURCE_EXHAUSTED,
  busy: status.RESOURCE_EXHAUSTED,
  internal: status.INTERNAL,
  unavailable: status.UNAVAILABLE,
  unauthorized: status.UNAUTHENTICATED,
};

export function rpcCodeOf(error: ScouterError): status {
  return rpcCodeOfKind[error.kind];
}

/** gRPC carries it in a header, where a character may take nine bytes, and peers refuse headers of 16 KB in all. */
const MAX_MESSAGE_LENGTH = 800;

/** Senders mostly log the message alone, so it says everything: what, the remedy and our code. */
export function rpcMessageOf(error: ScouterError): string {
  const remedy = error.remedy === undefined ? "" : ` (${error.remedy})`;
  const end = `${remedy} [${error.code}]`;
  const room = MAX_MESSAGE_LENGTH - end.length;
  const { message } = error;
  return `${message.length <= room ? message : `${message.slice(0, room - 4).toWellFormed()} ...`}${end}`;
}

/** A message that goes along with an error, for programs. */
export interface RpcDetail {
  readonly typeName: string;
  readonly bytes: Uint8Array;
}

export function rpcStatusBytes(
  error: ScouterError,
  details: readonly RpcDetail[] = [],
): Uint8Array {
  return rpcStatus.encode({
    code: rpcCodeOf(error),
    message: rpcMessageOf(error),
    details: details.map((detail) => ({
      type_url: anyUrl(detail.typeName),
      value: detail.bytes,
    })),
  });
}

/**
 * The pause before another try. Exporters try RESOURCE_EXHAUSTED over gRPC again only when they are told one; over HTTP
 * the Retry-After header says it.
 */
export function retryDetails(error: ScouterError): readonly RpcDetail[] {
  if (!error.retryable) return [];
  const pauseMs = error.retryAfterMs ?? 1000;
  const retry_delay = { seconds: Math.floor(pauseMs / 1000), nanos: (pauseMs % 1000) * 1_000_000 };
  return [{ typeName: retryInfo.name, bytes: retryInfo.encode({ retry_delay }) }];
}

/** `google.rpc.Status` as JSON. */
export function rpcStatusJson(error: ScouterError): object {
  return { code: rpcCodeOf(error), message: rpcMessageOf(error) };
}
