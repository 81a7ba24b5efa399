import { openAsBlob } from "node:fs";
import type { Clock } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { AzureAuthorization } from "./azure-authorization.ts";
import { parseBlobPage } from "./azure-blob-page.ts";
import {
  type StoreRequest,
  bodyOf,
  discardBody,
  refusalOf,
  sendStoreRequest,
} from "./http-request.ts";
import { checkObjectKey, compareKeys } from "./object-key.ts";
import type {
  CallOptions,
  ListOptions,
  ObjectHead,
  ObjectStore,
  ObjectStoreCapabilities,
} from "./object-store.ts";
import { RANGE_NOT_SATISFIABLE, rangeHeader } from "./remote-range.ts";

export interface AzureObjectStoreOptions {
  readonly container: string;
  /** Of the account, such as `https://account.blob.core.windows.net`; the container follows. */
  readonly endpoint: string;
  readonly authorization: AzureAuthorization;
  readonly clock: Clock;
}

/** Uploads of up to 5,000 MiB in one request, and conditions on all of them. */
const API_VERSION = "2021-12-02";

/**
 * Objects in a container of Azure Blob Storage, over its REST interface. An upload is one request, of a file too, and
 * visible when it is answered.
 *
 * Accounts with a hierarchical namespace list folder by folder, so a listing is not in byte order there, and the
 * service cannot begin a listing at a key: both are made up for here, by sorting each page and passing over what comes
 * before the start. Logs do not depend on the order.
 */
export class AzureObjectStore implements ObjectStore {
  readonly capabilities: ObjectStoreCapabilities = { durability: "power" };
  readonly #container: string;
  readonly #authorization: AzureAuthorization;
  readonly #clock: Clock;

  constructor(options: AzureObjectStoreOptions) {
    const { endpoint, container } = options;
    this.#container = `${endpoint.replace(/\/+$/, "")}/${encodeURIComponent(container)}`;
    this.#authorization = options.authorization;
    this.#clock = options.clock;
  }

  async put(key: string, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    await this.#upload("put", key, bytes, {}, options);
  }

  async putIfAbsent(key: string, bytes: Uint8Array, options?: CallOptions): Promise<boolean> {
    // The service says 409 where the object exists, and 412 where it came into being meanwhile.
    const condition = { "if-none-match": "*" };
    const answer = await this.#upload("putIfAbsent", key, bytes, condition, options, 409, 412);
    if (answer.status !== 409 || answer.code === "BlobAlreadyExists") return answer.status === 201;
    throw errors.OBJECT_STORE_UNAVAILABLE({
      operation: "putIfAbsent",
      key,
      reason: `HTTP 409 ${answer.code}`,
    });
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
    // Their own header: the service wants its form of the range signed.
    if (range !== undefined) return this.#read("getRange", key, options, { "x-ms-range": range });
    return (await this.head(key, options)) && new Uint8Array();
  }

  async head(key: string, options?: CallOptions): Promise<ObjectHead | undefined> {
    const request = { operation: "head", key, method: "HEAD", url: this.#url(key) } as const;
    const response = await this.#send(request, options, 404);
    await discardBody(response);
    if (response.status === 404) return this.#missing(request, response);
    return {
      key,
      sizeBytes: Number(response.headers.get("content-length")),
      modifiedAt: Date.parse(response.headers.get("last-modified") ?? ""),
    };
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncIterable<ObjectHead> {
    const { startAfter } = options;
    let marker: string | undefined;
    do {
      const url = new URL(this.#container);
      url.searchParams.set("restype", "container");
      url.searchParams.set("comp", "list");
      url.searchParams.set("prefix", prefix);
      if (marker !== undefined) url.searchParams.set("marker", marker);
      const request = { operation: "list", key: prefix, method: "GET", url } as const;
      const response = await this.#send(request, options);
      const page = parseBlobPage(Buffer.from(await bodyOf(request, response)).toString());
      for (const head of page.heads.toSorted((a, b) => compareKeys(a.key, b.key))) {
        options.signal?.throwIfAborted();
        if (startAfter === undefined || compareKeys(head.key, startAfter) > 0) yield head;
      }
      marker = page.nextMarker;
    } while (marker !== undefined);
  }

  async delete(key: string, options?: CallOptions): Promise<void> {
    const headers = { "x-ms-delete-snapshots": "include" };
    const request = { operation: "delete", key, method: "DELETE", url: this.#url(key), headers };
    await discardBody(await this.#send({ ...request, method: "DELETE" }, options, 404));
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
  ): Promise<{ readonly status: number; readonly code: string }> {
    const headers = {
      "content-type": "application/octet-stream",
      "x-ms-blob-type": "BlockBlob",
      ...condition,
    };
    const url = this.#url(key);
    const request = { operation, key, method: "PUT", url, headers, body } as const;
    const response = await this.#send(request, options, ...accepted);
    await discardBody(response);
    return { status: response.status, code: response.headers.get("x-ms-error-code") ?? "" };
  }

  async #read(
    operation: string,
    key: string,
    options: CallOptions | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Uint8Array | undefined> {
    const request = { operation, key, method: "GET", url: this.#url(key), headers } as const;
    const response = await this.#send(request, options, 404, RANGE_NOT_SATISFIABLE);
    if (response.ok) return bodyOf({ ...request, signal: options?.signal }, response);
    await discardBody(response);
    return response.status === 404 ? this.#missing(request, response) : new Uint8Array();
  }

  async #send(
    request: StoreRequest,
    options: CallOptions | undefined,
    ...accepted: readonly number[]
  ): Promise<Response> {
    options?.signal?.throwIfAborted();
    const sent = await this.#authorization.authorize({
      ...request,
      signal: options?.signal,
      headers: {
        ...request.headers,
        "x-ms-version": API_VERSION,
        "x-ms-date": new Date(this.#clock.now()).toUTCString(),
      },
    });
    const response = await sendStoreRequest(sent);
    if (response.ok || accepted.includes(response.status)) return response;
    throw await refusalOf(request, response);
  }

  #url(key: string): URL {
    checkObjectKey(key);
    const path = key.split("/").map(encodeURIComponent).join("/");
    return new URL(`${this.#container}/${path}`);
  }

  /** A missing container is a mistake in the configuration, not a missing object. */
  #missing({ operation, key }: StoreRequest, response: Response): undefined {
    if (response.headers.get("x-ms-error-code") !== "ContainerNotFound") return undefined;
    throw errors.OBJECT_STORE_REFUSED({ operation, key, reason: "the container does not exist" });
  }
}
