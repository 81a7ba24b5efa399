import { gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { IngestRequest } from "../trace-lake.ts";
import { errors } from "../errors.ts";

/**
 * Undoes the content encoding of a request body. Runs in the worker, so it may block.
 *
 * Stops as soon as the output passes `maxInflatedBytes`: a bomb costs at most that much memory.
 * Errors: `LAKE_BODY_TOO_LARGE`, `LAKE_BODY_ENCODING_INVALID`.
 */
export function decodeContent(
  body: Uint8Array,
  encoding: IngestRequest["contentEncoding"],
  maxInflatedBytes: number,
): Uint8Array {
  if (encoding === "identity") return body;
  const options = { maxOutputLength: maxInflatedBytes };
  try {
    switch (encoding) {
      case "gzip":
        return gunzipSync(body, options);
      case "deflate":
        return inflateSync(body, options);
      case "zstd":
        return zstdDecompressSync(body, options);
    }
  } catch (cause) {
    if (isTooLarge(cause)) {
      throw errors.LAKE_BODY_TOO_LARGE({ limitBytes: maxInflatedBytes, encoding }, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.LAKE_BODY_ENCODING_INVALID({ encoding, reason }, { cause });
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}
