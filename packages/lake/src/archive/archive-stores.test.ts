import { startAzureServer } from "@scouter/testkit/object-server/azure-server";
import { startGcsServer } from "@scouter/testkit/object-server/gcs-server";
import type { ObjectServer, ServerFault } from "@scouter/testkit/object-server/object-server";
import { startS3Server } from "@scouter/testkit/object-server/s3-server";
import { archiveLife } from "./archive-life.fixture.ts";

interface Bucket {
  readonly store: string;
  readonly start: () => Promise<ObjectServer>;
  readonly uri: string;
  readonly environment: (url: string) => Readonly<Record<string, string>>;
}

const buckets: readonly Bucket[] = [
  {
    store: "S3",
    start: startS3Server,
    uri: "s3://bucket/lake",
    environment: (url) => ({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    }),
  },
  {
    store: "Google Cloud Storage",
    start: startGcsServer,
    uri: "gs://bucket/lake",
    environment: (url) => ({ STORAGE_EMULATOR_HOST: url }),
  },
  {
    store: "Azure",
    start: startAzureServer,
    uri: "az://bucket/lake",
    environment: (url) => ({
      AZURE_STORAGE_CONNECTION_STRING: `AccountName=account;AccountKey=c2VjcmV0;BlobEndpoint=${url}/account`,
    }),
  },
];

archiveLife("a local folder", async () => ({}));
for (const { store, start, uri, environment } of buckets) {
  archiveLife(store, async () => {
    const server = await start();
    server.misbehave(everyFewRequests());
    return {
      remote: { uri, environment: environment(server.url), cacheBytes: 2 ** 30 },
      close: () => server.close(),
    };
  });
}

/** About one request in eight goes wrong, in a different way each time. */
function everyFewRequests(): () => ServerFault | undefined {
  const faults: readonly ServerFault[] = ["refuse", "lose-reply", "drop", "throttle"];
  let seen = 0;
  return () => (++seen % 8 === 0 ? faults[(seen / 8) % faults.length] : undefined);
}
