import { join } from "node:path";
import { exportRequest, spanIdBytes, traceIdBytes } from "@scouter/testkit/otlp/export-request";
import type { SpanRow } from "@scouter/telemetry";
import type { TraceLake } from "../trace-lake.ts";
import type { LakeFixture } from "../traces/lake.fixture.ts";
import type { MaintenanceLease } from "./maintenance-lease.ts";
import type { MaintenanceSettings } from "./maintenance-settings.ts";
import { TableMaintainer } from "./table-maintainer.ts";

export const mergeAtOnce: MaintenanceSettings = {
  mergeFiles: 2,
  targetBytes: 1_000_000,
  sortIntervalMs: 3_600_000,
  retentionDays: 0,
};

export function openMaintainer(
  root: string,
  settings: MaintenanceSettings = mergeAtOnce,
): Promise<TableMaintainer> {
  const temporaryFolder = join(root, ".writing");
  return TableMaintainer.open({ root, temporaryFolder, memoryLimitMb: 512, settings });
}

/** A lease that nobody else wants. */
export function loneLease(): MaintenanceLease {
  let epoch = 0;
  return {
    leaseMs: 60_000,
    async take(above) {
      epoch = Math.max(epoch, above) + 1;
      return epoch;
    },
    extend: async () => true,
    release: async () => undefined,
  };
}

/** Sends one request with `count` spans of a trace, and commits it: one more small file. */
export async function commitSpans(
  fixture: LakeFixture,
  traceNumber: number,
  count = 3,
): Promise<void> {
  const start = BigInt(Date.now()) * 1_000_000n;
  const spans = Array.from({ length: count }, (_, index) => ({
    traceId: traceIdBytes(traceNumber),
    spanId: spanIdBytes(traceNumber * 1_000 + index),
    name: `span ${index}`,
    kind: 1,
    startTimeUnixNano: start + BigInt(index),
    endTimeUnixNano: start + BigInt(index) + 1_000n,
  }));
  await fixture.send(exportRequest(spans, { resource: { "service.name": "shop" } }));
  await fixture.lake.flush();
}

/** Everything that can be read, as plain values. */
export async function everySpan(lake: TraceLake): Promise<readonly SpanRow[]> {
  const { items } = await lake.listTraces({ limit: 1_000, direction: "next" });
  const ids = items.map(({ traceId }) => traceId).toSorted();
  const spans = await Promise.all(ids.map((traceId) => lake.spansOf(traceId)));
  return spans.flat();
}
