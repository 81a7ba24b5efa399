import { describe, expect, it } from "vitest";
import { isScouterError } from "../error/scouter-error.ts";
import { bool, bytes, int32, nested, repeatedBytes, repeatedText, text, uint64 } from "./field.ts";
import { messageType } from "./message-type.ts";

const inner = messageType("t.Inner", { name: text(1) });
const outer = messageType("t.Outer", {
  name: text(1),
  count: uint64(2),
  small: int32(3),
  yes: bool(4),
  blob: bytes(5),
  inner: nested(6, inner),
  names: repeatedText(7),
  blobs: repeatedBytes(16),
});

const absent = {
  name: "",
  count: 0,
  small: 0,
  yes: false,
  blob: new Uint8Array(0),
  inner: undefined,
  names: [],
  blobs: [],
};

function refusal(given: readonly number[]): string {
  try {
    outer.decode(Uint8Array.from(given));
    return "accepted";
  } catch (error) {
    return isScouterError(error) ? error.message : String(error);
  }
}

describe("a message type", () => {
  it("writes nothing for absent values and reads them back", () => {
    expect(outer.encode(absent)).toEqual(new Uint8Array(0));
    expect(outer.decode(new Uint8Array(0))).toEqual(absent);
  });

  it("keeps every repeated value, and decodings apart", () => {
    const given = { names: ["a", "", "c"], blobs: [Uint8Array.of(1), new Uint8Array(0)] };
    const encoded = outer.encode(given);
    expect(outer.decode(encoded)).toEqual({ ...absent, ...given });
    expect(outer.decode(encoded)).toEqual({ ...absent, ...given });
    expect(outer.decode(new Uint8Array(0)).names).toEqual([]);
  });

  it("keeps an empty nested message apart from an absent one", () => {
    expect(outer.decode(outer.encode({ inner: { name: "" } })).inner).toEqual({ name: "" });
  });

  it("takes the last of several values and passes over what it does not know", () => {
    const first = outer.encode({ name: "first" });
    const unknown = messageType("t.Newer", { extra: text(99), more: uint64(100) });
    const fixed = Uint8Array.from([149, 6, 1, 2, 3, 4]); // field 98, 32 bits
    const fixed64 = Uint8Array.from([137, 6, 1, 2, 3, 4, 5, 6, 7, 8]); // field 97, 64 bits
    const otherWireType = Uint8Array.from([8, 5]); // field 1 as a number
    const last = outer.encode({ name: "last", count: 2 ** 53 - 1 });
    const parts = [
      first,
      unknown.encode({ extra: "x", more: 7 }),
      fixed,
      fixed64,
      otherWireType,
      last,
    ];
    const decoded = outer.decode(Buffer.concat(parts));
    expect(decoded).toEqual({ ...absent, name: "last", count: Number.MAX_SAFE_INTEGER });
  });

  it.each<[string, readonly number[], string]>([
    ["cut text", [10, 5, 97], "it ends inside a value"],
    ["a cut number", [16, 128], "it ends inside a number"],
    ["a cut tag", [128], "it ends inside a number"],
    ["an endless number", [16, ...Array<number>(11).fill(255)], "a number has more than 10 bytes"],
    [
      "an endless unknown number",
      [240, 6, ...Array<number>(11).fill(255)],
      "a number has more than 10 bytes",
    ],
    ["a number above 2^53", [16, ...Array<number>(9).fill(255), 1], "a number is above 2^53 - 1"],
    ["a text that is not UTF-8", [10, 1, 255], "a text is not UTF-8"],
    ["field 0", [2, 0], "a field has the number 0"],
    ["a group", [0x9b, 6], "wire type 3 is not known"],
  ])("refuses %s", (_name, given, reason) => {
    expect(refusal(given)).toBe(`the bytes are not a protobuf message t.Outer: ${reason}`);
  });

  it("names the nested message that is damaged", () => {
    expect(refusal([50, 2, 10, 9])).toContain("t.Inner: it ends inside a value");
  });
});
