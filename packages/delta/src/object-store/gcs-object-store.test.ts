import { objectStoreContract } from "@scouter/testkit/contract/object-store";
import { remoteObjectStoreContract } from "@scouter/testkit/contract/remote-object-store";
import { startGcsServer } from "@scouter/testkit/object-server/gcs-server";
import { GcsObjectStore } from "./gcs-object-store.ts";

function open(endpoint: string, bucket = "bucket") {
  return new GcsObjectStore({ bucket, endpoint });
}

objectStoreContract("GcsObjectStore", async () => {
  const server = await startGcsServer();
  return { store: open(server.url), other: open(server.url), close: () => server.close() };
});

remoteObjectStoreContract("GcsObjectStore", async () => {
  const server = await startGcsServer();
  const store = open(server.url);
  const elsewhere = open(server.url, "elsewhere");
  return { server, store, elsewhere, largeBytes: 300_000, failingRequest: 1 };
});
