import { randomUUID } from "node:crypto";
import { systemClock } from "@scouter/contracts";
import { type StoreRequest, sharedKeyAuthorization } from "@scouter/delta";
import { archiveLife } from "../src/archive/archive-life.fixture.ts";

/** The emulator's own, published account and key. */
const ACCOUNT = "devstoreaccount1";
const KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const endpoint = `${process.env["AZURITE_URL"]}/${ACCOUNT}`;

archiveLife("azurite", async () => {
  const container = `c${randomUUID()}`;
  await makeContainer(container);
  const connection = `AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint}`;
  const environment = { AZURE_STORAGE_CONNECTION_STRING: connection };
  return { remote: { uri: `az://${container}/lake`, environment, cacheBytes: 2 ** 30 } };
});

async function makeContainer(container: string): Promise<void> {
  const request: StoreRequest = {
    operation: "create",
    key: container,
    method: "PUT",
    url: new URL(`${endpoint}/${container}?restype=container`),
    headers: {
      "x-ms-version": "2021-12-02",
      "x-ms-date": new Date(systemClock.now()).toUTCString(),
    },
  };
  const {
    url,
    method,
    headers = {},
  } = await sharedKeyAuthorization(ACCOUNT, KEY).authorize(request);
  const response = await fetch(url, { method, headers });
  if (!response.ok) throw new Error(`container: ${response.status} ${await response.text()}`);
}
