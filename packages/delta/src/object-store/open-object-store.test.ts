import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { systemClock } from "@scouter/contracts";
import { startAzureServer } from "@scouter/testkit/object-server/azure-server";
import { startGcsServer } from "@scouter/testkit/object-server/gcs-server";
import type { ObjectServer } from "@scouter/testkit/object-server/object-server";
import { startS3Server } from "@scouter/testkit/object-server/s3-server";
import { afterEach, describe, expect, it } from "vitest";
import { openObjectStore, parseStoreUri } from "./open-object-store.ts";
import { type StoreEnvironment, storeEnvironmentOf } from "./store-environment.ts";

const clock = { clock: systemClock, random: () => 0 };

describe("the address of a store", () => {
  it.each([
    ["memory:", { scheme: "memory" }],
    ["file:///data/lake", { scheme: "file", folder: "/data/lake" }],
    ["s3://bucket", { scheme: "s3", bucket: "bucket", folder: "" }],
    ["s3://bucket/", { scheme: "s3", bucket: "bucket", folder: "" }],
    ["gs://my-bucket.example/a/b/", { scheme: "gs", bucket: "my-bucket.example", folder: "a/b" }],
    ["az://container/lake", { scheme: "az", bucket: "container", folder: "lake" }],
  ])("'%s' is understood", (uri, expected) => {
    expect(parseStoreUri(uri)).toEqual(expected);
  });

  it.each([
    ["/data/lake", "has no scheme"],
    ["", "has no scheme"],
    ["ftp://host/folder", "unknown scheme 'ftp'"],
    ["s3:bucket", "names no bucket"],
    ["s3:///folder", "names no bucket"],
    ["s3://bucket/a//b", "'.' or '..'"],
    ["s3://bucket/../b", "'.' or '..'"],
    ["file://host/folder", "not the address of a local folder"],
  ])("'%s' is refused", (uri, reason) => {
    expect(() => parseStoreUri(uri)).toThrow(reason);
  });
});

describe("openObjectStore", () => {
  const servers: ObjectServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  const started = async (server: Promise<ObjectServer>) => {
    servers.push(await server);
    return (await server).url;
  };
  const remotes: readonly (readonly [string, () => Promise<StoreEnvironment>])[] = [
    [
      "s3://bucket/lake",
      async () => ({
        AWS_ENDPOINT_URL: await started(startS3Server()),
        AWS_ACCESS_KEY_ID: "key",
        AWS_SECRET_ACCESS_KEY: "secret",
      }),
    ],
    ["gs://bucket/lake", async () => ({ STORAGE_EMULATOR_HOST: await started(startGcsServer()) })],
    [
      "az://bucket/lake",
      async () => ({
        AZURE_STORAGE_CONNECTION_STRING: `AccountName=account;AccountKey=c2VjcmV0;BlobEndpoint=${await started(startAzureServer())}/account`,
      }),
    ],
  ];
  it.each(remotes)("opens %s by the vendor's variables", async (uri, makeEnvironment) => {
    const environment = await makeEnvironment();
    const store = await openObjectStore(uri, { ...clock, environment });
    expect(await store.putIfAbsent("a/b", Buffer.from("x"))).toBe(true);
    const root = await openObjectStore(uri.replace("/lake", ""), { ...clock, environment });
    expect(await root.head("lake/a/b")).toMatchObject({ sizeBytes: 1 });
  });

  it("opens a folder and memory", async () => {
    const folder = await mkdtemp(join(tmpdir(), "open-object-store-"));
    try {
      const store = await openObjectStore(pathToFileURL(join(folder, "a b")).href, clock);
      expect(store.capabilities.localRoot).toBe(join(folder, "a b"));
      expect((await openObjectStore("memory:", clock)).capabilities.durability).toBe("none");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says which variable an Azure account is missing", async () => {
    await expect(openObjectStore("az://container", clock)).rejects.toMatchObject({
      code: "OBJECT_STORE_CREDENTIALS_MISSING",
    });
  });

  it("takes the vendors' variables from an environment and leaves the rest", () => {
    const environment = {
      AWS_REGION: "x",
      AZURE_STORAGE_KEY: "y",
      GOOGLE_B: "",
      DATABASE_URI: "z",
      PATH: "p",
    };
    expect(storeEnvironmentOf(environment)).toEqual({ AWS_REGION: "x", AZURE_STORAGE_KEY: "y" });
  });
});
