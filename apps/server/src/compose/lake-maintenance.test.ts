import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { ServerMetrics } from "../metrics/server-metrics.ts";
import { lakeMaintenance, lakeMaintenanceEvents } from "./lake-maintenance.ts";

describe("maintenance of the lake in the server", () => {
  it("asks for one lease by the process's name, and for rising epochs", async () => {
    const calls: unknown[] = [];
    const leases = {
      acquire: async (request: unknown) => calls.push(["acquire", request]) > 0,
      acquireEpoch: async (request: unknown, above: number) => {
        calls.push(["acquireEpoch", request]);
        return above + 1;
      },
      release: async (...request: unknown[]) => void calls.push(["release", ...request]),
    };
    const config = { lake: { sortIntervalMs: 5, retentionDays: 9 } };
    const { lease, settings } = lakeMaintenance({
      config: config as Parameters<typeof lakeMaintenance>[0]["config"],
      database: { leases },
      processName: "here/1/2",
    });
    expect(settings).toMatchObject({ mergeFiles: 32, sortIntervalMs: 5, retentionDays: 9 });
    expect(await lease.take(4)).toBe(5);
    expect(await lease.extend()).toBe(true);
    await lease.release();
    const request = { name: "lake-maintenance", holder: "here/1/2", leaseMs: lease.leaseMs };
    expect(calls).toEqual([
      ["acquireEpoch", request],
      ["acquire", request],
      ["release", request.name, request.holder],
    ]);
  });

  it("counts what was done and what failed", async () => {
    const metrics = new ServerMetrics();
    const lines: string[] = [];
    const logger = pino({}, { write: (line) => void lines.push(line) });
    const events = lakeMaintenanceEvents(metrics, logger);
    events.onMaintenance({
      table: "trace_spans",
      kind: "merge",
      partition: "2026-03-01",
      filesBefore: 32,
      filesAfter: 1,
      bytesBefore: 3_200,
      bytesAfter: 2_000,
      repeats: 0,
      tookMs: 1_500,
    });
    events.onMaintenanceFailure(new Error("no room"), "2026-03-02");
    const text = await metrics.registry.metrics();
    for (const line of [
      'scouter_lake_maintenance_total{kind="merge",outcome="done"} 1',
      'scouter_lake_maintenance_total{kind="any",outcome="failed"} 1',
      'scouter_lake_maintenance_files_total{kind="merge",when="before"} 32',
      'scouter_lake_maintenance_bytes_total{kind="merge",when="after"} 2000',
      'scouter_lake_maintenance_seconds_total{kind="merge"} 1.5',
    ]) {
      expect(text).toContain(line);
    }
    expect(lines.at(-1)).toContain("no room");
    expect(lines.at(-1)).toContain("2026-03-02");
  });
});
