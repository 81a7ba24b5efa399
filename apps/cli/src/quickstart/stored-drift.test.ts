import type { DriftWindow } from "@scouter/contracts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { describe, expect, it } from "vitest";
import { modelReport, storedDrift, window } from "../../test/model-run.ts";
import { observedCounts, waitForDrift, WATCHES, type Watch } from "./stored-drift.ts";

const page = { has_next: false, has_previous: false, next_cursor: null, previous_cursor: null };

/** Answers as a server that has windows of the given numbers; one window a page, newest first. */
function serverWith(windows: Record<Watch, readonly DriftWindow[]>) {
  const watchOf = (uid: string) =>
    WATCHES.find((watch) => modelReport.profiles[watch].uid === uid) ?? "psi";
  return {
    async driftWindows({ uid, cursor }: { readonly uid: string; readonly cursor?: string }) {
      const all = windows[watchOf(uid)].toReversed();
      const at = cursor === undefined ? 0 : Number(cursor);
      const next = at + 1 < all.length ? String(at + 1) : null;
      return { items: all.slice(at, at + 1), next_cursor: next };
    },
    async alerts({ uid }: { readonly uid: string }) {
      return { ...page, items: storedDrift[watchOf(uid)].alerts.toReversed() };
    },
  };
}

function start(windows: Record<Watch, readonly DriftWindow[]>) {
  const clock = new ManualClock();
  const signal = new AbortController().signal;
  const waiting = waitForDrift(serverWith(windows), modelReport, {
    clock,
    signal,
    timeoutMs: 1000,
  });
  return { clock, waiting };
}

const complete = {
  psi: storedDrift.psi.windows,
  spc: storedDrift.spc.windows,
  custom: storedDrift.custom.windows,
};

describe("waitForDrift", () => {
  it("reads everything, oldest first, when nothing is missing", async () => {
    expect(await start(complete).waiting).toEqual(storedDrift);
  });

  it("waits for the rest of what was sent, however many empty windows came between", async () => {
    const part = (slot: number, rows: number) =>
      window(
        slot,
        modelReport.features.map((name) => ({ name, status: "ok" as const, rows })),
      );
    const empty = window(2, [{ name: "heat", status: "no-data" }]);
    const growing = { ...complete, psi: [part(1, 150), empty] };
    const { clock, waiting } = start(growing);
    await clock.untilSleeping(1);
    growing.psi = [...growing.psi, part(3, 50)];
    await clock.advance(250);
    const { psi } = await waiting;
    expect([...observedCounts(psi.windows)]).toEqual([
      ["heat", 200],
      ["wind", 200],
    ]);
  });

  it.each<[string, Partial<typeof complete>, string]>([
    ["no window", { spc: [] }, "spc-uid"],
    ["too few", { custom: [window(1, [{ name: "mae", status: "ok", count: 7 }])] }, "custom-uid"],
    [
      "a feature missing",
      { psi: [window(1, [{ name: "heat", status: "ok", rows: 200 }])] },
      "psi-uid",
    ],
  ])("gives up after the time allowed: %s", async (_, changes, uid) => {
    const { clock, waiting } = start({ ...complete, ...changes });
    const outcome = waiting.catch((error: unknown) => error);
    for (let polls = 0; polls <= 4; polls += 1) {
      await clock.untilSleeping(1);
      await clock.advance(250);
    }
    expect(await outcome).toMatchObject({
      code: "CLI_DRIFT_TIMED_OUT",
      message: `after 1 s there is no window with everything that was sent for ${uid}`,
    });
  });
});
