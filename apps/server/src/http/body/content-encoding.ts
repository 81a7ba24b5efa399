import { promisify } from "node:util";
import zlib from "node:zlib";
import { errors } from "../../errors.ts";

export type ContentEncoding = "identity" | "gzip" | "deflate" | "zstd";

const encodings: Readonly<Record<string, ContentEncoding>> = {
  "": "identity",
  identity: "identity",
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  zstd: "zstd",
};

/** @throws `SERVER_CONTENT_ENCODING_UNSUPPORTED`, also for several encodings in a row */
export function contentEncodingOf(header: string | undefined): ContentEncoding {
  const encoding = encodings[(header ?? "").trim().toLowerCase()];
  if (encoding === undefined) {
    throw errors.SERVER_CONTENT_ENCODING_UNSUPPORTED({ encoding: header ?? "" });
  }
  return encoding;
}

type Inflate = (
  body: Uint8Array,
  options: { readonly maxOutputLength: number },
) => Promise<Uint8Array>;

const inflaters: Readonly<Record<Exclude<ContentEncoding, "identity">, Inflate>> = {
  gzip: promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  deflate: promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflate),
  zstd: promisify<Uint8Array, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress),
};

/**
 * Inflates off the event loop and stops as soon as the output passes the limit, so that a small body cannot claim
 * much memory.
 *
 * @throws `SERVER_BODY_INFLATES_TOO_LARGE`, `SERVER_BODY_DAMAGED`
 */
export async function inflated(
  body: Uint8Array,
  encoding: ContentEncoding,
  limitBytes: number,
): Promise<Uint8Array> {
  if (encoding === "identity") return body;
  try {
    return await inflaters[encoding](body, { maxOutputLength: limitBytes });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") {
      throw errors.SERVER_BODY_INFLATES_TOO_LARGE({ limitBytes }, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.SERVER_BODY_DAMAGED({ encoding, reason }, { cause });
  }
}
