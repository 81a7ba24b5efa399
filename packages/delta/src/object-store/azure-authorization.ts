import { createHmac } from "node:crypto";
import type { StoreRequest } from "./http-request.ts";

/** Makes a request one that the service admits. */
export interface AzureAuthorization {
  authorize(request: StoreRequest): Promise<StoreRequest>;
}

/**
 * Signs with the account's key ("Shared Key", versions from 2015-02-21 on). What is signed: method, a fixed list of
 * headers, the `x-ms-` headers by name, the path with the account before it, and the query by name.
 */
export function sharedKeyAuthorization(account: string, keyBase64: string): AzureAuthorization {
  const key = Buffer.from(keyBase64, "base64");
  return {
    async authorize(request) {
      const text = stringToSign(account, request);
      const signature = createHmac("sha256", key).update(text, "utf8").digest("base64");
      const authorization = `SharedKey ${account}:${signature}`;
      return { ...request, headers: { ...request.headers, authorization } };
    },
  };
}

const SIGNED_HEADERS = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
];

function stringToSign(account: string, request: StoreRequest): string {
  const headers: Readonly<Record<string, string>> = {
    ...request.headers,
    "content-length": contentLength(request),
  };
  const fixed = SIGNED_HEADERS.map((name) => headers[name] ?? "");
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("x-ms-"))
    .sort()
    .map((name) => `${name}:${headers[name]}`);
  const query = Array.from(request.url.searchParams, ([name, value]) => `${name}:${value}`).sort();
  const resource = [`/${account}${request.url.pathname}`, ...query];
  return [request.method, ...fixed, ...own, ...resource].join("\n");
}

/** Zero is signed as nothing. */
function contentLength({ body }: StoreRequest): string {
  const bytes = body instanceof Uint8Array ? body.byteLength : (body?.size ?? 0);
  return bytes === 0 ? "" : String(bytes);
}

/** Adds a shared access signature, a query text that its maker may limit in rights and time. */
export function sasAuthorization(token: string): AzureAuthorization {
  const parameters = [...new URLSearchParams(token.replace(/^\?/, ""))];
  return {
    async authorize(request) {
      const url = new URL(request.url);
      for (const [name, value] of parameters) url.searchParams.set(name, value);
      return { ...request, url };
    },
  };
}

/** Shows a token of the directory; `token` gives one that is still valid. */
export function tokenAuthorization(token: () => Promise<string>): AzureAuthorization {
  return {
    async authorize(request) {
      const authorization = `Bearer ${await token()}`;
      return { ...request, headers: { ...request.headers, authorization } };
    },
  };
}
