import { errors } from "../errors.ts";

/**
 * The `path` of an add or remove action: a relative URI reference (RFC 2396 escapes), so that every reader resolves it
 * against the table's root. `:` is escaped too, lest a first segment look like a URI scheme.
 */
export function encodePath(path: string): string {
  if (path === "" || path.startsWith("/") || !path.isWellFormed()) {
    throw errors.DELTA_ACTION_INVALID({
      action: "file",
      reason: `has the path '${path}': expected a relative path in well-formed Unicode`,
    });
  }
  return encodeURI(path).replace(/[?#:]/g, encodeURIComponent);
}

/** The decoded, relative path; `undefined` for an absolute one or a broken escape. */
export function decodePath(encoded: string): string | undefined {
  if (encoded === "" || encoded.startsWith("/") || /^[a-z][a-z0-9+.-]*:/i.test(encoded)) {
    return undefined;
  }
  try {
    return decodeURIComponent(encoded);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
