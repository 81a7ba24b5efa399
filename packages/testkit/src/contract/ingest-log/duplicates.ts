import { DIGEST_TTL_MS } from "@scouter/lake";
import { expect, it } from "vitest";
import { entryOf, opened, range, sequencesOf } from "./entries.ts";
import type { Make } from "./place.ts";

export function describeDuplicates(make: Make): void {
  const rejected = [{ index: 3, code: "SPAN_ID_INVALID", reason: "zero" }];

  it("acknowledges a repeat with the first entry's place and rejected list", async () => {
    const { log } = await opened(make);
    await log.append(entryOf(1));
    await log.append(entryOf(2, { rejected }));
    const repeat = await log.append(entryOf(2, { rejected: [], payload: new Uint8Array([9]) }));
    expect(repeat).toEqual({ owner: log.owner, sequence: 2, duplicate: true, rejected });
    expect(await sequencesOf(log, log.owner, 0)).toEqual([1, 2]);
    expect((await log.append(entryOf(3))).sequence).toBe(3);
  });

  it("stores one of several repeats that are under way together", async () => {
    const { log } = await opened(make);
    const results = await Promise.all(range(1, 20).map(() => log.append(entryOf(1, { rejected }))));
    expect(results.map((result) => result.sequence)).toEqual(range(1, 20).map(() => 1));
    expect(results.filter((result) => !result.duplicate)).toHaveLength(1);
    expect(results.every((result) => result.rejected.length === 1)).toBe(true);
    expect(await sequencesOf(log, log.owner, 0)).toEqual([1]);
  });

  it.each(["closed", "killed"] as const)(
    "knows repeats of a process that was %s, released or not",
    async (how) => {
      const { place, log } = await opened(make);
      for (const number of range(1, 5)) await log.append(entryOf(number, { rejected }));
      await log.release(log.owner, 3);
      const second = await place.restart(log, how);
      const third = await place.restart(second, how);
      for (const number of range(1, 5)) {
        const repeat = await third.append(entryOf(number));
        const first = { owner: log.owner, sequence: number, duplicate: true, rejected };
        expect(repeat).toEqual(first);
      }
      expect((await third.append(entryOf(6))).duplicate).toBe(false);
    },
  );

  it("knows repeats of an owner whose entries were adopted and released", async () => {
    const { place, log } = await opened(make);
    for (const number of range(1, 3)) await log.append(entryOf(number));
    const second = await place.restart(log, "killed");
    await second.adopt(log.owner);
    await second.release(log.owner, 3);
    expect((await second.append(entryOf(2))).duplicate).toBe(true);
    const third = await place.restart(second, "killed");
    const repeat = await third.append(entryOf(3));
    expect(repeat).toMatchObject({ duplicate: true, owner: log.owner, sequence: 3 });
  });

  it("forgets a digest when its time is over, and not before", async () => {
    const { place, log } = await opened(make);
    await log.append(entryOf(1));
    await place.clock.advance(DIGEST_TTL_MS - 1);
    expect(await log.append(entryOf(1))).toMatchObject({ duplicate: true, sequence: 1 });
    await place.clock.advance(1);
    expect(await log.append(entryOf(1))).toMatchObject({ duplicate: false, sequence: 2 });
    await place.clock.advance(DIGEST_TTL_MS - 1);
    expect(await log.append(entryOf(1))).toMatchObject({ duplicate: true, sequence: 2 });
  });

  it("keeps to the newer entry of a digest when the older one is adopted", async () => {
    const { place, log } = await opened(make);
    await log.append(entryOf(1));
    const second = await place.restart(log, "killed");
    await place.clock.advance(DIGEST_TTL_MS);
    expect((await second.append(entryOf(1))).duplicate).toBe(false);
    await second.adopt(log.owner);
    const repeat = await second.append(entryOf(1));
    expect(repeat).toMatchObject({ duplicate: true, owner: second.owner, sequence: 1 });
  });

  it("forgets a digest on time when a restart and a release lie between", async () => {
    const { place, log } = await opened(make);
    await log.append(entryOf(1));
    await place.clock.advance(60_000);
    await log.append(entryOf(2));
    await log.release(log.owner, 2);
    const second = await place.restart(log, "closed");
    await place.clock.advance(DIGEST_TTL_MS - 60_000);
    expect((await second.append(entryOf(1))).duplicate).toBe(false);
    expect((await second.append(entryOf(2))).duplicate).toBe(true);
    await place.clock.advance(60_000);
    const third = await place.restart(second, "closed");
    expect((await third.append(entryOf(2))).duplicate).toBe(false);
    expect((await third.append(entryOf(1))).duplicate).toBe(true);
  });
}
