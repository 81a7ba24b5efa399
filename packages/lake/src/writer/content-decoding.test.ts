import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeContent } from "./content-decoding.ts";

const text = Buffer.from("span ".repeat(1000));

describe("decodeContent", () => {
  it.each([
    { encoding: "identity", body: text },
    { encoding: "gzip", body: gzipSync(text) },
    { encoding: "deflate", body: deflateSync(text) },
    { encoding: "zstd", body: zstdCompressSync(text) },
  ] as const)("undoes $encoding", ({ encoding, body }) => {
    expect(Buffer.from(decodeContent(body, encoding, 10_000))).toEqual(text);
  });

  it.each([
    { encoding: "gzip", body: gzipSync(Buffer.alloc(50_000_000)) },
    { encoding: "deflate", body: deflateSync(Buffer.alloc(50_000_000)) },
    { encoding: "zstd", body: zstdCompressSync(Buffer.alloc(50_000_000)) },
  ] as const)("refuses a $encoding bomb", ({ encoding, body }) => {
    expect(body.byteLength).toBeLessThan(100_000);
    expect(() => decodeContent(body, encoding, 1_000_000)).toThrow(
      expect.objectContaining({ code: "LAKE_BODY_TOO_LARGE", kind: "too-large" }),
    );
  });

  it.each(["gzip", "deflate", "zstd"] as const)("refuses what is not %s", (encoding) => {
    expect(() => decodeContent(text, encoding, 1_000_000)).toThrow(
      expect.objectContaining({ code: "LAKE_BODY_ENCODING_INVALID", kind: "invalid" }),
    );
  });

  it("refuses a truncated gzip body", () => {
    expect(() => decodeContent(gzipSync(text).subarray(0, 20), "gzip", 1_000_000)).toThrow(
      expect.objectContaining({ code: "LAKE_BODY_ENCODING_INVALID" }),
    );
  });
});
