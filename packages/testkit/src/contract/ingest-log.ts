import type { Clock } from "@scouter/contracts";
import {
  type AppendResult,
  DIGEST_TTL_MS,
  type IngestLog,
  type NewIngestEntry,
  type StoredIngestEntry,
} from "@scouter/lake";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { ManualClock } from "../clock/manual-clock.ts";

/** One place where logs live, empty at first. */
export interface IngestLogSubject {
  /** Opens the log as a new process would. Every call comes with an owner never used before. */
  readonly open: (owner: string, clock: Clock) => Promise<IngestLog>;
  /** Ends the "process" of a log as a kill would: nothing of it runs on, and it is not closed. */
  readonly abandon: (log: IngestLog) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The contract of the `IngestLog` port; every adapter's test calls it with a maker of empty places. */
export function ingestLogContract(
  name: string,
  makeSubject: () => Promise<IngestLogSubject>,
): void {
  describe(`${name} keeps the ingest log contract`, () => {
    const places: Place[] = [];
    const make: Make = async () => {
      const place = new Place(await makeSubject());
      places.push(place);
      return place;
    };
    afterEach(async () => {
      for (const place of places.splice(0)) await place.close();
    });

    describeAppending(make);
    describeDuplicates(make);
    describeReleasing(make);
    describeAdoption(make);
    describeClosing(make);
    describeModel(make);
  });
}

type Make = () => Promise<Place>;

/** A subject with a clock, its open logs, and owners that look like fresh UUIDv7s. */
class Place {
  readonly clock = new ManualClock();
  readonly #subject: IngestLogSubject;
  readonly #logs = new Set<IngestLog>();
  #owners = 0;

  constructor(subject: IngestLogSubject) {
    this.#subject = subject;
  }

  async open(): Promise<IngestLog> {
    const owner = `0193f1a0-0000-7000-8000-${String(++this.#owners).padStart(12, "0")}`;
    const log = await this.#subject.open(owner, this.clock);
    this.#logs.add(log);
    return log;
  }

  /** Ends one log and opens the next one, as a restart does. */
  async restart(log: IngestLog, how: "closed" | "killed"): Promise<IngestLog> {
    await (how === "closed" ? this.#end(log) : this.abandon(log));
    return this.open();
  }

  async abandon(log: IngestLog): Promise<void> {
    this.#logs.delete(log);
    await this.#subject.abandon(log);
  }

  async close(): Promise<void> {
    for (const log of this.#logs) await this.#end(log);
    await this.#subject.close();
  }

  async #end(log: IngestLog): Promise<void> {
    this.#logs.delete(log);
    await log.close();
  }
}

function describeAppending(make: Make): void {
  it("numbers entries from 1 without gaps and reads them as they were", async () => {
    const { log } = await opened(make);
    const entries: NewIngestEntry[] = [
      entryOf(1, { format: "otlp-protobuf", payload: new Uint8Array() }),
      entryOf(2, { format: "otlp-json", receivedAt: 1_700_000_000_123 }),
      entryOf(3, {
        format: "message-json",
        rejected: [
          { index: 0, code: "SPAN_ID_INVALID", reason: "id ünïcode 😀" },
          { index: 7, code: "SPAN_TIME_INVALID", reason: "" },
        ],
      }),
      entryOf(4, { payload: new Uint8Array(3 << 20).fill(7) }),
    ];
    for (const [index, entry] of entries.entries()) {
      expect(await log.append(entry)).toEqual({
        owner: log.owner,
        sequence: index + 1,
        duplicate: false,
        rejected: entry.rejected,
      });
    }
    expect(await collect(log.read(log.owner, 0))).toEqual(
      entries.map((entry, index) => Object.assign({ sequence: index + 1 }, entry)),
    );
    expect(await sequencesOf(log, log.owner, 2)).toEqual([3, 4]);
    expect(await sequencesOf(log, log.owner, 4)).toEqual([]);
    expect(await sequencesOf(log, UNKNOWN_OWNER, 0)).toEqual([]);
  });

  it("follows the order of overlapping calls, in numbers and in resolving", async () => {
    const { log } = await opened(make);
    const resolved: number[] = [];
    await Promise.all(
      range(1, 200).map(async (number) => {
        // Some calls come while earlier ones are being written.
        if (number % 50 === 0) await log.append(entryOf(1000 + number));
        const { sequence } = await log.append(entryOf(number));
        resolved.push(sequence);
      }),
    );
    expect(resolved).toEqual(resolved.toSorted((a, b) => a - b));
    const stored = await entriesOf(log, log.owner, 0);
    expect(stored.map((entry) => entry.sequence)).toEqual(range(1, 204));
    const inFirstTurn = range(1, 200).filter((number) => number % 50 !== 0);
    const numbers = stored.map((entry) => numberOf(entry));
    expect(numbers.filter((number) => inFirstTurn.includes(number))).toEqual(inFirstTurn);
  });

  it("keeps what was given when the caller changes it after the call", async () => {
    const { log } = await opened(make);
    const entry = entryOf(5);
    const given = { payload: entry.payload.slice(), digest: entry.digest.slice() };
    await log.append({ ...entry, ...given });
    given.payload.fill(0);
    given.digest.fill(0);
    const [stored] = await entriesOf(log, log.owner, 0);
    expect(stored).toEqual({ ...entry, sequence: 1 });
    expect((await log.append(entry)).duplicate).toBe(true);
  });

  it("refuses an entry that could not be read back, and stores nothing of it", async () => {
    const { log } = await opened(make);
    const refused: readonly NewIngestEntry[] = [
      entryOf(1, { digest: new Uint8Array(19) }),
      entryOf(1, { receivedAt: Number.NaN }),
      entryOf(1, { format: "otlp-xml" as "otlp-json" }),
    ];
    for (const entry of refused) {
      await expect(log.append(entry)).rejects.toMatchObject({ kind: "invalid" });
    }
    expect((await log.append(entryOf(1))).sequence).toBe(1);
  });

  it("tells the bytes of entries that are not released", async () => {
    const { log } = await opened(make);
    expect(log.heldBytes()).toBe(0);
    await log.append(entryOf(1, { payload: new Uint8Array(1000) }));
    const one = log.heldBytes();
    expect(one).toBeGreaterThanOrEqual(1000);
    await log.append(entryOf(2, { payload: new Uint8Array(5000) }));
    expect(log.heldBytes()).toBeGreaterThanOrEqual(one + 5000);
    await log.release(log.owner, 1);
    expect(log.heldBytes()).toBeGreaterThanOrEqual(5000);
    await log.release(log.owner, 2);
    expect(log.heldBytes()).toBe(0);
  });
}

function describeDuplicates(make: Make): void {
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

function describeReleasing(make: Make): void {
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

function describeAdoption(make: Make): void {
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

function describeClosing(make: Make): void {
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

/** One operation of the random test; numbers pick a thing out of what there is. */
type Operation =
  | { readonly kind: "append"; readonly bodies: readonly number[] }
  | { readonly kind: "release"; readonly pick: number; readonly depth: number }
  | { readonly kind: "restart"; readonly how: "closed" | "killed" }
  | { readonly kind: "adopt"; readonly pick: number }
  | { readonly kind: "wait"; readonly ms: number };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      bodies: fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("release" as const),
      pick: fc.nat(),
      depth: fc.nat({ max: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("restart" as const),
      how: fc.constantFrom("closed", "killed"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("adopt" as const), pick: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      ms: fc.integer({ min: 1, max: 200_000 }),
    }),
  },
);

function describeModel(make: Make): void {
  it("behaves like a model over 1,000 random operations", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 100, maxLength: 100, size: "max" }),
        async (operations) => {
          const place = await make();
          const model = new Model(place, await place.open());
          for (const each of operations) await model.run(each);
          await model.checkAll();
        },
      ),
      { numRuns: 10, endOnFailure: true },
    );
  }, 180_000);
}

interface ModelOwner {
  /** Body number of each entry; entry n lies at n - 1. */
  readonly bodies: number[];
  released: number;
  isAdopted: boolean;
}

/** What the log must answer, kept in plain maps. */
class Model {
  readonly #place: Place;
  readonly #owners = new Map<string, ModelOwner>();
  readonly #digests = new Map<number, { owner: string; sequence: number; until: number }>();
  #log: IngestLog;

  constructor(place: Place, log: IngestLog) {
    this.#place = place;
    this.#log = log;
    this.#enter(log);
  }

  async run(step: Operation): Promise<void> {
    switch (step.kind) {
      case "append":
        return this.#append(step.bodies);
      case "release":
        return this.#release(step.pick, step.depth);
      case "restart":
        return this.#restart(step.how);
      case "adopt":
        return this.#adopt(step.pick);
      default:
        return this.#place.clock.advance(step.ms);
    }
  }

  async checkAll(): Promise<void> {
    const holding = [...this.#owners].filter(
      ([owner, { bodies, released }]) => owner !== this.#log.owner && released < bodies.length,
    );
    const adoptable = await this.#log.adoptable();
    // Entries may be kept after their release, but none may be missing.
    expect(adoptable).toEqual(expect.arrayContaining(holding.map(([owner]) => owner)));
    for (const [owner, { bodies, released }] of this.#owners) {
      const stored = await entriesOf(this.#log, owner, released);
      expect(stored.map((entry) => entry.sequence)).toEqual(range(released + 1, bodies.length));
      expect(stored.map((entry) => numberOf(entry))).toEqual(bodies.slice(released));
    }
  }

  async #append(bodies: readonly number[]): Promise<void> {
    const { owner } = this.#log;
    const expected = bodies.map((body) => this.#expect(owner, body));
    const results = await Promise.all(bodies.map((body) => this.#log.append(entryOf(body))));
    expect(
      results.map(({ owner, sequence, duplicate }) => ({ owner, sequence, duplicate })),
    ).toEqual(expected);
  }

  #expect(owner: string, body: number): { owner: string; sequence: number; duplicate: boolean } {
    const now = this.#place.clock.now();
    const first = this.#digests.get(body);
    if (first && now < first.until) {
      return { owner: first.owner, sequence: first.sequence, duplicate: true };
    }
    const sequence = this.#ownerOf(owner).bodies.push(body);
    this.#digests.set(body, { owner, sequence, until: now + DIGEST_TTL_MS });
    return { owner, sequence, duplicate: false };
  }

  async #release(pick: number, depth: number): Promise<void> {
    const mine = [...this.#owners].filter(
      ([owner, { isAdopted }]) => owner === this.#log.owner || isAdopted,
    );
    const [owner, entry] = mine[pick % mine.length] ?? [];
    if (owner === undefined || !entry) return;
    const through = Math.min(entry.bodies.length, entry.released + depth);
    await this.#log.release(owner, through);
    entry.released = through;
  }

  async #restart(how: "closed" | "killed"): Promise<void> {
    this.#log = await this.#place.restart(this.#log, how);
    for (const entry of this.#owners.values()) entry.isAdopted = false;
    this.#enter(this.#log);
    await this.checkAll();
  }

  async #adopt(pick: number): Promise<void> {
    const others = [...this.#owners.keys()].filter((owner) => owner !== this.#log.owner);
    const owner = others[pick % others.length];
    if (owner === undefined) return;
    await this.#log.adopt(owner);
    this.#ownerOf(owner).isAdopted = true;
  }

  #enter(log: IngestLog): void {
    this.#owners.set(log.owner, { bodies: [], released: 0, isAdopted: false });
  }

  #ownerOf(owner: string): ModelOwner {
    const entry = this.#owners.get(owner);
    if (!entry) throw new Error(`the model does not know owner ${owner}`);
    return entry;
  }
}

const UNKNOWN_OWNER = "0193f1a0-0000-7000-8000-ffffffffffff";

async function opened(make: Make): Promise<{ place: Place; log: IngestLog }> {
  const place = await make();
  return { place, log: await place.open() };
}

/** An entry whose payload and digest tell its number. */
function entryOf(number: number, more: Partial<NewIngestEntry> = {}): NewIngestEntry {
  const digest = new Uint8Array(20);
  const payload = new Uint8Array(8);
  new DataView(digest.buffer).setUint32(0, number);
  new DataView(payload.buffer).setUint32(0, number);
  return {
    format: "otlp-protobuf",
    payload,
    digest,
    receivedAt: 1000 + number,
    rejected: [],
    ...more,
  };
}

function numberOf(entry: NewIngestEntry): number {
  return new DataView(entry.digest.buffer, entry.digest.byteOffset).getUint32(0);
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

async function collect(reading: AsyncIterable<StoredIngestEntry>): Promise<StoredIngestEntry[]> {
  const entries: StoredIngestEntry[] = [];
  for await (const entry of reading) entries.push(entry);
  return entries;
}

type IntactEntry = NewIngestEntry & { readonly sequence: number };

/** The entries, failing on damage. */
async function entriesOf(
  log: IngestLog,
  owner: string,
  afterSequence: number,
): Promise<readonly IntactEntry[]> {
  const entries = await collect(log.read(owner, afterSequence));
  return entries.map((entry) => {
    if (entry.damaged)
      throw new Error(`damaged at ${entry.damaged.position}: ${entry.damaged.reason}`);
    return entry;
  });
}

async function sequencesOf(
  log: IngestLog,
  owner: string,
  afterSequence: number,
): Promise<readonly number[]> {
  return (await entriesOf(log, owner, afterSequence)).map((entry) => entry.sequence);
}
