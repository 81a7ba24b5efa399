import { open } from "node:fs/promises";
import type * as S3 from "@aws-sdk/client-s3";
import { isScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { statusError } from "./http-request.ts";
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
import type { S3Library, S3Target, Sending } from "./s3-call.ts";
import { uploadParts } from "./s3-multipart.ts";

export interface S3ObjectStoreOptions {
  readonly bucket: string;
  /** Default: what the library finds in the environment or the shared configuration. */
  readonly region?: string;
  /** Of a compatible store, such as `http://minio:9000`; the bucket is then part of the path. */
  readonly endpoint?: string;
  /** Default: the library's chain (environment, shared files, web identity, container, instance). */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Files larger than this are uploaded in parts of this size; default 16 MiB, at least 5 MiB on S3 itself. */
  readonly partBytes?: number;
}

const DEFAULT_PART_BYTES = 16 * 2 ** 20;
/** S3 answers 409 to a conditional put that met another one under way: nothing was stored, and it asks for a repeat. */
const CONFLICT_REPEATS = 5;

/** Loads the client library and makes a store; nothing is sent yet. */
export async function openS3ObjectStore(options: S3ObjectStoreOptions): Promise<S3ObjectStore> {
  const library = await loadLibrary("S3", "@aws-sdk/client-s3", () => import("@aws-sdk/client-s3"));
  const { region, endpoint, credentials } = options;
  const client = new library.S3Client({
    // Repeats are the caller's: one of a conditional put hides whether the first was stored.
    maxAttempts: 1,
    // Compatible stores refuse the newer checksums, which travel in a trailer.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
  });
  return new S3ObjectStore(library, client, options);
}

/** Objects in a bucket of Amazon S3 or of a store that speaks its language, conditional puts included. */
export class S3ObjectStore implements ObjectStore {
  readonly capabilities: ObjectStoreCapabilities = { durability: "power" };
  readonly #library: S3Library;
  readonly #client: S3.S3Client;
  readonly #bucket: string;
  readonly #partBytes: number;

  constructor(library: S3Library, client: S3.S3Client, options: S3ObjectStoreOptions) {
    this.#library = library;
    this.#client = client;
    this.#bucket = options.bucket;
    this.#partBytes = options.partBytes ?? DEFAULT_PART_BYTES;
  }

  async put(key: string, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    await this.#call("put", key, options, (target, sending) =>
      this.#client.send(new this.#library.PutObjectCommand({ ...target, Body: bytes }), sending),
    );
  }

  async putIfAbsent(key: string, bytes: Uint8Array, options?: CallOptions): Promise<boolean> {
    for (let repeats = 0; ; repeats++) {
      const status = await this.#call(
        "putIfAbsent",
        key,
        options,
        async (target, sending) => {
          const parameters = { ...target, Body: bytes, IfNoneMatch: "*" };
          await this.#client.send(new this.#library.PutObjectCommand(parameters), sending);
          return 200;
        },
        (failed) =>
          failed === 412 || (failed === 409 && repeats < CONFLICT_REPEATS) ? failed : undefined,
      );
      if (status !== 409) return status === 200;
    }
  }

  async get(key: string, options?: CallOptions): Promise<Uint8Array | undefined> {
    return this.#read("get", key, options, undefined);
  }

  async getRange(
    key: string,
    start: number,
    end: number,
    options?: CallOptions,
  ): Promise<Uint8Array | undefined> {
    const range = rangeHeader(key, start, end);
    if (range !== undefined) return this.#read("getRange", key, options, range);
    return (await this.head(key, options)) && new Uint8Array();
  }

  async head(key: string, options?: CallOptions): Promise<ObjectHead | undefined> {
    return this.#call(
      "head",
      key,
      options,
      async (target, sending) => {
        const found = await this.#client.send(new this.#library.HeadObjectCommand(target), sending);
        return headOf(key, found.ContentLength, found.LastModified);
      },
      missing,
    );
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncIterable<ObjectHead> {
    let token: string | undefined;
    do {
      const page = await this.#translated("list", prefix, options, (sending) =>
        this.#client.send(
          new this.#library.ListObjectsV2Command({
            Bucket: this.#bucket,
            Prefix: prefix,
            // Without it a key with a character that XML cannot hold makes the whole page unreadable.
            EncodingType: "url",
            ...(options.startAfter && { StartAfter: options.startAfter }),
            ...(token !== undefined && { ContinuationToken: token }),
          }),
          sending,
        ),
      );
      const decode = page.EncodingType === "url" ? decodeFormText : (text: string) => text;
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        if (Key !== undefined) yield headOf(decode(Key), Size, LastModified);
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async delete(key: string, options?: CallOptions): Promise<void> {
    await this.#call("delete", key, options, (target, sending) =>
      this.#client.send(new this.#library.DeleteObjectCommand(target), sending),
    );
  }

  /** A file of more than one part becomes visible whole, when its parts are put together. */
  async putFile(key: string, path: string, options?: CallOptions): Promise<void> {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      await this.#call("putFile", key, options, async (target, sending) => {
        if (size <= this.#partBytes) {
          const Body = await file.readFile();
          await this.#client.send(new this.#library.PutObjectCommand({ ...target, Body }), sending);
          return;
        }
        const upload = { library: this.#library, client: this.#client, target, sending };
        await uploadParts(upload, file, size, this.#partBytes);
      });
    } finally {
      await file.close();
    }
  }

  #read(operation: string, key: string, options: CallOptions | undefined, range?: string) {
    return this.#call(
      operation,
      key,
      options,
      async (target, sending) => {
        const command = new this.#library.GetObjectCommand({
          ...target,
          ...(range !== undefined && { Range: range }),
        });
        const { Body } = await this.#client.send(command, sending);
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      },
      (status) => (status === RANGE_NOT_SATISFIABLE ? new Uint8Array() : undefined),
      missing,
    );
  }

  /** `answers` map the status of an expected failure to an answer; the first that knows it decides. */
  async #call<T>(
    operation: string,
    key: string,
    options: CallOptions | undefined,
    call: (target: S3Target, sending: Sending) => Promise<T>,
    ...answers: readonly ((status: number, code: string) => T | undefined | typeof ABSENT)[]
  ): Promise<T> {
    options?.signal?.throwIfAborted();
    checkObjectKey(key);
    try {
      const target = { Bucket: this.#bucket, Key: key };
      return await this.#translated(operation, key, options, (sending) => call(target, sending));
    } catch (error) {
      const failed = isScouterError(error) && serviceException(error.cause);
      if (!failed) throw error;
      for (const answer of answers) {
        const found = answer(failed.$metadata.httpStatusCode ?? 0, failed.name);
        if (found === ABSENT) return undefined as T;
        if (found !== undefined) return found;
      }
      throw error;
    }
  }

  async #translated<T>(
    operation: string,
    key: string,
    options: CallOptions | undefined,
    call: (sending: Sending) => Promise<T>,
  ): Promise<T> {
    const signal = options?.signal;
    signal?.throwIfAborted();
    try {
      return await call(signal ? { abortSignal: signal } : {});
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw translated(error, operation, key);
    }
  }
}

const ABSENT = Symbol("absent");

/** A missing bucket is a mistake in the configuration, not a missing object. */
function missing(status: number, code: string): typeof ABSENT | undefined {
  return status === 404 && code !== "NoSuchBucket" ? ABSENT : undefined;
}

function serviceException(error: unknown): S3.S3ServiceException | undefined {
  const isOfService = error instanceof Error && "$metadata" in error;
  return isOfService ? (error as S3.S3ServiceException) : undefined;
}

function translated(error: unknown, operation: string, key: string): unknown {
  if (isScouterError(error) || !(error instanceof Error)) return error;
  const status = serviceException(error)?.$metadata.httpStatusCode;
  const words = `${error.name} ${error.message}`;
  if (error.name === "CredentialsProviderError") {
    return errors.OBJECT_STORE_CREDENTIALS_MISSING(
      { store: "S3", reason: error.message },
      { cause: error },
    );
  }
  if (status !== undefined && status >= 300) {
    const made = statusError({ operation, key }, status, words);
    made.cause = error;
    return made;
  }
  return errors.OBJECT_STORE_UNAVAILABLE({ operation, key, reason: words }, { cause: error });
}

function headOf(key: string, sizeBytes = 0, modifiedAt = new Date(0)): ObjectHead {
  return { key, sizeBytes, modifiedAt: modifiedAt.getTime() };
}

function decodeFormText(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
