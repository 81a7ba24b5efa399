import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { describe, expect, it } from "vitest";
import { ArchiveWorker, type ArchiveUnit, type ArchiveWorkerParts } from "./archive-worker.ts";

const HOUR_MS = 3_600_000;

interface Given {
  readonly listed?: readonly string[];
  readonly archiveRetentionDays?: number;
  readonly expiredBefore?: string;
  /** Merges that there are to do. */
  readonly merges?: number;
  readonly forget?: () => Promise<void>;
}

/** What the worker did, in order; days are as the database and the lake of these tests say. */
function archiving(given: Given) {
  const done: string[] = [];
  const clock = new ManualClock({ startMs: 0 });
  let epoch = 0;
  let { merges = 0, expiredBefore } = given;
  const parts: ArchiveWorkerParts<ArchiveUnit> = {
    clock,
    retentionDays: 0,
    archiveRetentionDays: given.archiveRetentionDays ?? 0,
    leaseName: "l",
    holder: "h",
    leases: {
      acquire: async () => true,
      acquireEpoch: async (_lease, above) => (epoch = above + 1),
      release: async () => void done.push("released"),
    },
    source: {
      toArchive: async () => [],
      async *rows() {},
      finish: async () => "done",
      archivedFor: async () => (given.listed ?? ["2026-01-01"]).map((day) => ({ day })),
      expiredBefore: async (ageDays) => {
        done.push(`asked for ${ageDays} days`);
        return expiredBefore;
      },
      forgetArchived: async (beforeDay) => {
        done.push(`forgot before ${beforeDay}`);
        await given.forget?.();
        expiredBefore = undefined;
      },
    },
    archive: {
      write: async () => 0,
      epoch: async () => epoch,
      merge: async (listed, at) => {
        done.push(`merge of ${listed.length} under ${at}`);
        return merges-- > 0;
      },
      expire: async (beforeDay, at) => {
        done.push(`expired before ${beforeDay} under ${at}`);
        return 3;
      },
      vacuum: async () => void done.push("vacuum"),
    },
    events: {
      onArchived: () => undefined,
      onFailed: () => undefined,
      onMerged: () => void done.push("merged"),
      onExpired: (_before, files) => void done.push(`${files} files gone`),
      onTrouble: (error) => void done.push(String(error)),
    },
  };
  return { worker: new ArchiveWorker(parts), done, clock };
}

describe("looking after the archive", () => {
  it("keeps everything when no retention of the archive is set", async () => {
    const { worker, done } = archiving({ expiredBefore: "2026-01-02" });
    await worker.runOnce();
    expect(done).toEqual(["merge of 1 under 1", "vacuum", "released"]);
  });

  it("lets files go before the list does, and merges until nothing is left, each under an epoch of its own", async () => {
    const { worker, done } = archiving({
      archiveRetentionDays: 90,
      expiredBefore: "2026-01-02",
      merges: 2,
    });
    await worker.runOnce();
    expect(done).toEqual([
      "asked for 90 days",
      "expired before 2026-01-02 under 1",
      "forgot before 2026-01-02",
      "3 files gone",
      "merge of 1 under 2",
      "merged",
      "merge of 1 under 3",
      "merged",
      "merge of 1 under 4",
      "vacuum",
      "released",
    ]);
  });

  it("is done once an hour, and at the next round when it was cut short", async () => {
    let isCut = true;
    const { worker, done, clock } = archiving({
      archiveRetentionDays: 90,
      expiredBefore: "2026-01-02",
      forget: async () => {
        if (isCut) throw new Error("killed");
      },
    });
    await expect(worker.runOnce()).rejects.toThrow("killed");
    isCut = false;
    done.length = 0;
    await worker.runOnce();
    expect(done).toContain("expired before 2026-01-02 under 2");
    expect(done).toContain("forgot before 2026-01-02");
    done.length = 0;
    await clock.advance(HOUR_MS - 1);
    await worker.runOnce();
    expect(done).toEqual([]);
    await clock.advance(1);
    await worker.runOnce();
    expect(done).toContain("merge of 1 under 4");
  });

  it("touches nothing while nothing is archived", async () => {
    const { worker, done } = archiving({ listed: [], archiveRetentionDays: 90 });
    await worker.runOnce();
    expect(done).toEqual([]);
  });
});
