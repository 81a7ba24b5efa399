import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@scouter/contracts";
import { DeltaTable, decodeStatistics, openObjectStore } from "@scouter/delta";
import { startAzureServer } from "@scouter/testkit/object-server/azure-server";
import { startGcsServer } from "@scouter/testkit/object-server/gcs-server";
import type { ObjectServer, ServerFault } from "@scouter/testkit/object-server/object-server";
import { startS3Server } from "@scouter/testkit/object-server/s3-server";
import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import {
  type ServerProcess,
  freePorts,
  startServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ExportRequest, exportRequest } from "./otlp-request.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));

interface Bucket {
  readonly uri: string;
  readonly start: () => Promise<ObjectServer>;
  readonly environment: (url: string) => Readonly<Record<string, string>>;
}

const buckets: readonly Bucket[] = [
  {
    uri: "s3://bucket/lake",
    start: startS3Server,
    environment: (url) => ({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    }),
  },
  {
    uri: "gs://bucket/lake",
    start: startGcsServer,
    environment: (url) => ({ STORAGE_EMULATOR_HOST: url }),
  },
  {
    uri: "az://bucket/lake",
    start: startAzureServer,
    environment: (url) => ({
      AZURE_STORAGE_CONNECTION_STRING: `AccountName=account;AccountKey=c2VjcmV0;BlobEndpoint=${url}/account`,
    }),
  },
];

describe("a server whose lake is in a bucket", () => {
  let home: string;
  let bucketServer: ObjectServer | undefined;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-bucket-"));
  });
  afterEach(async () => {
    await bucketServer?.close();
    await rm(home, { recursive: true, force: true });
  });

  it.each(buckets)(
    "keeps spans in $uri over a restart without its local copies",
    async (bucket) => {
      bucketServer = await bucket.start();
      bucketServer.misbehave(everyFewRequests());
      const environment = bucket.environment(bucketServer.url);
      const env = { ...environment, SCOUTER_STORAGE_URI: bucket.uri };
      const options = { entry, home, ports: await freePorts(), env, readyTimeoutMs: 100_000 };

      const server = await startServerProcess(options);
      const requests = Array.from({ length: 12 }, () => exportRequest({ spanCount: 5 }));
      for (const request of requests) await send(server, request);
      expect(await spanIdsOf(server, requests[0])).toEqual(idsIn(requests[0]));
      expect(await server.stop("SIGTERM")).toEqual({ code: 0, signal: null });
      expect(await parquetFilesIn(home)).toHaveLength(await fileCount(bucket.uri, environment));

      await rm(join(home, "lake-cache"), { recursive: true });
      const again = await startServerProcess(options);
      for (const request of requests) {
        expect(await spanIdsOf(again, request)).toEqual(idsIn(request));
      }
      expect(await parquetFilesIn(home)).toHaveLength(await fileCount(bucket.uri, environment));
      expect(await again.stop("SIGTERM")).toEqual({ code: 0, signal: null });
      expect(await recordCount(bucket.uri, environment)).toBe(60);
    },
    300_000,
  );
});

/** About one request in six goes wrong, in a different way each time. */
function everyFewRequests(): () => ServerFault | undefined {
  const faults: readonly ServerFault[] = ["refuse", "lose-reply", "drop", "throttle"];
  let seen = 0;
  return () => (++seen % 6 === 0 ? faults[(seen / 6) % faults.length] : undefined);
}

async function send(server: ServerProcess, { body }: ExportRequest): Promise<void> {
  const response = await guestFetch(`${server.urls.otlpHttp}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(response.status).toBe(200);
}

async function spanIdsOf(
  server: ServerProcess,
  request: ExportRequest | undefined,
): Promise<readonly string[]> {
  const traceId = request?.spans[0]?.traceId;
  const response = await guestFetch(`${server.urls.http}/scouter/trace/spans?trace_id=${traceId}`);
  const { spans } = (await response.json()) as { readonly spans: { readonly span_id: string }[] };
  return spans.map(({ span_id: spanId }) => spanId).sort();
}

function idsIn(request: ExportRequest | undefined): readonly string[] {
  return (request?.spans ?? []).map(({ spanId }) => spanId).sort();
}

async function parquetFilesIn(home: string): Promise<readonly string[]> {
  const names = await readdir(join(home, "lake-cache", "files", "trace_spans"), {
    recursive: true,
  });
  return names.filter((name) => name.endsWith(".parquet"));
}

async function committedFiles(uri: string, environment: Readonly<Record<string, string>>) {
  const { snapshot } = await DeltaTable.open({
    store: await openObjectStore(uri, { clock: systemClock, random: Math.random, environment }),
    path: "trace_spans",
    clock: systemClock,
    random: Math.random,
    newId: () => crypto.randomUUID(),
  });
  return snapshot.files();
}

async function fileCount(uri: string, environment: Readonly<Record<string, string>>) {
  return (await committedFiles(uri, environment)).length;
}

async function recordCount(uri: string, environment: Readonly<Record<string, string>>) {
  const files = await committedFiles(uri, environment);
  return files.reduce((sum, { stats }) => sum + (decodeStatistics(stats)?.numRecords ?? 0), 0);
}
