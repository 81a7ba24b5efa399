import {
  exportRequest,
  otlpAttributes,
  spanIdBytes,
  traceIdBytes,
  type ExportRequest,
  type OtlpSpan,
  type PlainValue,
} from "@scouter/testkit/otlp/export-request";
import * as fc from "fast-check";

/** The day that generated traces lie in. */
export const DAY_START_NANO = 1_767_225_600_000_000_000n;
export const HOUR_NANO = 3_600_000_000_000n;

const services = ["shop", "agent", "model gateway"];
const names = ["GET /", "answer", "chat", 'it\'s "quoted"'];

const attributes: fc.Arbitrary<Readonly<Record<string, PlainValue>>> = fc.oneof(
  fc.constant({}),
  fc.record({
    "http.status": fc.constantFrom<PlainValue>(200n, 404n, 500n, 200.5, "200", 2n ** 60n),
    tier: fc.constantFrom<PlainValue>("gold", "basic", "", true, false, 'it\'s \\ "x"', null),
  }),
  fc.record({
    "gen_ai.operation.name": fc.constantFrom("chat", "execute_tool", "invoke_agent", "new one"),
    "gen_ai.request.model": fc.constantFrom("small", "large"),
    "gen_ai.response.model": fc.constantFrom<PlainValue>("large", "large-2026", 5n),
    "gen_ai.usage.input_tokens": fc.constantFrom<PlainValue>(10n, 0n, "7", 1.5),
    "gen_ai.usage.output_tokens": fc.constantFrom<PlainValue>(3n, 20n),
    "gen_ai.conversation.id": fc.constantFrom("c1", "c2"),
    "gen_ai.input.messages": fc.constantFrom(
      '[{"role":"user","parts":[{"type":"text","content":"Where is my \\"parcel\\"?"}]}]',
      '[{"role":"user","content":"ABC xyz"}]',
    ),
  }),
  fc.record({
    "openinference.span.kind": fc.constantFrom("LLM", "TOOL", "RETRIEVER"),
    "llm.model_name": fc.constantFrom("small", "tiny"),
    "input.value": fc.constantFrom("where is the parcel", "line\nbreak"),
    "output.value": fc.constantFrom("in transit", '{"done":true}'),
  }),
);

/** Spans of a trace start within 2 hours; most traces start at odd moments, some together. */
const trace = fc.record({
  startOffset: fc.oneof(
    fc.bigInt({ min: 0n, max: 24n * HOUR_NANO - 1n }),
    fc.constantFrom(0n, HOUR_NANO, 5n * HOUR_NANO),
  ),
  spans: fc.array(
    fc.record({
      offset: fc.bigInt({ min: 0n, max: 2n * HOUR_NANO }),
      length: fc.bigInt({ min: 0n, max: HOUR_NANO }),
      /** Position of the parent, if there is such a span. */
      parent: fc.option(fc.nat({ max: 7 })),
      service: fc.constantFrom(...services),
      name: fc.constantFrom(...names),
      status: fc.constantFrom(0, 1, 1, 1, 2),
      message: fc.constantFrom("", "time out"),
      attributes,
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

/** Export requests of a day, some spans sent twice. */
export const dayOfTraces = ({ minTraces = 0 } = {}): fc.Arbitrary<readonly ExportRequest[]> =>
  fc
    .tuple(
      fc.array(trace, { minLength: minTraces, maxLength: minTraces + 30 }),
      fc.array(fc.nat({ max: 100 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 4 }),
    )
    .map(([traces, repeats, parts]) => {
      const spans = traces.flatMap((given, index) =>
        given.spans.map((span, position) => ({
          service: span.service,
          span: otlpSpanOf(index + 1, position, given.startOffset, span),
        })),
      );
      const sent = [...spans, ...repeats.flatMap((at) => spans[at] ?? [])];
      return Array.from({ length: parts }, (_, part) => ({
        resourceSpans: services.flatMap(
          (service) =>
            exportRequest(
              sent
                .filter((each, index) => each.service === service && index % parts === part)
                .map(({ span }) => span),
              { resource: { "service.name": service, region: service === "shop" ? "eu" : "us" } },
            ).resourceSpans,
        ),
      }));
    });

function otlpSpanOf(
  traceNumber: number,
  position: number,
  startOffset: bigint,
  span: {
    readonly offset: bigint;
    readonly length: bigint;
    readonly parent: number | null;
    readonly name: string;
    readonly status: number;
    readonly message: string;
    readonly attributes: Readonly<Record<string, PlainValue>>;
  },
): OtlpSpan {
  const start = DAY_START_NANO + startOffset + span.offset;
  const isRoot = span.parent === null || span.parent === position;
  return {
    traceId: traceIdBytes(traceNumber),
    spanId: spanIdBytes(traceNumber * 100 + position),
    ...(isRoot ? {} : { parentSpanId: spanIdBytes(traceNumber * 100 + (span.parent ?? 0)) }),
    name: span.name,
    kind: 1,
    startTimeUnixNano: start,
    endTimeUnixNano: start + span.length,
    status: { code: span.status, message: span.message },
    attributes: otlpAttributes(span.attributes),
  };
}
