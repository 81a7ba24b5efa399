import { exportRequestJson } from "@scouter/testkit/otlp/export-json";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import {
  type ExportRequest,
  exportRequest,
  type OtlpSpan,
  otlpAttributes,
  otlpSpan,
  type PlainValue,
  spanIdBytes,
  traceIdBytes,
} from "@scouter/testkit/otlp/export-request";
import { describe, expect, it } from "vitest";
import { decodeOtlpJson } from "./decode-json.ts";
import { decodeOtlpProtobuf } from "./decode-protobuf.ts";

const LATEST = 9_223_372_036_854_775_807n;
const UID = "0197a2b3-c4d5-7e6f-8a9b-0c1d2e3f4a5b";
const OTHER_UID = "0197a2b3-c4d5-7e6f-8a9b-0c1d2e3f4a5c";

const DECODERS = [
  ["protobuf", (request: ExportRequest) => decodeOtlpProtobuf(exportRequestProtobuf(request))],
  ["json", (request: ExportRequest) => decodeOtlpJson(exportRequestJson(request))],
] as const;

/** Rules that are the same whatever the encoding: each is stated once and checked on both. */
describe.each(DECODERS)("spans in %s", (_encoding, decode) => {
  const decodeSpans = (...spans: OtlpSpan[]) => decode(exportRequest(spans));
  const decodeWith = (attributes: Readonly<Record<string, PlainValue>>) =>
    decodeSpans(otlpSpan({ attributes: otlpAttributes(attributes) }));

  describe("rejected", () => {
    it.each<[string, OtlpSpan, string, RegExp]>([
      [
        "no trace id",
        { traceId: new Uint8Array() },
        "OTLP_TRACE_ID_INVALID",
        /^trace id '' is not valid: expected 16 bytes/,
      ],
      [
        "a short trace id",
        { traceId: Uint8Array.of(1, 2) },
        "OTLP_TRACE_ID_INVALID",
        /^trace id '0102' is not/,
      ],
      [
        "a long trace id",
        { traceId: new Uint8Array(500).fill(7) },
        "OTLP_TRACE_ID_INVALID",
        /^trace id '(07){20,32}/,
      ],
      [
        "a trace id of zeros",
        { traceId: new Uint8Array(16) },
        "OTLP_TRACE_ID_INVALID",
        /not all zero/,
      ],
      [
        "a short span id",
        { spanId: Uint8Array.of(1) },
        "OTLP_SPAN_ID_INVALID",
        /^span id '01' is not valid: expected 8 bytes/,
      ],
      ["a span id of zeros", { spanId: new Uint8Array(8) }, "OTLP_SPAN_ID_INVALID", /not all zero/],
      [
        "a parent of 16 bytes",
        { parentSpanId: traceIdBytes(1) },
        "OTLP_PARENT_SPAN_ID_INVALID",
        /or none for a root/,
      ],
      [
        "a start after 2262",
        { startTimeUnixNano: LATEST + 1n },
        "OTLP_TIME_INVALID",
        /^start time '9223372036854775808' .* 0 to 9223372036854775807 .*2262-04-11.*\(check the clock/,
      ],
      [
        "an end after 2262",
        { endTimeUnixNano: 2n ** 64n - 1n },
        "OTLP_TIME_INVALID",
        /^end time '18446744073709551615'/,
      ],
    ])("%s", (_name, fields, code, reason) => {
      const bad = otlpSpan({
        ...fields,
        attributes: otlpAttributes({ "baggage.a": "b", "scouter.tracing.tag.t": "u" }),
      });
      const decoded = decodeSpans(otlpSpan({ name: "first" }), bad, otlpSpan({ name: "last" }));
      expect(decoded.rejected).toEqual([{ index: 1, code, reason: expect.stringMatching(reason) }]);
      expect(decoded.spans.map((span) => span.name)).toEqual(["first", "last"]);
      expect([decoded.tags, decoded.baggage]).toEqual([[], []]);
    });

    it("by their position over all resources and scopes", () => {
      const bad = otlpSpan({ spanId: new Uint8Array(8) });
      const { resourceSpans } = exportRequest([otlpSpan(), bad]);
      const decoded = decode({ resourceSpans: [...resourceSpans, ...resourceSpans] });
      expect(decoded.rejected.map((span) => span.index)).toEqual([1, 3]);
    });
  });

  it.each<[string, OtlpSpan, object]>([
    ["a parent of zeros as none", { parentSpanId: new Uint8Array(8) }, { parentSpanId: null }],
    ["a parent", { parentSpanId: spanIdBytes(255) }, { parentSpanId: "00000000000000ff" }],
    [
      "an end before the start as the start",
      { startTimeUnixNano: 9n, endTimeUnixNano: 3n },
      { startTimeUnixNano: 9n, endTimeUnixNano: 9n },
    ],
    [
      "no times at all as 1970",
      { startTimeUnixNano: 0n, endTimeUnixNano: 0n },
      { startTimeUnixNano: 0n, endTimeUnixNano: 0n },
    ],
    [
      "the last time there is",
      { startTimeUnixNano: LATEST, endTimeUnixNano: LATEST },
      { endTimeUnixNano: LATEST },
    ],
    ["an empty name", { name: "" }, { name: "" }],
    ["an unknown kind as unspecified", { kind: 6 }, { kind: "UNSPECIFIED" }],
    ["an unknown status as unset", { status: { code: 3 } }, { statusCode: 0 }],
    [
      "an empty status message as none",
      { status: { code: 2, message: "" } },
      { statusCode: 2, statusMessage: null },
    ],
    ["flags of all 32 bits", { flags: 2 ** 32 - 1 }, { flags: -1 }],
    [
      "an event after 2262 as the last time",
      { events: [{ timeUnixNano: LATEST + 1n, name: "e" }] },
      { events: [{ timeUnixNano: LATEST, name: "e" }] },
    ],
  ])("keep %s", (_name, fields, expected) => {
    const { spans, rejected } = decodeSpans(otlpSpan(fields));
    expect(rejected).toEqual([]);
    expect(spans[0]).toMatchObject(expected);
  });

  it("lose a link without valid ids, and count it", () => {
    const good = { traceId: traceIdBytes(7), spanId: spanIdBytes(8) };
    const [span] = decodeSpans(
      otlpSpan({
        droppedLinksCount: 5,
        links: [
          { ...good, traceId: Uint8Array.of(1) },
          good,
          { ...good, spanId: new Uint8Array(8) },
          {},
        ],
      }),
    ).spans;
    expect(span?.links).toMatchObject([
      { traceId: `${"0".repeat(31)}7`, spanId: `${"0".repeat(15)}8` },
    ]);
    expect(span?.droppedLinksCount).toBe(8);
  });

  it.each<[string, PlainValue, string]>([
    ["text", "shop", "shop"],
    ["a number", 5n, "unknown"],
    ["a list", ["shop"], "unknown"],
    ["nothing", null, "unknown"],
    ["empty text", "", "unknown"],
  ])("take the service's name from %s", (_name, value, serviceName) => {
    const decoded = decode(exportRequest([otlpSpan()], { resource: { "service.name": value } }));
    expect(decoded.spans[0]?.serviceName).toBe(serviceName);
  });

  it("keep a resource attribute without value as null", () => {
    const decoded = decode({
      resourceSpans: [
        { resource: { attributes: [{ key: "a" }] }, scopeSpans: [{ spans: [otlpSpan()] }] },
      ],
    });
    expect([...(decoded.spans[0]?.resourceAttributes ?? [])]).toEqual([["a", "null"]]);
  });

  it("take scope and version, or say that the scope is unknown", () => {
    const named = decode(exportRequest([otlpSpan()], { scope: { name: "lib", version: "2" } }));
    const bare = decode(exportRequest([otlpSpan()], { scope: {} }));
    expect(named.spans[0]).toMatchObject({ scopeName: "lib", scopeVersion: "2" });
    expect(bare.spans[0]).toMatchObject({ scopeName: "unknown", scopeVersion: null });
  });

  it("keep the last value of a repeated key in the first one's place", () => {
    const attributes = [...otlpAttributes({ a: 1n, b: 2n }), ...otlpAttributes({ a: 3n })];
    const [span] = decodeSpans(otlpSpan({ attributes })).spans;
    expect([...(span?.attributes ?? [])]).toEqual([
      ["a", "3"],
      ["b", "2"],
    ]);
  });

  describe("tags and baggage", () => {
    const traceId = `${"0".repeat(31)}1`;

    it.each<[string, PlainValue, string]>([
      ["text", "red", "red"],
      ["an int", 7n, "7"],
      ["a large int", 2n ** 60n, "1152921504606846976"],
      ["a double", 1.5, "1.5"],
      ["a bool", true, "true"],
      ["a list", ["a", 1n], '["a",1]'],
      ["a map", { a: [2n ** 60n] }, '{"a":["1152921504606846976"]}'],
      ["bytes", Uint8Array.of(1), "null"],
      ["no value", null, "null"],
    ])("hold %s as text", (_name, value, text) => {
      const decoded = decodeWith({ "scouter.tracing.tag.team": value, "baggage.b": value });
      expect(decoded.tags).toEqual([{ traceId, key: "team", value: text }]);
      expect(decoded.baggage).toMatchObject([{ key: "b", value: text }]);
      expect([...(decoded.spans[0]?.attributes ?? [])]).toEqual([["team", JSON.stringify(text)]]);
    });

    it("are both made of a tag that came as baggage", () => {
      const decoded = decodeWith({ "baggage.scouter.tracing.tag.team": "red" });
      expect(decoded.tags).toEqual([{ traceId, key: "team", value: "red" }]);
      expect(decoded.baggage).toEqual([
        {
          traceId,
          scope: "checkout.tracer",
          key: "scouter.tracing.tag.team",
          value: "red",
          startTimeUnixNano: 1_767_225_600_000_000_000n,
        },
      ]);
      expect(decoded.spans[0]?.attributes).toEqual(new Map([["team", '"red"']]));
    });

    it("trim the key of baggage, and leave out entries without key", () => {
      const decoded = decodeWith({
        "baggage. user ": "u",
        "baggage.": "x",
        "baggage.  ": "x",
        "scouter.tracing.tag.": "x",
        "baggage.scouter.tracing.tag.": "x",
      });
      expect(decoded.tags).toEqual([]);
      expect(decoded.baggage).toMatchObject([{ key: "user", value: "u" }]);
      expect(decoded.spans[0]?.attributes.size).toBe(0);
    });

    it("name a tag once for a trace, and again for another value or trace", () => {
      const tagged = (trace: number, value: string) =>
        otlpSpan({
          traceId: traceIdBytes(trace),
          attributes: otlpAttributes({ "scouter.tracing.tag.t": value }),
        });
      const { tags } = decodeSpans(tagged(1, "a"), tagged(1, "a"), tagged(1, "b"), tagged(2, "a"));
      expect(tags.map((tag) => [tag.traceId.at(-1), tag.value])).toEqual([
        ["1", "a"],
        ["1", "b"],
        ["2", "a"],
      ]);
    });
  });

  describe("input and output", () => {
    it.each<[string, PlainValue, string | null]>([
      ["JSON text as it stands", '{"a": 9007199254740993}', '{"a": 9007199254740993}'],
      ["other text as a string", 'say "hi"', '"say \\"hi\\""'],
      ["the text null", "null", "null"],
      ["no value", null, null],
      ["a value that is no text", 5n, null],
    ])("hold %s", (_name, value, expected) => {
      const [span] = decodeWith({
        "scouter.tracing.input": value,
        "scouter.tracing.output": value,
      }).spans;
      expect(span).toMatchObject({ input: expected, output: expected });
      expect([...(span?.attributes.keys() ?? [])]).toEqual([
        "scouter.tracing.input",
        "scouter.tracing.output",
      ]);
    });

    it("come from the last text that was given", () => {
      const attributes = ["1", "2", 3n].flatMap((value) =>
        otlpAttributes({ "scouter.tracing.input": value }),
      );
      expect(decodeSpans(otlpSpan({ attributes })).spans[0]?.input).toBe("2");
    });
  });

  describe("entities and queue records", () => {
    it.each<[string, Record<string, PlainValue>, readonly string[], readonly string[]]>([
      ["a profile", { "scouter.entity": UID }, [UID], []],
      ["a profile by longer key", { [`scouter.entity.${UID}`]: UID }, [UID], []],
      ["any key that starts so", { "scouter.entity_of": UID }, [UID], []],
      ["upper case", { "scouter.entity": UID.toUpperCase() }, [UID], []],
      ["no hyphens", { "scouter.queue.record": UID.replaceAll("-", "") }, [], [UID]],
      ["one uid twice", { "scouter.entity.a": UID, "scouter.entity.b": UID }, [UID], []],
      ["a tag that names a record", { "scouter.tracing.tag.scouter.queue.record": UID }, [], [UID]],
      ["text that is no uid", { "scouter.entity": "fraud-model" }, [], []],
      [
        "hyphens in odd places",
        { "scouter.entity": `${UID.replaceAll("-", "").slice(0, 30)}--` },
        [],
        [],
      ],
      ["a value that is no text", { "scouter.entity": 5n, "scouter.queue.record": [UID] }, [], []],
      ["another key", { "scouter.scope": UID }, [], []],
    ])("are found in %s", (_name, attributes, entityIds, queueIds) => {
      expect(decodeWith(attributes).spans[0]).toMatchObject({ entityIds, queueIds });
    });

    it("are found on the span first, then on its events, each once", () => {
      const [span] = decodeSpans(
        otlpSpan({
          attributes: otlpAttributes({ "scouter.entity": UID }),
          events: [
            {
              attributes: otlpAttributes({
                "scouter.queue.record": UID,
                "scouter.entity": OTHER_UID,
              }),
            },
            { attributes: otlpAttributes({ "scouter.entity": UID, "scouter.tracing.tag.a": "b" }) },
          ],
        }),
      ).spans;
      expect(span).toMatchObject({ entityIds: [UID, OTHER_UID], queueIds: [UID] });
      // On an event these keys are ordinary attributes.
      expect(span?.events[1]?.attributes.get("scouter.tracing.tag.a")).toBe('"b"');
    });
  });
});
