import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { systemClock } from "@scouter/contracts";
import { openFileIngestLog } from "@scouter/lake";
import { logIn } from "@scouter/testkit/server-process/guest-fetch";
import {
  type ServerProcess,
  startServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { exportRequest } from "./otlp-request.ts";
import { storedSpanCounts } from "./stored-state.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-dead-letters-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function asAdmin({ urls }: ServerProcess, path: string): Promise<Response> {
  const token = await logIn(urls.http, { username: "admin", password: "admin" });
  const headers = { authorization: `Bearer ${token}` };
  return fetch(`${urls.http}/scouter/v2/delivery/${path}`, { headers });
}

it("an entry of the span log that nobody can read ends aside, where it is seen; the others are stored", async () => {
  // Its folders are made by a server, and the log of one that was killed is left in them.
  await (await startServerProcess({ entry, home })).stop("SIGTERM");
  const owner = randomUUID();
  const root = join(home, "ingest-log");
  const log = await openFileIngestLog({ root, owner, clock: systemClock });
  const poison = Buffer.from("no OTLP at all");
  const good = [exportRequest({ spanCount: 2 }), exportRequest({ spanCount: 3 })] as const;
  for (const bytes of [good[0].body, poison, good[1].body]) {
    await log.append({
      format: "otlp-json",
      payload: zstdCompressSync(bytes),
      digest: randomBytes(20),
      receivedAt: Date.now(),
      rejected: [],
    });
  }
  await log.close();

  const server = await startServerProcess({ entry, home });
  const get = (path: string) => asAdmin(server, path);
  const page = await (await get("span-dead-letters")).json();
  expect(page).toMatchObject({
    items: [{ owner, sequence: 2, format: "otlp-json", reason: expect.stringMatching(/json/i) }],
    next_cursor: null,
  });
  const { id } = (page as { items: [{ id: number }] }).items[0];
  const payload = await (await get(`span-dead-letters/${id}/payload`)).arrayBuffer();
  expect(zstdDecompressSync(payload)).toEqual(poison);
  expect(await server.stop("SIGTERM")).toEqual({ code: 0, signal: null });
  const stored = await storedSpanCounts(home);
  const expected = good.flatMap(({ spans }) => spans.map(({ spanId }) => spanId));
  expect([...stored.keys()].toSorted()).toEqual(expected.toSorted());
}, 300_000);
