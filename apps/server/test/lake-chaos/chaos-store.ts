import { join } from "node:path";
import { sharedKeyAuthorization } from "@scouter/delta";
import { startGcsServer } from "@scouter/testkit/object-server/gcs-server";
import { startS3Server } from "@scouter/testkit/object-server/s3-server";
import type { LakePlace } from "./lake-place.ts";

export interface ChaosStore {
  readonly place: LakePlace;
  close(): Promise<void>;
}

/** The stores the suite knows: all it changes for them is the address and the vendor's variables. */
export async function openChaosStore(kind: string, home: string): Promise<ChaosStore> {
  switch (kind) {
    case "local":
      return { place: { uri: join(home, "lake"), environment: {} }, close: async () => {} };
    case "s3": {
      const server = await startS3Server();
      const environment = {
        AWS_ENDPOINT_URL: server.url,
        AWS_ACCESS_KEY_ID: "key",
        AWS_SECRET_ACCESS_KEY: "secret",
      };
      return { place: { uri: "s3://bucket/lake", environment }, close: () => server.close() };
    }
    case "gcs": {
      const server = await startGcsServer();
      const environment = { STORAGE_EMULATOR_HOST: server.url };
      return { place: { uri: "gs://bucket/lake", environment }, close: () => server.close() };
    }
    case "azure":
      return openAzurite();
    default:
      throw new Error(`SCOUTER_CHAOS_STORE '${kind}': expected local, s3, gcs or azure`);
  }
}

/** The emulator's own, published account and key. */
const ACCOUNT = "devstoreaccount1";
const KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** An azurite that somebody else started: `npm run chaos -- lake --store azure` does. */
async function openAzurite(): Promise<ChaosStore> {
  const url = process.env["AZURITE_URL"];
  if (url === undefined) throw new Error("AZURITE_URL is not set: it names a running azurite");
  const endpoint = `${url}/${ACCOUNT}`;
  const container = `chaos-${crypto.randomUUID()}`;
  const { url: signed, headers = {} } = await sharedKeyAuthorization(ACCOUNT, KEY).authorize({
    operation: "create",
    key: container,
    method: "PUT",
    url: new URL(`${endpoint}/${container}?restype=container`),
    headers: { "x-ms-version": "2021-12-02", "x-ms-date": new Date().toUTCString() },
  });
  const reply = await fetch(signed, { method: "PUT", headers });
  if (!reply.ok) throw new Error(`container: ${reply.status} ${await reply.text()}`);
  const connection = `AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint}`;
  return {
    place: {
      uri: `az://${container}/lake`,
      environment: { AZURE_STORAGE_CONNECTION_STRING: connection },
    },
    close: async () => {},
  };
}
