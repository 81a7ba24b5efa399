import { fileURLToPath } from "node:url";
import type { Clock } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { AzureObjectStore } from "./azure-object-store.ts";
import { azureAccountOf } from "./azure-identity.ts";
import { GcsObjectStore, openGcsObjectStore } from "./gcs-object-store.ts";
import { openLocalObjectStore } from "./local-object-store.ts";
import { MemoryObjectStore } from "./memory-object-store.ts";
import type { ObjectStore } from "./object-store.ts";
import { PrefixObjectStore } from "./prefix-object-store.ts";
import { RetryingObjectStore } from "./retrying-object-store.ts";
import { openS3ObjectStore } from "./s3-object-store.ts";
import { type StoreEnvironment, storeEnvironmentOf } from "./store-environment.ts";

export interface OpenObjectStoreOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1): jitters the pauses between attempts. */
  readonly random: () => number;
  /** The vendors' variables for endpoints, regions and credentials; none by default. */
  readonly environment?: StoreEnvironment;
}

/**
 * The store of an address: `file:///folder`, `s3://bucket/folder`, `gs://bucket/folder`, `az://container/folder` or
 * `memory:`. Remote ones repeat calls that may succeed the next time.
 *
 * @throws OBJECT_STORE_URI_INVALID, OBJECT_STORE_CREDENTIALS_MISSING, OBJECT_STORE_LIBRARY_MISSING
 */
export async function openObjectStore(
  uri: string,
  options: OpenObjectStoreOptions,
): Promise<ObjectStore> {
  const address = parseStoreUri(uri);
  if (address.scheme === "memory") return new MemoryObjectStore(options.clock);
  if (address.scheme === "file") return openLocalObjectStore(address.folder);
  const remote = new RetryingObjectStore(await openRemote(address, options), options);
  return address.folder === "" ? remote : new PrefixObjectStore(remote, address.folder);
}

export type StoreAddress =
  | { readonly scheme: "memory" }
  | { readonly scheme: "file"; readonly folder: string }
  | RemoteStoreAddress;

export interface RemoteStoreAddress {
  readonly scheme: "s3" | "gs" | "az";
  readonly bucket: string;
  /** A key without slashes at its ends; "" is the bucket itself. */
  readonly folder: string;
}

/** @throws OBJECT_STORE_URI_INVALID */
export function parseStoreUri(uri: string): StoreAddress {
  if (uri === "memory:") return { scheme: "memory" };
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) throw errors.OBJECT_STORE_URI_INVALID({ uri, reason: "has no scheme" });
  if (scheme === "file") return { scheme, folder: localFolder(uri) };
  if (scheme === "s3" || scheme === "gs" || scheme === "az") return remoteAddress(scheme, uri);
  throw errors.OBJECT_STORE_URI_INVALID({ uri, reason: `has the unknown scheme '${scheme}'` });
}

function localFolder(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (error) {
    const reason = "is not the address of a local folder";
    throw errors.OBJECT_STORE_URI_INVALID({ uri, reason }, { cause: error });
  }
}

function remoteAddress(scheme: "s3" | "gs" | "az", uri: string): RemoteStoreAddress {
  const [, bucket = "", path = ""] = /^[a-z0-9]+:\/\/([^/?#]*)(?:\/([^?#]*))?$/i.exec(uri) ?? [];
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(bucket)) {
    throw errors.OBJECT_STORE_URI_INVALID({ uri, reason: "names no bucket or container" });
  }
  const folder = path.replace(/\/+$/, "");
  if (/(^|\/)(\.{0,2})(\/|$)/.test(folder) && folder !== "") {
    throw errors.OBJECT_STORE_URI_INVALID({ uri, reason: "has an empty, '.' or '..' folder" });
  }
  return { scheme, bucket, folder };
}

function openRemote(
  { scheme, bucket }: RemoteStoreAddress,
  options: OpenObjectStoreOptions,
): Promise<ObjectStore> {
  const environment = storeEnvironmentOf(options.environment ?? {});
  switch (scheme) {
    case "s3":
      return openS3(bucket, environment);
    case "gs":
      return openGcs(bucket, environment);
    case "az":
      return openAzure(bucket, environment, options.clock);
  }
}

/** What a compatible store that knows no regions is told. */
const NO_REGION = "us-east-1";

function openS3(bucket: string, environment: StoreEnvironment): Promise<ObjectStore> {
  const endpoint = environment["AWS_ENDPOINT_URL_S3"] ?? environment["AWS_ENDPOINT_URL"];
  const region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"];
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = environment["AWS_SECRET_ACCESS_KEY"];
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  const known = region ?? (endpoint === undefined ? undefined : NO_REGION);
  return openS3ObjectStore({
    bucket,
    ...(known !== undefined && { region: known }),
    ...(endpoint !== undefined && { endpoint }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && {
        credentials: {
          accessKeyId,
          secretAccessKey,
          ...(sessionToken !== undefined && { sessionToken }),
        },
      }),
  });
}

async function openGcs(bucket: string, environment: StoreEnvironment): Promise<ObjectStore> {
  const emulator = environment["STORAGE_EMULATOR_HOST"];
  if (emulator === undefined) return openGcsObjectStore({ bucket });
  const endpoint = emulator.includes("://") ? emulator : `http://${emulator}`;
  return new GcsObjectStore({ bucket, endpoint });
}

async function openAzure(
  container: string,
  environment: StoreEnvironment,
  clock: Clock,
): Promise<ObjectStore> {
  return new AzureObjectStore({ container, clock, ...azureAccountOf(environment, clock) });
}
