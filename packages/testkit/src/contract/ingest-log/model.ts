import { DIGEST_TTL_MS, type IngestLog } from "@scouter/lake";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { entriesOf, entryOf, numberOf, range } from "./entries.ts";
import type { Make, Place } from "./place.ts";

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

export function describeModel(make: Make): void {
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
