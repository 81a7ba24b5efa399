import {
  type ExportRequest,
  exportRequest,
  otlpAttributes,
  otlpSpan,
  type OtlpSpan,
  spanIdBytes,
  traceIdBytes,
} from "./export-request.ts";

export interface LargeTraceOptions {
  /** At least 1; a root is the first. */
  readonly spanCount: number;
  /** Start of the root. */
  readonly startNano: bigint;
  /** Makes the ids: two traces with numbers `spanCount` apart share none. At least 1. */
  readonly number: number;
  readonly serviceName: string;
}

const SPANS_PER_REQUEST = 5000;
const AGENTS = 100;
const MS = 1_000_000n;
/** Of each agent one call in so many fails. */
const FAILS_EVERY = 97;

const operations = ["chat", "execute_tool", "retrieval", "embeddings"] as const;

/**
 * One trace of any size, in requests of a size that servers take: a root, up to a hundred agents below it, and calls of
 * models, tools and retrievers below those; some failed. The last span is called "the last call".
 */
export function largeTrace(options: LargeTraceOptions): readonly ExportRequest[] {
  const spans = Array.from({ length: options.spanCount }, (_, index) => spanOf(index, options));
  const requests: ExportRequest[] = [];
  for (let from = 0; from < spans.length; from += SPANS_PER_REQUEST) {
    const part = spans.slice(from, from + SPANS_PER_REQUEST);
    requests.push(exportRequest(part, { resource: { "service.name": options.serviceName } }));
  }
  return requests;
}

function spanOf(index: number, { spanCount, startNano, number }: LargeTraceOptions): OtlpSpan {
  const isCall = index > AGENTS;
  const parent = isCall ? 1 + (index % AGENTS) : 0;
  const start = startNano + BigInt(index) * MS;
  const lengthMs = index === 0 ? spanCount + 40 : isCall ? 40 : spanCount - index;
  return otlpSpan({
    traceId: traceIdBytes(number),
    spanId: spanIdBytes(number + index),
    ...(index === 0 ? {} : { parentSpanId: spanIdBytes(number + parent) }),
    name: nameOf(index, spanCount),
    startTimeUnixNano: start,
    endTimeUnixNano: start + BigInt(lengthMs) * MS,
    attributes: otlpAttributes({
      "gen_ai.operation.name": operationOf(index),
      position: BigInt(index),
    }),
    ...(isCall && index % FAILS_EVERY === 0 ? { status: { code: 2, message: "gave up" } } : {}),
  });
}

function operationOf(index: number): string {
  return index > AGENTS ? (operations[index % operations.length] ?? "chat") : "invoke_agent";
}

function nameOf(index: number, spanCount: number): string {
  if (index === 0) return "import the catalogue";
  return index === spanCount - 1
    ? "the last call"
    : `${operationOf(index)} step ${String(index % 40)}`;
}
