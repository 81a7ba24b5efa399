import { errors } from "../errors.ts";
import type { NewIngestEntry, PayloadFormat, RejectedSpan } from "./ingest-log.ts";
import { newRecord, sealBody } from "./record-frame.ts";

export const DIGEST_BYTES = 20;
/**
 * Body of an entry's record: received at f64, appended at f64 (ms since the epoch), format u8, digest, length of the
 * rejected list u32, the list as JSON (nothing when it is empty), the payload.
 */
const DIGEST_AT = 17;
const REJECTED_LENGTH_AT = DIGEST_AT + DIGEST_BYTES;
const FIXED_BYTES = REJECTED_LENGTH_AT + 4;
/** Far above any request; keeps every length within 32 bits. */
const MAX_PAYLOAD_BYTES = 2 ** 30;
/** The position is what is stored: append only. */
const FORMATS: readonly PayloadFormat[] = ["otlp-protobuf", "otlp-json", "message-json"];

/** What a duplicate needs to know of the first. */
export interface StoredDigest {
  readonly digest: Uint8Array;
  readonly owner: string;
  readonly sequence: number;
  /** By the appender's clock, milliseconds since the epoch. */
  readonly appendedAt: number;
  readonly rejected: readonly RejectedSpan[];
}

/** The record of an entry, complete but for its frame; the entry's bytes are copied. */
export function encodeEntry(entry: NewIngestEntry, appendedAt: number): Buffer {
  const rejected = encodeRejected(entry.rejected);
  const { record, body } = newRecord(FIXED_BYTES + rejected.length + entry.payload.length);
  body.writeDoubleLE(entry.receivedAt, 0);
  body.writeDoubleLE(appendedAt, 8);
  body.writeUInt8(FORMATS.indexOf(entry.format), 16);
  body.set(entry.digest, DIGEST_AT);
  body.writeUInt32LE(rejected.length, REJECTED_LENGTH_AT);
  body.set(rejected, FIXED_BYTES);
  body.set(entry.payload, FIXED_BYTES + rejected.length);
  sealBody(record);
  return record;
}

export function decodeEntry(body: Buffer): NewIngestEntry {
  const payloadAt = FIXED_BYTES + body.readUInt32LE(REJECTED_LENGTH_AT);
  return {
    format: FORMATS[body.readUInt8(16)] ?? "otlp-protobuf",
    receivedAt: body.readDoubleLE(0),
    digest: Uint8Array.from(body.subarray(DIGEST_AT, REJECTED_LENGTH_AT)),
    rejected: decodeRejected(body.subarray(FIXED_BYTES, payloadAt)),
    // A copy of its own: the body is a view of a large piece of the file, which it would keep alive.
    payload: Uint8Array.from(body.subarray(payloadAt)),
  };
}

/** The digest of an entry without its payload. */
export function decodeEntryDigest(owner: string, sequence: number, body: Buffer): StoredDigest {
  const payloadAt = FIXED_BYTES + body.readUInt32LE(REJECTED_LENGTH_AT);
  return {
    owner,
    sequence,
    appendedAt: body.readDoubleLE(8),
    digest: Uint8Array.from(body.subarray(DIGEST_AT, REJECTED_LENGTH_AT)),
    rejected: decodeRejected(body.subarray(FIXED_BYTES, payloadAt)),
  };
}

export function encodeRejected(rejected: readonly RejectedSpan[]): Buffer {
  return rejected.length === 0 ? Buffer.alloc(0) : Buffer.from(JSON.stringify(rejected));
}

export function decodeRejected(bytes: Buffer): readonly RejectedSpan[] {
  return bytes.length === 0 ? [] : (JSON.parse(bytes.toString()) as readonly RejectedSpan[]);
}

/** Throws `INGEST_ENTRY_INVALID` for what could not be stored and read back as it is. */
export function checkEntry(entry: NewIngestEntry): void {
  const refuse = (field: string, given: string, allowed: string): never => {
    throw errors.INGEST_ENTRY_INVALID({ field, given, allowed });
  };
  if (entry.digest.length !== DIGEST_BYTES) {
    refuse("digest", `${entry.digest.length} bytes`, `${DIGEST_BYTES} bytes`);
  }
  if (!FORMATS.includes(entry.format)) {
    refuse("format", `'${entry.format}'`, FORMATS.map((format) => `'${format}'`).join(", "));
  }
  if (!Number.isFinite(entry.receivedAt)) {
    refuse("receivedAt", String(entry.receivedAt), "milliseconds since the epoch");
  }
  if (entry.payload.length > MAX_PAYLOAD_BYTES) {
    refuse("payload", `${entry.payload.length} bytes`, `at most ${MAX_PAYLOAD_BYTES} bytes`);
  }
}
