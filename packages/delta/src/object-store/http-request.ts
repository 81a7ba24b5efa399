import { isScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";

/** One request to a store's HTTP interface, with the words for its error. */
export interface StoreRequest {
  readonly operation: string;
  readonly key: string;
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Blob;
  readonly signal?: AbortSignal | undefined;
}

const FORBIDDEN = new Set([401, 403]);
/** Request time-out and too many requests; with every status from 500 on, the ones that may pass by themselves. */
const TRANSIENT = new Set([408, 429]);
const MAX_REASON_CHARACTERS = 300;

/**
 * Sends the request once. Whatever the status, the answer is returned; a broken connection is
 * `OBJECT_STORE_UNAVAILABLE`, an aborted signal rejects with its reason.
 */
export async function sendStoreRequest(request: StoreRequest): Promise<Response> {
  const { method, url, headers = {}, body, signal } = request;
  return whileSending(request, () =>
    fetch(url, {
      method,
      headers,
      redirect: "error",
      ...(body !== undefined && { body: body as Uint8Array<ArrayBuffer> | Blob }),
      ...(signal && { signal }),
    }),
  );
}

/** The answer's body in full, with the same errors as sending. */
export async function bodyOf(request: StoreRequest, response: Response): Promise<Uint8Array> {
  return whileSending(request, async () => new Uint8Array(await response.arrayBuffer()));
}

/** Lets go of the connection of an answer whose body nobody wants. */
export async function discardBody(response: Response): Promise<void> {
  await response.arrayBuffer().catch(() => undefined); // the status is all that counted
}

async function whileSending<T>(request: StoreRequest, send: () => Promise<T>): Promise<T> {
  request.signal?.throwIfAborted();
  try {
    return await send();
  } catch (error) {
    if (request.signal?.aborted) throw request.signal.reason;
    if (isScouterError(error)) throw error;
    const { operation, key } = request;
    const reason = reasonOf(error);
    throw errors.OBJECT_STORE_UNAVAILABLE({ operation, key, reason }, { cause: error });
  }
}

/** fetch hides the reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** The error that an unwelcome status means. Reads the body. */
export async function refusalOf(
  request: Pick<StoreRequest, "operation" | "key">,
  response: Response,
): Promise<Error> {
  const text = await response.text().catch(() => "");
  return statusError(request, response.status, text);
}

/** The error of a status, told by the server's own words. */
export function statusError(
  { operation, key }: Pick<StoreRequest, "operation" | "key">,
  status: number,
  text: string,
): Error {
  const words = text.replace(/<[^>]*>|\s+/g, " ").trim();
  const reason = `HTTP ${status} ${words.slice(0, MAX_REASON_CHARACTERS)}`.trim();
  const parameters = { operation, key, reason };
  if (FORBIDDEN.has(status)) return errors.OBJECT_STORE_FORBIDDEN(parameters);
  if (status >= 500 || TRANSIENT.has(status)) return errors.OBJECT_STORE_UNAVAILABLE(parameters);
  return errors.OBJECT_STORE_REFUSED(parameters);
}
