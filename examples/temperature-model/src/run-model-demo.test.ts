import { ScouterClient } from "@scouter/sdk";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runModelDemo, type ModelDemoReport } from "./run-model-demo.ts";

const entry = fileURLToPath(new URL("../../../apps/server/src/main.ts", import.meta.url));

describe("runModelDemo", () => {
  let home: string;
  let server: ServerProcess;
  let report: ModelDemoReport;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "scouter-model-demo-"));
    server = await startServerProcess({ entry, home });
    report = await runModelDemo({ baseUrl: server.urls.http });
  }, 120_000);
  afterAll(async () => {
    await server.stop("SIGTERM");
    await rm(home, { recursive: true, force: true });
  });

  it("sends what the report says, and the server has it", async () => {
    expect(report).toMatchObject({
      trainedAt: "Seattle",
      servedAt: "New York",
      requests: 1461,
      samples: 58,
    });
    expect(report.observedError).toBeGreaterThan(report.expectedError);
    const { psi, spc, custom } = report.profiles;
    const rows = await chart("psi", psi.uid);
    expect(Object.keys(rows["features"] ?? {}).toSorted()).toEqual([...report.features].toSorted());
    expect(Object.keys((await chart("spc", spc.uid))["features"] ?? {})).toHaveLength(3);
    const mae = (await chart("custom", custom.uid))["metrics"]?.["mae"];
    expect(mae).toMatchObject({ metric: "mae" });
  });

  it("registers versions that can be told apart, and leaves one active", async () => {
    const next = await runModelDemo({ baseUrl: server.urls.http, servedAt: "Seattle" });
    expect(next.profiles.psi.version).not.toBe(report.profiles.psi.version);
    const { items } = await client().listProfiles();
    const active = items.filter((item) => item.active).map(({ uid }) => uid);
    const { psi, spc, custom } = next.profiles;
    expect(active.toSorted()).toEqual([psi.uid, spc.uid, custom.uid].toSorted());
  });

  it("ends when it is told to", async () => {
    const reason = new Error("enough");
    const run = runModelDemo({ baseUrl: server.urls.http, signal: AbortSignal.abort(reason) });
    await expect(run).rejects.toBe(reason);
  });

  const client = () => new ScouterClient({ baseUrl: server.urls.http });

  async function chart(kind: string, uid: string) {
    const query = new URLSearchParams({
      uid,
      space: "examples",
      time_interval: "OneHour",
      max_data_points: "10",
    });
    const reply = await fetch(`${server.urls.http}/scouter/drift/${kind}?${query.toString()}`, {
      headers: { authorization: `Bearer ${await client().accessToken()}` },
    });
    expect(reply.status).toBe(200);
    return (await reply.json()) as Record<string, Record<string, unknown> | undefined>;
  }
});
