import { isScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";

const FORBIDDEN = new Set(["EACCES", "EPERM", "EROFS"]);
const UNUSABLE_KEY: Readonly<Record<string, string>> = {
  ENAMETOOLONG: "has a segment that is too long for the file system",
  EISDIR: "is a folder of other keys, which a file system cannot store as an object too",
  ENOTEMPTY: "is a folder of other keys, which a file system cannot store as an object too",
  ENOTDIR: "has a segment that is an object, which a file system cannot use as a folder too",
  EEXIST: "has a segment that is an object, which a file system cannot use as a folder too",
};

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/** No file of that name: the name, or a folder on the way, is missing or of the other kind. */
export function isAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR";
}

/** The file system's error in the words of the port, with the original as its cause. */
export function translateFileError(error: unknown, operation: string, key: string): unknown {
  if (isScouterError(error) || !(error instanceof Error)) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  const reason = UNUSABLE_KEY[code];
  if (reason !== undefined) return errors.OBJECT_KEY_INVALID({ key, reason }, { cause: error });
  const parameters = { operation, key, reason: error.message };
  return FORBIDDEN.has(code)
    ? errors.OBJECT_STORE_FORBIDDEN(parameters, { cause: error })
    : errors.OBJECT_STORE_UNAVAILABLE(parameters, { cause: error });
}
