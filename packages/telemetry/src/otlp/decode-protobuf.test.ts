import { ScouterError } from "@scouter/contracts";
import { exportRequestArbitrary } from "@scouter/testkit/otlp/arbitrary";
import { ExportTraceServiceRequestType, SpanType } from "@scouter/testkit/otlp/descriptor";
import { encodeOtlpMessage, exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { exportRequest, otlpAttributes, otlpSpan } from "@scouter/testkit/otlp/export-request";
import { withFieldsReversed } from "@scouter/testkit/otlp/field-order";
import { referenceDecode } from "@scouter/testkit/otlp/reference-decode";
import { typicalExport } from "@scouter/testkit/otlp/typical-export";
import * as fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import type { DecodedExport } from "./decoded-export.ts";
import { decodeOtlpProtobuf } from "./decode-protobuf.ts";

const withoutReasons = (decoded: DecodedExport): DecodedExport => ({
  ...decoded,
  rejected: decoded.rejected.map((span) => ({ ...span, reason: "" })),
});

/** Keys of every map in order, which an equality of maps does not look at. */
const keyOrder = (decoded: DecodedExport) =>
  decoded.spans.map((span) => [
    [...span.attributes.keys()],
    [...span.resourceAttributes.keys()],
    ...span.events.map((event) => [...event.attributes.keys()]),
  ]);

/** A length-delimited field with the joined parts as its value. */
const field = (number: number, ...parts: readonly Uint8Array[]) => {
  const writer = protobuf.Writer.create().uint32((number << 3) | 2);
  return Uint8Array.from(writer.bytes(Buffer.concat(parts)).finish());
};
const ascii = (text: string) => Uint8Array.from(Buffer.from(text));
const validSpan = encodeOtlpMessage(SpanType, otlpSpan());
const requestWithSpan = (...spanParts: readonly Uint8Array[]) =>
  field(1, field(2, field(2, ...spanParts)));

/** KeyValue `deep` with so many lists around `true`. */
const deepAttribute = (levels: number) => {
  let value: Uint8Array = Uint8Array.of(0x10, 1);
  for (let level = 0; level < levels; level += 1) value = field(5, field(1, value));
  return Buffer.concat([field(1, ascii("deep")), field(2, value)]);
};

describe("decodeOtlpProtobuf", () => {
  it("gives back by the plain rules any request that protobufjs encoded", () => {
    fc.assert(
      fc.property(exportRequestArbitrary, (request) => {
        const decoded = decodeOtlpProtobuf(exportRequestProtobuf(request));
        const expected = referenceDecode(request);
        expect(withoutReasons(decoded)).toStrictEqual(expected);
        expect(keyOrder(decoded)).toEqual(keyOrder(expected));
      }),
      { numRuns: 300 },
    );
  });

  it("does not mind in which order fields come, nor that the resource follows its spans", () => {
    fc.assert(
      fc.property(exportRequestArbitrary, (request) => {
        const bytes = exportRequestProtobuf(request);
        const reversed = withFieldsReversed(bytes, ExportTraceServiceRequestType);
        expect(decodeOtlpProtobuf(reversed)).toStrictEqual(decodeOtlpProtobuf(bytes));
      }),
    );
  });

  it("decodes a request of typical load, and shares one map of resource attributes", () => {
    const bytes = exportRequestProtobuf(typicalExport({ spanCount: 25 }));
    const { spans, rejected } = decodeOtlpProtobuf(bytes);
    expect(rejected).toEqual([]);
    expect(spans).toHaveLength(25);
    expect(new Set(spans.map((span) => span.resourceAttributes)).size).toBe(1);
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(3);
    expect(spans[11]?.attributes.size).toBe(11);
  });

  it("keeps nothing of the bytes it was given", () => {
    const bytes = exportRequestProtobuf(
      exportRequest([otlpSpan({ attributes: otlpAttributes({ a: "text", b: Uint8Array.of(1) }) })]),
    );
    const decoded = decodeOtlpProtobuf(bytes);
    const before = structuredClone(decoded);
    bytes.fill(0xff);
    expect(decoded).toEqual(before);
  });

  describe("merges", () => {
    it("a resource and a scope that come in two pieces", () => {
      const keyValue = (key: string, value: string) =>
        field(1, field(1, ascii(key)), field(2, field(1, ascii(value))));
      const bytes = field(
        1,
        field(1, keyValue("a", "1"), keyValue("service.name", "x")),
        field(
          2,
          field(1, field(1, ascii("name"))),
          field(2, validSpan),
          field(1, field(2, ascii("v2"))),
        ),
        field(1, keyValue("service.name", "shop")),
      );
      const [span] = decodeOtlpProtobuf(bytes).spans;
      expect(span).toMatchObject({ serviceName: "shop", scopeName: "name", scopeVersion: "v2" });
      expect([...(span?.resourceAttributes ?? [])]).toEqual([
        ["a", '"1"'],
        ["service.name", '"shop"'],
      ]);
    });

    it("a status that comes in two pieces", () => {
      const bytes = requestWithSpan(
        validSpan,
        field(15, field(2, ascii("boom"))),
        field(15, Uint8Array.of(0x18, 2)),
      );
      expect(decodeOtlpProtobuf(bytes).spans[0]).toMatchObject({
        statusCode: 2,
        statusMessage: "boom",
      });
    });

    const value = (...parts: readonly Uint8Array[]) => field(2, ...parts);
    const text = (content: string) => field(1, ascii(content));
    const array = (...items: readonly string[]) =>
      field(5, ...items.map((item) => field(1, text(item))));
    const map = (key: string, content: string) =>
      field(6, field(1, text(key), value(text(content))));
    it.each([
      ["two texts: the last", [value(text("a")), value(text("b"))], '"b"'],
      ["two members in one value: the last", [value(text("a"), array("b"))], '["b"]'],
      ["a container, then a scalar: the scalar", [value(array("b"), text("a"))], '"a"'],
      ["two lists: joined", [value(array("a")), value(array("b", "c"))], '["a","b","c"]'],
      ["two lists in one value: joined", [value(array("a"), array("b"))], '["a","b"]'],
      ["two maps: joined", [value(map("a", "1")), value(map("b", "2"))], '{"a":"1","b":"2"}'],
      [
        "a list, a text, a list: the last list",
        [value(array("a"), text("b"), array("c"))],
        '["c"]',
      ],
      ["a text, then nothing: the text", [value(text("a")), value()], '"a"'],
      ["nothing, then a text: the text", [value(), value(text("a"))], '"a"'],
    ])("%s", (_name, pieces, json) => {
      const bytes = requestWithSpan(validSpan, field(9, field(1, ascii("k")), ...pieces));
      expect(decodeOtlpProtobuf(bytes).spans[0]?.attributes.get("k")).toBe(json);
    });
  });

  it.each([
    ["a varint", [0xa0, 0x06, 0xff, 0x01]],
    ["a fixed64", [0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]],
    ["bytes", [0xa2, 0x06, 2, 1, 2]],
    ["a fixed32", [0xa5, 0x06, 1, 2, 3, 4]],
    ["a group with a group inside", [0xa3, 0x06, 0x0b, 0x08, 1, 0x0c, 0xa4, 0x06]],
    ["a name as varint", [0x28, 5]],
    ["a start time as varint", [0x38, 5]],
    ["a kind as bytes", [0x32, 1, 1]],
  ])("passes over a field it does not know: %s", (_name, unknown) => {
    const bytes = requestWithSpan(validSpan, Uint8Array.from(unknown));
    expect(decodeOtlpProtobuf(bytes)).toEqual(decodeOtlpProtobuf(requestWithSpan(validSpan)));
  });

  it("reads a varint of full length, as negative numbers have", () => {
    const negative = Uint8Array.from([0x30, ...Array.from({ length: 9 }, () => 0xff), 0x01]);
    expect(decodeOtlpProtobuf(requestWithSpan(validSpan, negative)).spans[0]?.kind).toBe(
      "UNSPECIFIED",
    );
  });

  it("replaces invalid UTF-8", () => {
    const name = field(5, Uint8Array.of(0x61, 0xff, 0x62));
    const attribute = field(
      9,
      field(1, Uint8Array.of(0xc3)),
      field(2, field(1, Uint8Array.of(0x80))),
    );
    const [span] = decodeOtlpProtobuf(requestWithSpan(validSpan, name, attribute)).spans;
    expect(span?.name).toBe("a\uFFFDb");
    expect([...(span?.attributes ?? [])]).toEqual([["\uFFFD", '"\uFFFD"']]);
  });

  describe("nesting", () => {
    const neighbour = field(2, encodeOtlpMessage(SpanType, otlpSpan({ name: "neighbour" })));
    const twoSpans = (levels: number) =>
      field(1, field(2, field(2, validSpan, field(9, deepAttribute(levels))), neighbour));

    it("keeps 64 levels", () => {
      const { spans } = decodeOtlpProtobuf(twoSpans(64));
      expect(spans).toHaveLength(2);
      expect(spans[0]?.attributes.get("deep")).toBe(`${"[".repeat(64)}true${"]".repeat(64)}`);
    });

    it.each([65, 2_000])("rejects a span with %d levels and keeps its neighbour", (levels) => {
      const { spans, rejected } = decodeOtlpProtobuf(twoSpans(levels));
      expect(spans.map((span) => span.name)).toEqual(["neighbour"]);
      expect(rejected).toEqual([
        { index: 0, code: "OTLP_VALUE_TOO_DEEP", reason: expect.stringContaining("at most 64") },
      ]);
    });

    it("rejects the spans of a resource with 65 levels, and no others", () => {
      const deepResource = field(1, field(1, deepAttribute(65)));
      const scope = field(2, neighbour, neighbour);
      const bytes = Buffer.concat([field(1, scope, deepResource), field(1, scope)]);
      const { spans, rejected } = decodeOtlpProtobuf(bytes);
      expect(spans).toHaveLength(2);
      expect(rejected.map(({ index, code }) => [index, code])).toEqual([
        [0, "OTLP_VALUE_TOO_DEEP"],
        [1, "OTLP_VALUE_TOO_DEEP"],
      ]);
    });
  });

  describe("bytes that are not protobuf", () => {
    it.each([
      ["a length past the end", [0x0a, 0x05, 0x00], "byte 1", "length"],
      ["a length past the end of its message", [0x0a, 0x02, 0x12, 0x05, 0, 0], "byte 3", "length"],
      ["a length of 4 GB", [0x0a, 0xff, 0xff, 0xff, 0xff, 0x1f], "byte 1", "length"],
      ["a tag without value", [0x0a], "byte 1", "number"],
      ["a cut varint", [0x08, 0x80], "byte 1", "number"],
      [
        "a varint of 11 bytes",
        [0x08, ...Array.from({ length: 11 }, () => 0xff)],
        "byte 1",
        "longer than 10",
      ],
      ["a cut fixed64", [0x09, 1, 2], "byte 1", "number"],
      ["a cut fixed32", [0x0d, 1, 2], "byte 1", "number"],
      ["field number 0", [0x02, 0x00], "byte 0", "field number"],
      ["wire type 7", [0x0f, 0x00], "byte 1", "wire type 7"],
      ["a group that is not begun", [0x0c], "byte 1", "wire type 4"],
      ["a group that ends another", [0x0b, 0x14], "byte 2", "group"],
      ["a group without end", [0x0b, 0x08, 0x01], "byte 3", "number"],
    ])("are refused with their place: %s", (_name, bytes, place, problem) => {
      expect(() => decodeOtlpProtobuf(Uint8Array.from(bytes))).toThrowError(
        expect.objectContaining({
          code: "OTLP_BODY_INVALID",
          kind: "invalid",
          message: expect.stringMatching(`at ${place}: .*${problem}`),
        }),
      );
    });

    it("are refused also inside a span", () => {
      expect(() =>
        decodeOtlpProtobuf(requestWithSpan(validSpan, Uint8Array.of(0x2a, 9))),
      ).toThrowError(expect.objectContaining({ code: "OTLP_BODY_INVALID" }));
    });

    const decodesOrRefuses = (bytes: Uint8Array) => {
      try {
        return decodeOtlpProtobuf(bytes).spans.length;
      } catch (error) {
        if (!(error instanceof ScouterError) || error.code !== "OTLP_BODY_INVALID") throw error;
        return "refused";
      }
    };

    it("never end in another error, whatever they are", () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
          expect(() => decodesOrRefuses(bytes)).not.toThrowError();
        }),
        { numRuns: 2_000 },
      );
    });

    it("never end in another error when a valid request is cut", () => {
      fc.assert(
        fc.property(exportRequestArbitrary, fc.nat(), (request, cut) => {
          const bytes = exportRequestProtobuf(request);
          const length = cut % (bytes.length + 1);
          const outcome = decodesOrRefuses(bytes.subarray(0, length));
          // A cut between two resources leaves a valid request, any other is noticed.
          expect(outcome !== "refused").toBe(resourceEnds(bytes).includes(length));
        }),
      );
    });

    it("never end in another error when a byte of a valid request is changed", () => {
      fc.assert(
        fc.property(exportRequestArbitrary, fc.nat(), fc.nat(255), (request, at, byte) => {
          const bytes = exportRequestProtobuf(request);
          if (bytes.length > 0) bytes[at % bytes.length] = byte;
          expect(() => decodesOrRefuses(bytes)).not.toThrowError();
        }),
      );
    });
  });
});

/** Where a request may be cut and stay one: its start, and the end of each resource. */
function resourceEnds(bytes: Uint8Array): number[] {
  const reader = protobuf.Reader.create(bytes);
  const ends = [0];
  while (reader.pos < reader.len) {
    reader.skipType(reader.uint32() & 7);
    ends.push(reader.pos);
  }
  return ends;
}
