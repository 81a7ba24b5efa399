import { bytes, int32, nested, repeatedNested, text, uint64 } from "../protobuf/field.ts";
import { messageType } from "../protobuf/message-type.ts";

const duration = messageType("google.protobuf.Duration", { seconds: uint64(1), nanos: int32(2) });
const any = messageType("google.protobuf.Any", { type_url: text(1), value: bytes(2) });

/** When to try again. */
export const retryInfo = messageType("google.rpc.RetryInfo", { retry_delay: nested(1, duration) });

/** The error of gRPC (in `grpc-status-details-bin`) and of OTLP over HTTP. */
export const rpcStatus = messageType("google.rpc.Status", {
  code: int32(1),
  message: text(2),
  details: repeatedNested(3, any),
});

/** What an `Any` calls a message of this type. */
export function anyUrl(typeName: string): string {
  return `type.googleapis.com/${typeName}`;
}
