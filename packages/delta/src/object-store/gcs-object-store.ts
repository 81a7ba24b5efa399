import { openAsBlob } from "node:fs";
import { errors } from "../errors.ts";
import {
  type StoreRequest,
  bodyOf,
  discardBody,
  refusalOf,
  sendStoreRequest,
} from "./http-request.ts";
import { loadLibrary } from "./load-library.ts";
import { checkObjectKey } from "./object-key.ts";
import type {
  CallOptions,
  ListOptions,
  ObjectHead,
  ObjectStore,
  ObjectStoreCapabilities,
} from "./object-store.ts";
import { RANGE_NOT_SATISFIABLE, rangeHeader } from "./remote-range.ts";

export interface GcsObjectStoreOptions {
  readonly bucket: string;
  /** Default `https://storage.googleapis.com`. */
  readonly endpoint?: string;
  /** Headers that prove who is asking, for each request; default none, as an emulator wants it. */
  readonly authorize?: () => Promise<Readonly<Record<string, string>>>;
}

const DEFAULT_ENDPOINT = "https://storage.googleapis.com";
const SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";

/** A store that authenticates as Google's own tools do: a key file, workload identity or the machine's identity. */
export async function openGcsObjectStore(
  options: Omit<GcsObjectStoreOptions, "authorize">,
): Promise<GcsObjectStore> {
  const { GoogleAuth } = await loadLibrary(
    "Google Cloud Storage",
    "google-auth-library",
    () => import("google-auth-library"),
  );
  const auth = new GoogleAuth({ scopes: SCOPE });
  const authorize = async () => {
    try {
      return Object.fromEntries(await auth.getRequestHeaders());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const parameters = { store: "Google Cloud Storage", reason };
      throw errors.OBJECT_STORE_CREDENTIALS_MISSING(parameters, { cause: error });
    }
  };
  return new GcsObjectStore({ ...options, authorize });
}

/**
 * Objects in a bucket of Google Cloud Storage, over its JSON interface. An upload is one request, of a file too, and
 * visible when it is answered.
 */
export class GcsObjectStore implements ObjectStore {
  readonly capabilities: ObjectStoreCapabilities = { durability: "power" };
  readonly #bucket: string;
  readonly #endpoint: string;
  readonly #authorize: () => Promise<Readonly<Record<string, string>>>;

  constructor(options: GcsObjectStoreOptions) {
    this.#bucket = encodeURIComponent(options.bucket);
    this.#endpoint = (options.endpoint ?? DEFAULT_ENDPOINT).replace(/\/+$/, "");
    this.#authorize = options.authorize ?? (async () => ({}));
  }

  async put(key: string, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    await this.#upload("put", key, bytes, {}, options);
  }

  /** Generation 0 is that of an object that does not exist. */
  async putIfAbsent(key: string, bytes: Uint8Array, options?: CallOptions): Promise<boolean> {
    const condition = { ifGenerationMatch: "0" };
    return (await this.#upload("putIfAbsent", key, bytes, condition, options, 412)) !== 412;
  }

  async get(key: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    return this.#read("get", key, options, {});
  }

  async getRange(
    key: string,
    start: number,
    end: number,
    options?: CallOptions,
  ): Promise<Uint8Array | undefined> {
    const range = rangeHeader(key, start, end);
    if (range !== undefined) return this.#read("getRange", key, options, { range });
    return (await this.head(key, options)) && new Uint8Array();
  }

  async head(key: string, options?: CallOptions): Promise<ObjectHead | undefined> {
    const url = this.#objectUrl(key, { fields: "name,size,updated" });
    const request = { operation: "head", key, method: "GET", url } as const;
    const { response, sent } = await this.#send(request, options, 404);
    if (response.status === 404) return missing(sent, response);
    return headOf(await jsonOf<ObjectResource>(sent, response));
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncIterable<ObjectHead> {
    const { startAfter } = options;
    let pageToken: string | undefined;
    do {
      const url = this.#url(`/storage/v1/b/${this.#bucket}/o`, {
        prefix,
        fields: "nextPageToken,items(name,size,updated)",
        // Inclusive there, exclusive in the port.
        ...(startAfter && { startOffset: startAfter }),
        ...(pageToken !== undefined && { pageToken }),
      });
      const request = { operation: "list", key: prefix, method: "GET", url } as const;
      const { response, sent } = await this.#send(request, options);
      const page = await jsonOf<ObjectPage>(sent, response);
      for (const item of page.items ?? []) if (item.name !== startAfter) yield headOf(item);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
  }

  async delete(key: string, options?: CallOptions): Promise<void> {
    const url = this.#objectUrl(key, {});
    const request = { operation: "delete", key, method: "DELETE", url } as const;
    const { response } = await this.#send(request, options, 404);
    await discardBody(response);
  }

  async putFile(key: string, path: string, options?: CallOptions): Promise<void> {
    await this.#upload("putFile", key, await openAsBlob(path), {}, options);
  }

  async #upload(
    operation: string,
    key: string,
    body: Uint8Array | Blob,
    condition: Readonly<Record<string, string>>,
    options: CallOptions | undefined,
    ...accepted: readonly number[]
  ): Promise<number> {
    checkObjectKey(key);
    const path = `/upload/storage/v1/b/${this.#bucket}/o`;
    const url = this.#url(path, { uploadType: "media", name: key, ...condition });
    const headers = { "content-type": "application/octet-stream" };
    const request = { operation, key, method: "POST", url, headers, body } as const;
    const { response } = await this.#send(request, options, ...accepted);
    await discardBody(response);
    return response.status;
  }

  async #read(
    operation: string,
    key: string,
    options: CallOptions | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Uint8Array | undefined> {
    const url = this.#objectUrl(key, { alt: "media" });
    const request = { operation, key, method: "GET", url, headers } as const;
    const { response, sent } = await this.#send(request, options, 404, RANGE_NOT_SATISFIABLE);
    if (response.status === 404) return missing(sent, response);
    if (response.ok) return bodyOf(sent, response);
    await discardBody(response);
    return new Uint8Array();
  }

  async #send(
    request: StoreRequest,
    options: CallOptions | undefined,
    ...accepted: readonly number[]
  ): Promise<{ readonly response: Response; readonly sent: StoreRequest }> {
    options?.signal?.throwIfAborted();
    const headers = { ...(await this.#authorize()), ...request.headers };
    const sent = { ...request, headers, signal: options?.signal };
    const response = await sendStoreRequest(sent);
    if (response.ok || accepted.includes(response.status)) return { response, sent };
    throw await refusalOf(request, response);
  }

  #objectUrl(key: string, query: Readonly<Record<string, string>>): URL {
    checkObjectKey(key);
    return this.#url(`/storage/v1/b/${this.#bucket}/o/${encodeURIComponent(key)}`, query);
  }

  #url(path: string, query: Readonly<Record<string, string>>): URL {
    return new URL(`${this.#endpoint}${path}?${new URLSearchParams(query).toString()}`);
  }
}

interface ObjectResource {
  readonly name: string;
  /** A decimal number as text. */
  readonly size: string;
  readonly updated: string;
}

interface ObjectPage {
  readonly items?: readonly ObjectResource[];
  readonly nextPageToken?: string;
}

function headOf({ name, size, updated }: ObjectResource): ObjectHead {
  return { key: name, sizeBytes: Number(size), modifiedAt: Date.parse(updated) };
}

async function jsonOf<T>(request: StoreRequest, response: Response): Promise<T> {
  const bytes = await bodyOf(request, response);
  return JSON.parse(Buffer.from(bytes).toString()) as T;
}

/** A missing bucket is a mistake in the configuration, not a missing object; both are 404, told apart by words alone. */
async function missing(request: StoreRequest, response: Response): Promise<undefined> {
  const text = Buffer.from(await bodyOf(request, response)).toString();
  if (!/bucket does not exist/i.test(text)) return undefined;
  const { operation, key } = request;
  throw errors.OBJECT_STORE_REFUSED({ operation, key, reason: "the bucket does not exist" });
}
