import { objectStoreContract } from "@scouter/testkit/contract/object-store";
import { remoteObjectStoreContract } from "@scouter/testkit/contract/remote-object-store";
import { startS3Server } from "@scouter/testkit/object-server/s3-server";
import { describe, expect, it } from "vitest";
import { openS3ObjectStore } from "./s3-object-store.ts";

const PART_BYTES = 64 * 1024;

function open(endpoint: string, bucket = "bucket") {
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  const options = { bucket, endpoint, credentials, region: "us-east-1", partBytes: PART_BYTES };
  return openS3ObjectStore(options);
}

objectStoreContract("S3ObjectStore", async () => {
  const server = await startS3Server();
  const close = () => server.close();
  return { store: await open(server.url), other: await open(server.url), close };
});

remoteObjectStoreContract("S3ObjectStore", async () => {
  const server = await startS3Server();
  return {
    server,
    store: await open(server.url),
    elsewhere: await open(server.url, "elsewhere"),
    largeBytes: 5 * PART_BYTES + 17,
    failingRequest: 3,
  };
});

describe("S3ObjectStore", () => {
  it("throws away the parts of an upload that failed", async () => {
    const server = await startS3Server();
    try {
      const store = await open(server.url);
      server.misbehave(({ url }) => (url.searchParams.has("partNumber") ? "refuse" : undefined));
      const path = process.execPath; // larger than a part
      await expect(store.putFile("f", path)).rejects.toMatchObject({ kind: "unavailable" });
      expect(server.requests.at(-1)?.method).toBe("DELETE");
    } finally {
      await server.close();
    }
  });
});
