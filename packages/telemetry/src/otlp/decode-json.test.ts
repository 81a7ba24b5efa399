import { exportRequestArbitrary } from "@scouter/testkit/otlp/arbitrary";
import {
  exportMessageJson,
  exportRequestJson,
  type JsonStyle,
} from "@scouter/testkit/otlp/export-json";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { exportRequest, otlpSpan } from "@scouter/testkit/otlp/export-request";
import { SAMPLE_PAYLOAD } from "@scouter/testkit/otlp/sample-payload";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMessageJson, decodeOtlpJson } from "./decode-json.ts";
import { decodeOtlpProtobuf } from "./decode-protobuf.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

/** A request with one span whose JSON has the given members besides its ids. */
const requestText = (members: string) =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${TRACE}","spanId":"${SPAN}",${members}}]}]}]}`;
const onlySpan = (members: string) => decodeOtlpJson(requestText(members)).spans[0];
const attributeText = (value: string) =>
  onlySpan(`"attributes":[{"key":"k","value":${value}}]`)?.attributes.get("k");

const style: fc.Arbitrary<JsonStyle> = fc.record({
  longs: fc.constantFrom("text", "number"),
  ids: fc.constantFrom("lower", "upper"),
  enums: fc.constantFrom("number", "name"),
  keys: fc.constantFrom("camel", "snake"),
});

const refusal = (at: string, problem: string) =>
  expect.objectContaining({
    code: "OTLP_BODY_INVALID",
    kind: "invalid",
    message: `otlp json body cannot be read at ${at}: ${problem}`,
  });

describe("decodeOtlpJson", () => {
  it("gives what the protobuf decoder gives, in every style of JSON", () => {
    fc.assert(
      fc.property(exportRequestArbitrary, style, (request, style) => {
        const { rejected, ...decoded } = decodeOtlpJson(exportRequestJson(request, style));
        const { rejected: expectedRejected, ...expected } = decodeOtlpProtobuf(
          exportRequestProtobuf(request),
        );
        expect(decoded).toStrictEqual(expected);
        // Reasons show an id as it was given, which protobuf does for its first bytes only.
        expect(rejected.map(({ index, code }) => [index, code])).toEqual(
          expectedRejected.map(({ index, code }) => [index, code]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("takes bytes as well as text, with a byte order mark too", () => {
    const text = exportRequestJson(exportRequest([otlpSpan({ name: "naïve" })]));
    const decoded = decodeOtlpJson(text);
    expect(decoded.spans[0]?.name).toBe("naïve");
    expect(decodeOtlpJson(Buffer.from(text))).toEqual(decoded);
    expect(decodeOtlpJson(Buffer.from(`\uFEFF${text}`))).toEqual(decoded);
  });

  it("decodes a request of several spans", () => {
    const { spans, rejected, tags, baggage } = decodeOtlpJson(JSON.stringify(SAMPLE_PAYLOAD));
    const traceId = "8f0b6a1c2d3e4f50617283940a1b2c3d";
    expect(rejected).toEqual([]);
    expect(spans).toMatchObject([
      {
        traceId,
        spanId: "a1b2c3d4e5f60718",
        parentSpanId: null,
        traceState: "vendor=1",
        flags: 257,
        kind: "SERVER",
        statusCode: 1,
        statusMessage: null,
        serviceName: "web-shop",
        scopeName: "shop.http",
        scopeVersion: "0.9.0",
        startTimeUnixNano: 1_767_225_600_000_000_000n,
        input: null,
      },
      {
        traceId,
        parentSpanId: "a1b2c3d4e5f60718",
        kind: "CLIENT",
        statusCode: 2,
        statusMessage: "deadlock detected",
        events: [{ name: "retry", attributes: new Map([["attempt", "2"]]) }],
      },
      {
        scopeName: "shop.agent",
        scopeVersion: null,
        input: '{"basket":["mug"]}',
        output: '"try the teapot"',
        links: [{ traceId: "1".repeat(32), spanId: "2".repeat(16), traceState: "" }],
        entityIds: ["0197a2b3-c4d5-7e6f-8a9b-0c1d2e3f4a5c"],
        queueIds: ["0197a2b3-c4d5-7e6f-8a9b-0c1d2e3f4a5b"],
      },
    ]);
    expect([...(spans[0]?.attributes ?? [])]).toEqual([
      ["http.request.method", '"POST"'],
      ["http.response.status_code", "201"],
      ["shop.total", "49.5"],
      ["shop.gift", "false"],
      ["shop.items", '["mug","tea"]'],
      ["shop.address", '{"city":"Bergen"}'],
      ["shop.receipt", '{"bytesValue":"AQID"}'],
      ["shop.ledger", '{"intValue":"9223372036854775807"}'],
      ["team", '"orders"'],
    ]);
    expect(tags).toEqual([{ traceId, key: "team", value: "orders" }]);
    expect(baggage).toMatchObject([
      { traceId, scope: "shop.http", key: "customer", value: "gold" },
    ]);
  });

  it.each([
    ["an empty request", "{}"],
    ["null lists", '{"resourceSpans":null}'],
    ["empty objects", '{"resourceSpans":[{"scopeSpans":[{}]},{},null]}'],
  ])("reads %s as no spans", (_name, text) => {
    expect(decodeOtlpJson(text)).toEqual({ spans: [], rejected: [], tags: [], baggage: [] });
  });

  it("defaults every field of a span but its ids", () => {
    expect(onlySpan('"name":null,"status":null,"attributes":null,"events":null')).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      parentSpanId: null,
      traceState: "",
      flags: 0,
      name: "",
      kind: "UNSPECIFIED",
      startTimeUnixNano: 0n,
      endTimeUnixNano: 0n,
      statusCode: 0,
      statusMessage: null,
      serviceName: "unknown",
      scopeName: "unknown",
      scopeVersion: null,
      attributes: new Map(),
      resourceAttributes: new Map(),
      events: [],
      links: [],
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
      input: null,
      output: null,
      entityIds: [],
      queueIds: [],
    });
  });

  it.each([
    ['{"intValue":9007199254740993}', '{"intValue":"9007199254740993"}'],
    ['{"intValue":-9223372036854775808}', '{"intValue":"-9223372036854775808"}'],
    ['{"intValue":"42"}', "42"],
    ['{"intValue":42}', "42"],
    ['{"intValue":5.0}', "5"],
    ['{"intValue":9223372036854775808}', '"9223372036854775808"'],
    ['{"intValue":"many"}', '"many"'],
    ['{"intValue":1.5}', "1.5"],
    ['{"doubleValue":5}', "5.0"],
    ['{"doubleValue":12345678901234567890}', "12345678901234567000.0"],
    ['{"doubleValue":"NaN"}', '{"doubleValue":"NaN"}'],
    ['{"doubleValue":"-Infinity"}', '{"doubleValue":"-Infinity"}'],
    ['{"doubleValue":"2.5"}', "2.5"],
    ['{"doubleValue":null}', "null"],
    ['{"boolValue":false}', "false"],
    ['{"bool_value":true}', "true"],
    ['{"bytesValue":"-_8="}', '{"bytesValue":"+/8="}'],
    ['{"bytesValue":"+/8"}', '{"bytesValue":"+/8="}'],
    ['{"stringValue":""}', '""'],
    ['{"stringValue":"\\ud800"}', '"\uFFFD"'],
    ["{}", "null"],
    ["null", "null"],
    ["17", "null"],
    ['{"arrayValue":{}}', "[]"],
    ['{"arrayValue":{"values":[{},{"intValue":1}]}}', "[null,1]"],
    ['{"kvlistValue":{"values":[{"key":"a"},{"key":"a","value":{"intValue":"2"}}]}}', '{"a":2}'],
  ])("reads the value %s", (value, json) => {
    expect(attributeText(value)).toBe(json);
  });

  it("replaces lone surrogates in every text, and keeps pairs", () => {
    const half = String.raw`\ud800`;
    const pair = String.raw`\ud83d\ude00`;
    const span = onlySpan(
      `"name":"${half}${pair}","attributes":[{"key":"scouter.tracing.tag.${half}","value":{"stringValue":"${half}"}}]`,
    );
    expect(span?.name).toBe("\uFFFD\u{1F600}");
    expect([...(span?.attributes ?? [])]).toEqual([["\uFFFD", '"\uFFFD"']]);
    expect(decodeOtlpJson(requestText('"name":"\ud800"')).spans[0]?.name).toBe("\uFFFD");
  });

  it("keeps the digits of a long integer when text that looks like one stands in the body", () => {
    const span = onlySpan(
      '"name":"n:1234567890123456789","startTimeUnixNano": 1767225600000000001,"endTimeUnixNano":1767225600000000002',
    );
    expect(span?.name).toBe("n:1234567890123456789");
    expect(span?.startTimeUnixNano).toBe(1_767_225_600_000_000_001n);
    expect(span?.endTimeUnixNano).toBe(1_767_225_600_000_000_002n);
  });

  it.each([
    ['"kind":3', { kind: "CLIENT" }],
    ['"kind":"3"', { kind: "CLIENT" }],
    ['"kind":"SPAN_KIND_CLIENT"', { kind: "CLIENT" }],
    ['"kind":"CLIENT"', { kind: "CLIENT" }],
    ['"kind":"SPAN_KIND_OTHER"', { kind: "UNSPECIFIED" }],
    ['"kind":99', { kind: "UNSPECIFIED" }],
    [
      '"status":{"code":"STATUS_CODE_ERROR","message":"no"}',
      { statusCode: 2, statusMessage: "no" },
    ],
    ['"status":{"code":7}', { statusCode: 0 }],
    ['"flags":4294967295', { flags: -1 }],
    ['"flags":"769"', { flags: 769 }],
    [
      '"droppedEventsCount":-1,"droppedLinksCount":2.5',
      { droppedEventsCount: 0, droppedLinksCount: 0 },
    ],
    ['"events":[{"timeUnixNano":"soon"}]', { events: [{ timeUnixNano: 0n, name: "" }] }],
  ])("reads %s", (members, expected) => {
    expect(onlySpan(members)).toMatchObject(expected);
  });

  describe("bodies", () => {
    it.each([
      ["no JSON", "{", /^otlp json body cannot be read at character 1: not json$/],
      ["nothing", "", /^otlp json body cannot be read at an unknown position: not json$/],
      [
        "too deep for lossless reading",
        `{"a":1234567890123456789,"b":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
        /nested too deep$/,
      ],
    ])("are refused: %s", (_name, body, message) => {
      expect(() => decodeOtlpJson(body)).toThrowError(
        expect.objectContaining({
          code: "OTLP_BODY_INVALID",
          message: expect.stringMatching(message),
        }),
      );
    });

    it.each([
      ["a list", "[]", "its top", "expected an object"],
      ["null", "null", "its top", "expected an object"],
      ["a wrong list of resources", '{"resourceSpans":{}}', "resourceSpans", "expected an array"],
      [
        "a wrong list of scopes",
        '{"resourceSpans":[{},{"scopeSpans":"x"}]}',
        "resourceSpans[1].scopeSpans",
        "expected an array",
      ],
      [
        "a wrong list of spans",
        '{"resourceSpans":[{"scopeSpans":[{"spans":1}]}]}',
        "resourceSpans[0].scopeSpans[0].spans",
        "expected an array",
      ],
    ])("are refused with their place: %s", (_name, body, at, problem) => {
      expect(() => decodeOtlpJson(body)).toThrowError(refusal(at, problem));
    });

    it("do not leak into the error", () => {
      const error = errorOf(() => decodeOtlpJson('{"secret": hunter2}'));
      expect(error).toMatchObject({ code: "OTLP_BODY_INVALID" });
      expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain("hunter");
    });

    it("never end in another error, whatever JSON they are", () => {
      const member = fc.constantFrom(
        "resourceSpans",
        "scopeSpans",
        "spans",
        "attributes",
        "events",
      );
      const json = fc.letrec((tie) => ({
        value: fc.oneof(
          { depthSize: "small" },
          fc.constantFrom(null, 1, "x", {}, true),
          fc.dictionary(member, tie("value"), { maxKeys: 3 }),
          fc.array(tie("value"), { maxLength: 3 }),
        ),
      })).value;
      fc.assert(
        fc.property(json, (value) => {
          const error = errorOf(() => decodeOtlpJson(JSON.stringify(value)));
          expect([undefined, "OTLP_BODY_INVALID"]).toContain((error as { code?: string })?.code);
        }),
      );
    });
  });
});

function errorOf(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("decodeMessageJson", () => {
  it("reads the request inside the message", () => {
    fc.assert(
      fc.property(exportRequestArbitrary, (request) => {
        expect(decodeMessageJson(exportMessageJson(request))).toStrictEqual(
          decodeOtlpJson(exportRequestJson(request)),
        );
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ["no request", "{}"],
    ["a request that is no object", '{"request":[]}'],
  ])("refuses %s", (_name, body) => {
    expect(() => decodeMessageJson(body)).toThrowError(
      refusal("request", "expected an ExportTraceServiceRequest object"),
    );
  });

  it("names places from the message's top", () => {
    expect(() => decodeMessageJson('{"request":{"resourceSpans":1}}')).toThrowError(
      refusal("request.resourceSpans", "expected an array"),
    );
  });
});
