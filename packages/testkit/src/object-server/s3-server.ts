import { createHash, randomUUID } from "node:crypto";
import {
  type ObjectReply,
  type ObjectRequest,
  type ObjectServer,
  startObjectServer,
} from "./object-server.ts";
import { type StoredObject, StoredObjects, isAfterKey, rangeOf } from "./stored-objects.ts";

/** Small, so that a listing of a few hundred objects has pages. */
const PAGE = 100;

interface S3State {
  readonly bucket: string;
  readonly objects: StoredObjects;
  readonly uploads: Map<string, Map<number, Buffer>>;
  readonly ignoresConditions: boolean;
}

export interface S3ServerOptions {
  /** As some compatible stores do: a put that must not replace anything replaces. No Delta log is safe there. */
  readonly ignoresConditions?: boolean;
}

/** The part of Amazon S3's REST interface that our store uses; one bucket, path style, any signed request. */
export function startS3Server(
  bucket = "bucket",
  { ignoresConditions = false }: S3ServerOptions = {},
): Promise<ObjectServer> {
  const objects = new StoredObjects();
  const state: S3State = { bucket, objects, uploads: new Map(), ignoresConditions };
  return startObjectServer((request) => reply(state, request));
}

function reply(state: S3State, request: ObjectRequest): ObjectReply {
  const { method, url, headers } = request;
  if (!headers["authorization"]?.startsWith("AWS4-HMAC-SHA256 "))
    return failure(403, "AccessDenied");
  if (headers["content-encoding"]?.includes("aws-chunked")) return failure(501, "NotImplemented");
  const [, bucket = "", ...rest] = url.pathname.split("/").map(decodeURIComponent);
  if (bucket !== state.bucket) return failure(404, "NoSuchBucket");
  const key = rest.join("/");
  if (key === "") return method === "GET" ? list(state, url) : failure(405, "MethodNotAllowed");
  const uploadId = url.searchParams.get("uploadId");
  if (uploadId !== null || url.searchParams.has("uploads")) {
    return multipart(state, request, key, uploadId);
  }
  switch (method) {
    case "PUT":
      return put(state, request, key);
    case "GET":
    case "HEAD":
      return read(state.objects.get(key), headers["range"]);
    case "DELETE":
      state.objects.delete(key);
      return { status: 204 };
    default:
      return failure(405, "MethodNotAllowed");
  }
}

function put(state: S3State, { headers, body }: ObjectRequest, key: string): ObjectReply {
  const { objects, ignoresConditions } = state;
  if (headers["if-none-match"] !== "*" || ignoresConditions) objects.put(key, body);
  else if (!objects.putIfAbsent(key, body)) return failure(412, "PreconditionFailed");
  return { status: 200, headers: { etag: etagOf(body) } };
}

function read(stored: StoredObject | undefined, range: string | undefined): ObjectReply {
  if (!stored) return failure(404, "NoSuchKey");
  const bytes = rangeOf(stored.bytes, range);
  if (!bytes) return failure(416, "InvalidRange");
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      etag: etagOf(stored.bytes),
      "content-length": String(bytes.length),
      "last-modified": new Date(stored.modifiedAt).toUTCString(),
    },
    body: bytes,
  };
}

function list({ objects }: S3State, url: URL): ObjectReply {
  const query = url.searchParams;
  const token = query.get("continuation-token");
  const start = token === null ? query.get("start-after") : keyOf(token);
  const page = objects.page(query.get("prefix") ?? "", isAfterKey(start), PAGE);
  const contents = page.objects.map(
    ({ key, bytes, modifiedAt }) =>
      `<Contents><Key>${encodeURIComponent(key)}</Key><Size>${bytes.length}</Size>` +
      `<LastModified>${new Date(modifiedAt).toISOString()}</LastModified></Contents>`,
  );
  const next =
    page.next === undefined
      ? ""
      : `<NextContinuationToken>${tokenOf(page.next)}</NextContinuationToken>`;
  const truncated = `<IsTruncated>${page.next !== undefined}</IsTruncated>`;
  return xml(
    `<ListBucketResult><EncodingType>url</EncodingType>${truncated}${next}${contents.join("")}</ListBucketResult>`,
  );
}

/** Opaque to clients, whatever characters the key has. */
function tokenOf(key: string): string {
  return Buffer.from(key).toString("base64url");
}
function keyOf(token: string): string {
  return Buffer.from(token, "base64url").toString();
}

function multipart(
  state: S3State,
  request: ObjectRequest,
  key: string,
  uploadId: string | null,
): ObjectReply {
  if (uploadId === null) {
    const id = randomUUID();
    state.uploads.set(id, new Map());
    return xml(
      `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  }
  const parts = state.uploads.get(uploadId);
  if (!parts) return failure(404, "NoSuchUpload");
  if (request.method === "PUT") {
    parts.set(Number(request.url.searchParams.get("partNumber")), request.body);
    return { status: 200, headers: { etag: etagOf(request.body) } };
  }
  state.uploads.delete(uploadId);
  if (request.method === "DELETE") return { status: 204 };
  const asked = Array.from(
    request.body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g),
    ([, number]) => parts.get(Number(number)),
  );
  const known = asked.filter((part) => part !== undefined);
  if (known.length === 0 || known.length !== asked.length) return failure(400, "InvalidPart");
  state.objects.put(key, Buffer.concat(known));
  return xml("<CompleteMultipartUploadResult><ETag>whole</ETag></CompleteMultipartUploadResult>");
}

function etagOf(bytes: Buffer): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

function xml(content: string): ObjectReply {
  return { status: 200, headers: { "content-type": "application/xml" }, body: content };
}

function failure(status: number, code: string): ObjectReply {
  const body = `<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml" }, body };
}
