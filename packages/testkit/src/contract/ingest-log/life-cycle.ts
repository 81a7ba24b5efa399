import type { AppendResult } from "@scouter/lake";
import { expect, it } from "vitest";
import { collect, entryOf, opened, range, sequencesOf, UNKNOWN_OWNER } from "./entries.ts";
import type { Make } from "./place.ts";

export function describeReleasing(make: Make): void {
  it("may be repeated, go back, and go beyond the last entry", async () => {
    const { log } = await opened(make);
    await log.release(log.owner, 5);
    for (const number of range(1, 6)) await log.append(entryOf(number));
    await log.release(log.owner, 4);
    await log.release(log.owner, 4);
    await log.release(log.owner, 1);
    expect(await sequencesOf(log, log.owner, 4)).toEqual([5, 6]);
    await log.release(log.owner, 100);
    await log.release(UNKNOWN_OWNER, 1);
    expect(log.heldBytes()).toBe(0);
    expect((await log.append(entryOf(7))).sequence).toBe(7);
    expect(await sequencesOf(log, log.owner, 6)).toEqual([7]);
  });

  it("goes on while entries are appended and read", async () => {
    const { log } = await opened(make);
    let released = 0;
    const appending = Promise.all(
      range(1, 300).map(async (number) => {
        const { sequence } = await log.append(entryOf(number, { payload: new Uint8Array(10_000) }));
        if (sequence % 30 === 0) {
          await log.release(log.owner, sequence - 10);
          released = Math.max(released, sequence - 10);
        }
      }),
    );
    await appending;
    expect(released).toBe(290);
    expect(await sequencesOf(log, log.owner, released)).toEqual(range(291, 300));
  });
}

export function describeAdoption(make: Make): void {
  it.each(["closed", "killed"] as const)(
    "offers the entries of a process that was %s until they are released",
    async (how) => {
      const { place, log } = await opened(make);
      expect(await log.adoptable()).toEqual([]);
      for (const number of range(1, 5)) await log.append(entryOf(number));
      await log.release(log.owner, 2);
      const second = await place.restart(log, how);
      expect(await second.adoptable()).toEqual([log.owner]);
      expect(second.heldBytes()).toBeGreaterThan(0);
      await second.adopt(log.owner);
      await second.adopt(log.owner);
      expect(await sequencesOf(second, log.owner, 2)).toEqual([3, 4, 5]);
      await second.release(log.owner, 4);
      expect(await second.adoptable()).toEqual([log.owner]);
      expect(await sequencesOf(second, log.owner, 4)).toEqual([5]);
      await second.release(log.owner, 5);
      expect(await second.adoptable()).toEqual([]);
      expect(second.heldBytes()).toBe(0);
      await second.release(log.owner, 5);
      expect(await sequencesOf(second, log.owner, 0)).toEqual([]);
    },
  );

  it("offers nothing of a process that ended with everything released, or with nothing", async () => {
    const { place, log } = await opened(make);
    await log.append(entryOf(1));
    await log.release(log.owner, 1);
    const second = await place.restart(log, "closed");
    expect(await second.adoptable()).toEqual([]);
    const third = await place.restart(second, "killed");
    expect(await third.adoptable()).toEqual([]);
  });

  it("goes on where an adopter ended that did not finish", async () => {
    const { place, log } = await opened(make);
    for (const number of range(1, 5)) await log.append(entryOf(number));
    const second = await place.restart(log, "killed");
    await second.adopt(log.owner);
    await second.append(entryOf(6));
    const third = await place.restart(second, "killed");
    expect([...(await third.adoptable())].sort()).toEqual([log.owner, second.owner].sort());
    await third.adopt(log.owner);
    await third.adopt(second.owner);
    expect(await sequencesOf(third, log.owner, 0)).toEqual(range(1, 5));
    expect(await sequencesOf(third, second.owner, 0)).toEqual([1]);
  });

  it("ends an owner that still runs: it acknowledges nothing any more", async () => {
    const { place, log } = await opened(make);
    await log.append(entryOf(1));
    const adopter = await place.open();
    await adopter.adopt(log.owner);
    const closed = { code: "INGEST_OWNER_CLOSED", kind: "unavailable" };
    await expect(log.append(entryOf(2))).rejects.toMatchObject(closed);
    await expect(log.append(entryOf(3))).rejects.toMatchObject(closed);
    expect((await sequencesOf(adopter, log.owner, 0)).slice(0, 1)).toEqual([1]);
    await adopter.release(log.owner, 10);
    await expect(log.append(entryOf(4))).rejects.toMatchObject(closed);
    expect(await adopter.adoptable()).toEqual([]);
  });

  it("loses nothing acknowledged when an owner is adopted under load", async () => {
    const { place, log } = await opened(make);
    await log.append(entryOf(1_000_000));
    const adopter = await place.open();
    const acknowledged: number[] = [];
    const refusals: Error[] = [];
    let number = 0;
    let isClosed = false;
    const clients = range(1, 8).map(async () => {
      while (!isClosed) {
        const outcome = await log.append(entryOf(++number)).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          isClosed = true;
          refusals.push(outcome);
        } else {
          acknowledged.push((outcome as AppendResult).sequence);
        }
        if (number === 100) await adopter.adopt(log.owner);
      }
    });
    await Promise.all(clients);
    const readable = new Set(await sequencesOf(adopter, log.owner, 0));
    expect(acknowledged.filter((sequence) => !readable.has(sequence))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(50);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: "INGEST_OWNER_CLOSED" });
  });

  it("does nothing to an owner that never was", async () => {
    const { log } = await opened(make);
    await log.adopt(UNKNOWN_OWNER);
    expect(await log.adoptable()).toEqual([]);
  });
}

export function describeClosing(make: Make): void {
  it("waits for appends under way and refuses calls afterwards", async () => {
    const { place, log } = await opened(make);
    const appends = range(1, 20).map((number) => log.append(entryOf(number)));
    await log.close();
    await log.close();
    const results = await Promise.all(appends);
    expect(results.map((result) => result.sequence)).toEqual(range(1, 20));
    const closed = { code: "INGEST_LOG_CLOSED" };
    await expect(log.append(entryOf(21))).rejects.toMatchObject(closed);
    await expect(collect(log.read(log.owner, 0))).rejects.toMatchObject(closed);
    await expect(log.release(log.owner, 1)).rejects.toMatchObject(closed);
    await expect(log.adoptable()).rejects.toMatchObject(closed);
    await expect(log.adopt(UNKNOWN_OWNER)).rejects.toMatchObject(closed);
    expect(await sequencesOf(await place.open(), log.owner, 0)).toEqual(range(1, 20));
  });
}
