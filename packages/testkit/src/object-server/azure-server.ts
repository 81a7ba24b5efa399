import {
  type ObjectReply,
  type ObjectRequest,
  type ObjectServer,
  startObjectServer,
} from "./object-server.ts";
import {
  type StoredObject,
  StoredObjects,
  isAfterKey,
  rangeOf,
  xmlText,
} from "./stored-objects.ts";

/** Small, so that a listing of a few hundred objects has pages. */
const PAGE = 100;

/** The part of Azure Blob Storage's REST interface that our store uses: one account in the path, one container. */
export function startAzureServer(account = "account", container = "bucket"): Promise<ObjectServer> {
  const objects = new StoredObjects();
  return startObjectServer((request) => {
    const { url, method, headers } = request;
    if (!headers["authorization"] && !url.searchParams.has("sig"))
      return failure(403, "NoAuthenticationInformation");
    if (!headers["x-ms-version"]) return failure(400, "MissingRequiredHeader");
    const [, givenAccount, givenContainer, ...rest] = url.pathname
      .split("/")
      .map(decodeURIComponent);
    if (givenAccount !== account || givenContainer !== container)
      return failure(404, "ContainerNotFound");
    const key = rest.join("/");
    if (key === "")
      return url.searchParams.get("comp") === "list"
        ? list(objects, url)
        : failure(400, "InvalidUri");
    if (method === "PUT") return put(objects, request, key);
    return onBlob(objects, request, key);
  });
}

function put(objects: StoredObjects, { headers, body }: ObjectRequest, key: string): ObjectReply {
  if (headers["x-ms-blob-type"] !== "BlockBlob") return failure(400, "MissingRequiredHeader");
  if (headers["if-none-match"] !== "*") objects.put(key, body);
  else if (!objects.putIfAbsent(key, body)) return failure(409, "BlobAlreadyExists");
  return { status: 201 };
}

function onBlob(objects: StoredObjects, request: ObjectRequest, key: string): ObjectReply {
  const stored = objects.get(key);
  if (!stored) return failure(404, "BlobNotFound");
  switch (request.method) {
    case "DELETE":
      objects.delete(key);
      return { status: 202 };
    case "HEAD":
      return { status: 200, headers: headersOf(stored, stored.bytes) };
    default: {
      const range = request.headers["x-ms-range"];
      const bytes = rangeOf(stored.bytes, range);
      if (!bytes) return failure(416, "InvalidRange");
      return {
        status: range === undefined ? 200 : 206,
        headers: headersOf(stored, bytes),
        body: bytes,
      };
    }
  }
}

function headersOf({ modifiedAt }: StoredObject, bytes: Buffer) {
  const lastModified = new Date(modifiedAt).toUTCString();
  return { "content-length": String(bytes.length), "last-modified": lastModified };
}

function list(objects: StoredObjects, url: URL): ObjectReply {
  const page = objects.page(
    url.searchParams.get("prefix") ?? "",
    isAfterKey(url.searchParams.get("marker")),
    PAGE,
  );
  const blobs = page.objects.map(
    ({ key, bytes, modifiedAt }) =>
      `<Blob><Name>${xmlText(key)}</Name><Properties><Last-Modified>${new Date(modifiedAt).toUTCString()}</Last-Modified>` +
      `<Content-Length>${bytes.length}</Content-Length></Properties></Blob>`,
  );
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: `<EnumerationResults><Blobs>${blobs.join("")}</Blobs><NextMarker>${xmlText(page.next ?? "")}</NextMarker></EnumerationResults>`,
  };
}

function failure(status: number, code: string): ObjectReply {
  const headers = { "content-type": "application/xml", "x-ms-error-code": code };
  return { status, headers, body: `<Error><Code>${code}</Code></Error>` };
}
