import {
  type ObjectReply,
  type ObjectRequest,
  type ObjectServer,
  startObjectServer,
} from "./object-server.ts";
import { type StoredObject, StoredObjects, rangeOf } from "./stored-objects.ts";

/** Small, so that a listing of a few hundred objects has pages. */
const PAGE = 100;

/** The part of Google Cloud Storage's JSON interface that our store uses; one bucket. */
export function startGcsServer(bucket = "bucket"): Promise<ObjectServer> {
  const objects = new StoredObjects();
  const base = `/storage/v1/b/${bucket}/o`;
  return startObjectServer((request) => {
    const { pathname } = request.url;
    if (pathname === `/upload${base}`) return upload(objects, request);
    if (pathname === base) return list(objects, request.url);
    if (!pathname.startsWith(`${base}/`))
      return failure(404, "The specified bucket does not exist.");
    return onObject(objects, request, decodeURIComponent(pathname.slice(base.length + 1)));
  });
}

function upload(objects: StoredObjects, { url, body, method }: ObjectRequest): ObjectReply {
  const name = url.searchParams.get("name");
  if (method !== "POST" || !name || url.searchParams.get("uploadType") !== "media") {
    return failure(400, "only media uploads with a name");
  }
  const generation = url.searchParams.get("ifGenerationMatch");
  if (generation === null) objects.put(name, body);
  else if (generation !== "0") return failure(400, "only generation 0");
  else if (!objects.putIfAbsent(name, body)) return failure(412, "conditionNotMet");
  return json({ name });
}

function list(objects: StoredObjects, url: URL): ObjectReply {
  const start = url.searchParams.get("pageToken") ?? url.searchParams.get("startOffset") ?? "";
  const isAfter = url.searchParams.has("pageToken")
    ? (key: Buffer) => Buffer.compare(key, Buffer.from(start)) > 0
    : (key: Buffer) => Buffer.compare(key, Buffer.from(start)) >= 0;
  const page = objects.page(url.searchParams.get("prefix") ?? "", isAfter, PAGE);
  return json({
    ...(page.objects.length > 0 && { items: page.objects.map(resourceOf) }),
    ...(page.next !== undefined && { nextPageToken: page.next }),
  });
}

function onObject(objects: StoredObjects, request: ObjectRequest, key: string): ObjectReply {
  const stored = objects.get(key);
  if (!stored) return failure(404, `No such object: ${key}`);
  if (request.method === "DELETE") {
    objects.delete(key);
    return { status: 204 };
  }
  if (request.url.searchParams.get("alt") !== "media") return json(resourceOf(stored));
  const range = request.headers["range"];
  const bytes = rangeOf(stored.bytes, range);
  return bytes
    ? { status: range === undefined ? 200 : 206, body: bytes }
    : failure(416, "requested range not satisfiable");
}

function resourceOf({ key, bytes, modifiedAt }: StoredObject) {
  return { name: key, size: String(bytes.length), updated: new Date(modifiedAt).toISOString() };
}

function json(value: unknown): ObjectReply {
  const headers = { "content-type": "application/json" };
  return { status: 200, headers, body: JSON.stringify(value) };
}

function failure(status: number, message: string): ObjectReply {
  const headers = { "content-type": "application/json" };
  return { status, headers, body: JSON.stringify({ error: { code: status, message } }) };
}
