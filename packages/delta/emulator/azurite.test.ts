import { randomUUID } from "node:crypto";
import { systemClock } from "@scouter/contracts";
import { AzureObjectStore, type StoreRequest, sharedKeyAuthorization } from "../src/index.ts";
import { objectStoreContract } from "@scouter/testkit/contract/object-store";

/** The emulator's own, published account and key. */
const ACCOUNT = "devstoreaccount1";
const KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const endpoint = `${process.env["AZURITE_URL"]}/${ACCOUNT}`;
const authorization = sharedKeyAuthorization(ACCOUNT, KEY);

objectStoreContract("AzureObjectStore on azurite, which checks signatures,", async () => {
  const container = `c${randomUUID()}`;
  await makeContainer(container);
  const open = () =>
    new AzureObjectStore({ container, endpoint, authorization, clock: systemClock });
  return { store: open(), other: open(), close: async () => {} };
});

async function makeContainer(container: string): Promise<void> {
  const request: StoreRequest = {
    operation: "create",
    key: container,
    method: "PUT",
    url: new URL(`${endpoint}/${container}?restype=container`),
    headers: { "x-ms-version": "2021-12-02", "x-ms-date": new Date().toUTCString() },
  };
  const { url, method, headers = {} } = await authorization.authorize(request);
  const response = await fetch(url, { method, headers });
  if (!response.ok) throw new Error(`container: ${response.status} ${await response.text()}`);
}
