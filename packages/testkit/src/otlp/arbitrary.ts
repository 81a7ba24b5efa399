import * as fc from "fast-check";
import type {
  ExportRequest,
  OtlpAttribute,
  OtlpEvent,
  OtlpLink,
  OtlpScopeSpans,
  OtlpSpan,
  OtlpValue,
} from "./export-request.ts";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** Any Unicode text, short; no lone surrogates, which UTF-8 cannot carry. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme-ascii", maxLength: 70 }),
  fc.constantFrom("", '"quoted"\\', "line\nbreak", "\u0000", "naïve", "\u{1F600}"),
);

const bytes = fc.uint8Array({ maxLength: 12 });

const int64 = fc.oneof(
  fc.bigInt({ min: INT64_MIN, max: INT64_MAX }),
  fc.bigInt({ min: -100n, max: 100n }),
  fc.constantFrom(
    INT64_MIN,
    INT64_MAX,
    2n ** 53n,
    2n ** 53n + 1n,
    -(2n ** 53n),
    -(2n ** 53n) - 1n,
    2n ** 32n,
    -(2n ** 31n),
  ),
);

const double = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 5, 1e20, 1e21, 1e300, 5e-324, Number.NaN, Infinity, -Infinity),
);

const uint32 = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

/** Keys that look like the escaped forms of values, so that a map with one of them alone occurs. */
const mapKey = fc.oneof(
  text,
  fc.constantFrom("intValue", "stringValue", "kvlistValue", "1", "__proto__", "key", "values"),
);

/** Any AnyValue up to a few levels deep, the empty one and an attribute without value included. */
export const otlpValueArbitrary: fc.Arbitrary<OtlpValue> = fc.letrec<{
  value: OtlpValue;
  attribute: OtlpAttribute;
}>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant({}),
    text.map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    int64.map((intValue) => ({ intValue })),
    double.map((doubleValue) => ({ doubleValue })),
    bytes.map((bytesValue) => ({ bytesValue })),
    fc.array(tie("value"), { maxLength: 4 }).map((values) => ({ arrayValue: { values } })),
    fc.array(tie("attribute"), { maxLength: 4 }).map((values) => ({ kvlistValue: { values } })),
  ),
  attribute: fc.record({ key: mapKey, value: tie("value") }, { requiredKeys: ["key"] }),
})).value;

const uuidText = fc
  .uuid()
  .chain((uid) => fc.constantFrom(uid, uid.toUpperCase(), uid.replaceAll("-", "")));

/** Attributes that mean something to the server, with good and bad values. */
const specialAttribute: fc.Arbitrary<OtlpAttribute> = fc.record({
  key: fc.constantFrom(
    "scouter.tracing.tag.team",
    "scouter.tracing.tag.",
    "baggage.scouter.tracing.tag.team",
    "baggage.scouter.tracing.tag.",
    "baggage.user",
    "baggage. padded ",
    "baggage.",
    "scouter.tracing.input",
    "scouter.tracing.output",
    "scouter.entity",
    "scouter.entity.fraud",
    "scouter.queue.record",
    "scouter.other",
    "team",
  ),
  value: fc.oneof(
    otlpValueArbitrary,
    uuidText.map((stringValue) => ({ stringValue })),
    fc.constantFrom({ stringValue: '{"a": 9007199254740993}' }, { stringValue: "not json" }),
  ),
});

const attribute: fc.Arbitrary<OtlpAttribute> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ key: text, value: otlpValueArbitrary }, { requiredKeys: ["key"] }),
  },
  { weight: 1, arbitrary: specialAttribute },
);

const attributes = fc.array(attribute, { maxLength: 5 });

const idBytes = (size: number) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.uint8Array({ minLength: size, maxLength: size }) },
    { weight: 1, arbitrary: fc.constant(new Uint8Array(size)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  );

const unixNano = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: 0n, max: INT64_MAX }) },
  { weight: 1, arbitrary: fc.constantFrom(0n, INT64_MAX, INT64_MAX + 1n, UINT64_MAX) },
);

const event: fc.Arbitrary<OtlpEvent> = fc.record(
  { timeUnixNano: unixNano, name: text, attributes, droppedAttributesCount: uint32 },
  { requiredKeys: [] },
);

const link: fc.Arbitrary<OtlpLink> = fc.record(
  {
    traceId: idBytes(16),
    spanId: idBytes(8),
    traceState: text,
    attributes,
    droppedAttributesCount: uint32,
  },
  { requiredKeys: [] },
);

/** Any Span, valid or not: ids of a wrong length, times out of range, unknown enum numbers. */
export const otlpSpanArbitrary: fc.Arbitrary<OtlpSpan> = fc.record(
  {
    traceId: idBytes(16),
    spanId: idBytes(8),
    traceState: text,
    parentSpanId: fc.oneof(fc.constant(new Uint8Array(0)), idBytes(8)),
    name: text,
    kind: fc.integer({ min: 0, max: 7 }),
    startTimeUnixNano: unixNano,
    endTimeUnixNano: unixNano,
    attributes,
    droppedAttributesCount: uint32,
    events: fc.array(event, { maxLength: 3 }),
    droppedEventsCount: uint32,
    links: fc.array(link, { maxLength: 3 }),
    droppedLinksCount: fc.integer({ min: 0, max: 1000 }),
    status: fc.record(
      { message: text, code: fc.integer({ min: 0, max: 4 }) },
      { requiredKeys: [] },
    ),
    flags: uint32,
  },
  { requiredKeys: ["traceId", "spanId"] },
);

const scopeSpans: fc.Arbitrary<OtlpScopeSpans> = fc.record(
  {
    scope: fc.record({ name: text, version: text }, { requiredKeys: [] }),
    spans: fc.array(otlpSpanArbitrary, { maxLength: 4 }),
  },
  { requiredKeys: ["spans"] },
);

const resourceAttribute = fc.oneof(
  attribute,
  fc.record({
    key: fc.constant("service.name"),
    value: fc.oneof(
      text.map((stringValue) => ({ stringValue })),
      otlpValueArbitrary,
    ),
  }),
);

/** Whole requests with every kind of attribute value, extreme integers, valid and invalid spans. */
export const exportRequestArbitrary: fc.Arbitrary<ExportRequest> = fc.record({
  resourceSpans: fc.array(
    fc.record(
      {
        resource: fc.record(
          { attributes: fc.array(resourceAttribute, { maxLength: 4 }) },
          { requiredKeys: [] },
        ),
        scopeSpans: fc.array(scopeSpans, { maxLength: 2 }),
      },
      { requiredKeys: ["scopeSpans"] },
    ),
    { maxLength: 2 },
  ),
});
