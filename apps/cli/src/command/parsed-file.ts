import { readFileSync } from "node:fs";

type FileError = (
  details: { readonly file: string; readonly reason: string },
  options: { readonly cause: unknown },
) => Error;

/** A JSON file's value, with or without a byte order mark; `failed` makes the error of one that cannot be read. */
export function parsedFile(file: string, failed: FileError): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw failed({ file, reason }, { cause });
  }
}
