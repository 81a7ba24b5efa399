import { systemClock } from "@scouter/contracts";
import { objectStoreContract } from "@scouter/testkit/contract/object-store";
import { remoteObjectStoreContract } from "@scouter/testkit/contract/remote-object-store";
import { startAzureServer } from "@scouter/testkit/object-server/azure-server";
import { sharedKeyAuthorization } from "./azure-authorization.ts";
import { AzureObjectStore } from "./azure-object-store.ts";

function open(url: string, container = "bucket") {
  const authorization = sharedKeyAuthorization("account", "c2VjcmV0");
  const endpoint = `${url}/account`;
  return new AzureObjectStore({ container, endpoint, authorization, clock: systemClock });
}

objectStoreContract("AzureObjectStore", async () => {
  const server = await startAzureServer();
  return { store: open(server.url), other: open(server.url), close: () => server.close() };
});

remoteObjectStoreContract("AzureObjectStore", async () => {
  const server = await startAzureServer();
  const store = open(server.url);
  const elsewhere = open(server.url, "elsewhere");
  return { server, store, elsewhere, largeBytes: 300_000, failingRequest: 1 };
});
