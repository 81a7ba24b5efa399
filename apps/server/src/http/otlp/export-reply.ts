import type { ScouterError } from "@scouter/contracts";

/** What a sender of spans is told. */
export interface ExportOutcome {
  readonly rejectedSpans: number;
  /** Empty when there is nothing to say. */
  readonly message: string;
}

/** The JSON form of an ExportTraceServiceResponse; 64-bit numbers are text there. */
export function exportReplyJson(outcome: ExportOutcome): object {
  if (nothingToSay(outcome)) return {};
  const { rejectedSpans, message } = outcome;
  return { partialSuccess: { rejectedSpans: String(rejectedSpans), errorMessage: message } };
}

/** `ExportTraceServiceResponse { ExportTracePartialSuccess partial_success = 1 }` */
export function exportReplyProtobuf(outcome: ExportOutcome): Buffer {
  if (nothingToSay(outcome)) return Buffer.alloc(0);
  // ExportTracePartialSuccess { int64 rejected_spans = 1; string error_message = 2 }
  const partialSuccess = [
    ...varintField(1, outcome.rejectedSpans),
    ...bytesField(2, Buffer.from(outcome.message)),
  ];
  return Buffer.from(bytesField(1, partialSuccess));
}

function nothingToSay(outcome: ExportOutcome): boolean {
  return outcome.rejectedSpans === 0 && outcome.message === "";
}

/** Codes of google.rpc.Code, by the kind of our error. */
const rpcCodeOfKind: Readonly<Record<ScouterError["kind"], number>> = {
  invalid: 3,
  timeout: 4,
  "not-found": 5,
  conflict: 6,
  forbidden: 7,
  "too-large": 8,
  busy: 8,
  internal: 13,
  unavailable: 14,
  unauthorized: 16,
};

/** `google.rpc.Status`, the body that OTLP gives to every error. */
export function statusReplyJson(error: ScouterError): object {
  return { code: rpcCodeOfKind[error.kind], message: statusMessage(error) };
}

/** `google.rpc.Status { int32 code = 1; string message = 2 }` */
export function statusReplyProtobuf(error: ScouterError): Buffer {
  const message = Buffer.from(statusMessage(error));
  return Buffer.from([...varintField(1, rpcCodeOfKind[error.kind]), ...bytesField(2, message)]);
}

/** Exporters log the message alone, so it says everything: what, the remedy and our code. */
function statusMessage(error: ScouterError): string {
  const remedy = error.remedy === undefined ? "" : ` (${error.remedy})`;
  return `${error.message}${remedy} [${error.code}]`;
}

function varintField(field: number, value: number): number[] {
  return value === 0 ? [] : [field << 3, ...varint(value)];
}

function bytesField(field: number, value: ArrayLike<number> & Iterable<number>): number[] {
  return value.length === 0 ? [] : [(field << 3) | 2, ...varint(value.length), ...value];
}

/** Base-128, least significant group first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
