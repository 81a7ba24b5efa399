import { systemClock } from "@scouter/contracts";
import { startAzureServer } from "@scouter/testkit/object-server/azure-server";
import { startGcsServer } from "@scouter/testkit/object-server/gcs-server";
import type { ServerFault } from "@scouter/testkit/object-server/object-server";
import { startS3Server } from "@scouter/testkit/object-server/s3-server";
import { expect, it } from "vitest";
import { DeltaTable } from "../delta-table.ts";
import { openObjectStore } from "../object-store/open-object-store.ts";
import { InstantClock, addOf, commitOf, definition, tableOptions } from "../table.fixture.ts";

const stores = [
  {
    uri: "s3://bucket/lake",
    start: startS3Server,
    environment: (url: string) => ({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    }),
  },
  {
    uri: "gs://bucket/lake",
    start: startGcsServer,
    environment: (url: string) => ({ STORAGE_EMULATOR_HOST: url }),
  },
  {
    uri: "az://bucket/lake",
    start: startAzureServer,
    environment: (url: string) => ({
      AZURE_STORAGE_CONNECTION_STRING: `AccountName=account;AccountKey=c2VjcmV0;BlobEndpoint=${url}/account`,
    }),
  },
];

const WRITERS = 3;
const COMMITS = 8;
const FAULTS: readonly ServerFault[] = ["lose-reply", "refuse", "drop", "lose-reply", "throttle"];

it.each(stores)(
  "every commit of racing writers is in $uri once, whatever the network loses",
  async (row) => {
    const server = await row.start();
    try {
      const environment = row.environment(server.url);
      const openTable = async (name: string) => {
        const clock = new InstantClock();
        const options = { clock: systemClock, random: () => 0, environment };
        const store = await openObjectStore(row.uri, options);
        return DeltaTable.openOrCreate(tableOptions(store, name, { clock }), definition);
      };
      let seen = 0;
      server.misbehave(() => (++seen % 5 === 0 ? FAULTS[(seen / 5) % FAULTS.length] : undefined));
      const names = Array.from({ length: WRITERS }, (_, writer) => `writer${writer}`);
      await Promise.all(
        names.map(async (name) => {
          const table = await openTable(name);
          for (let count = 1; count <= COMMITS; count++) {
            const txn = { appId: name, version: count };
            await table.commit(commitOf([addOf(`${name}-${count}`)], { txn }));
            if (count === COMMITS / 2) await table.checkpoint();
          }
        }),
      );
      server.misbehave(() => undefined);
      const { snapshot } = await openTable("reader");
      expect(snapshot.version).toBe(WRITERS * COMMITS);
      expect(snapshot.files()).toHaveLength(WRITERS * COMMITS);
      for (const name of names) expect(snapshot.txn(name)).toBe(COMMITS);
    } finally {
      await server.close();
    }
  },
);
