import type protobuf from "protobufjs";
import { ExportTraceServiceRequestType } from "./descriptor.ts";
import type { ExportRequest } from "./export-request.ts";

/** The request as protobuf bytes, written by protobufjs. */
export function exportRequestProtobuf(request: ExportRequest): Uint8Array {
  return encodeOtlpMessage(ExportTraceServiceRequestType, request);
}

/** A part of a request as protobuf bytes; `type` from `otlp/descriptor`. */
export function encodeOtlpMessage(type: protobuf.Type, message: object): Uint8Array {
  const written = type.encode(withHalvedIntegers(message) as Record<string, unknown>).finish();
  // A copy: protobufjs may hand out a slice of a pool, and callers transfer the buffer to workers.
  return Uint8Array.from(written);
}

/** protobufjs takes 64-bit integers as two halves, not as bigints. */
function withHalvedIntegers(value: unknown): unknown {
  if (typeof value === "bigint") {
    return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)) };
  }
  if (Array.isArray(value)) return value.map(withHalvedIntegers);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withHalvedIntegers(member)]),
  );
}
