import { systemClock } from "@scouter/contracts";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PGLITE_VERSION } from "./driver/pglite/initdb-template.ts";
import { PgliteWorkerClient } from "./driver/pglite/pglite-worker-client.ts";
import { openPglite } from "./open-pglite.ts";

describe("the embedded database's folder and worker", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-folder-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it("refuses a folder of another major version, untouched", async () => {
    const folder = join(home, "database");
    await mkdir(folder);
    await writeFile(join(folder, "PG_VERSION"), "17\n");
    await expect(openPglite({ folder, clock: systemClock })).rejects.toMatchObject({
      code: "DATABASE_FOLDER_VERSION",
      kind: "invalid",
      message: expect.stringMatching(/PostgreSQL 17 .* reads 18/),
      remedy: expect.stringContaining("backup"),
    });
  });

  it("says so when the folder holds no usable database", async () => {
    const folder = join(home, "database");
    await mkdir(folder);
    await writeFile(join(folder, "PG_VERSION"), "18\n");
    await expect(openPglite({ folder, clock: systemClock })).rejects.toMatchObject({
      code: "DATABASE_FOLDER_UNREADABLE",
      kind: "unavailable",
    });
  });

  it("knows the release that its template is for", async () => {
    const manifest = await readFile(new URL("../package.json", import.meta.url), "utf8");
    const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
    expect(dependencies["@electric-sql/pglite"]).toBe(PGLITE_VERSION);
  });

  it("rejects pending and later calls when its worker is gone", async () => {
    const client = await PgliteWorkerClient.start({ folder: join(home, "database") });
    const outcomes = Promise.allSettled([
      client.query("select pg_sleep(60)", []),
      client.query("select 1", []),
    ]);
    await client.terminate();
    const refused = { code: "DATABASE_WORKER_ENDED", kind: "unavailable" };
    expect(await outcomes).toMatchObject([
      { status: "rejected", reason: refused },
      { status: "rejected", reason: refused },
    ]);
    await expect(client.query("select 1", [])).rejects.toMatchObject(refused);
    await client.close();
  });

  it.each([
    ["from the template", true],
    ["without it", false],
  ])("keeps SQLSTATE and reads values exactly, made %s", async (_name, fromTemplate) => {
    const client = await PgliteWorkerClient.start({ folder: join(home, "database"), fromTemplate });
    await expect(client.query("select 1/0", [])).rejects.toMatchObject({ code: "22012" });
    const { rows } = await client.query(
      `select 7::int8 as small, 9007199254740993::int8 as large,
        '2026-03-01 10:00:00.123456+00'::timestamptz as time, '{"b":1,"a":2}'::json as json`,
      [],
    );
    expect(rows).toEqual([
      {
        small: 7,
        large: 9_007_199_254_740_993n,
        time: "2026-03-01 10:00:00.123456+00",
        json: { b: 1, a: 2 },
      },
    ]);
    await client.close();
  });
});
