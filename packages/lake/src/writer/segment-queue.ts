import { Segment, type SegmentEngine } from "./segment.ts";
import type { StagedRows } from "./staged-rows.ts";

/**
 * All segments of this process, by owner, oldest first: normally one owner with one open segment; while an earlier
 * process's log is replayed, that owner's too.
 *
 * Entries may be admitted out of order (their log appends resolve in order, messages may not); they join a segment in
 * order, so that a flush always writes a prefix.
 */
export class SegmentQueue {
  readonly #engine: SegmentEngine;
  readonly #owners = new Map<string, OwnerSegments>();
  #tableNumber = 0;

  constructor(engine: SegmentEngine) {
    this.#engine = engine;
  }

  /** Starts an owner whose next entry is `nextSequence`. No segment holds entries on both sides of `cutAfter`. */
  begin(owner: string, nextSequence: number, cutAfter?: number): void {
    this.#owners.set(owner, { nextSequence, early: new Map(), segments: [], cutAfter });
  }

  /** Forgets the owner and what it has, if anything. */
  async end(owner: string): Promise<void> {
    const state = this.#owners.get(owner);
    this.#owners.delete(owner);
    await state?.joining;
    for (const segment of state?.segments ?? []) await segment.drop();
  }

  /** Its segments are kept for reads alone; another process commits their entries. */
  orphan(owner: string): void {
    const state = this.#owners.get(owner);
    if (state !== undefined) state.isOrphan = true;
  }

  /** Drops orphaned segments as soon as the table holds their begin, and owners that have none left. */
  async sweepOrphans(watermark: (owner: string) => number): Promise<void> {
    for (const [owner, state] of this.#owners) {
      if (state.isOrphan !== true) continue;
      const known = watermark(owner);
      for (const segment of state.segments) {
        if (segment.firstSequence > known && segment.spanCount > 0) continue;
        this.remove(segment);
        await segment.drop();
      }
      if (state.segments.length === 0) this.#owners.delete(owner);
    }
  }

  has(owner: string): boolean {
    return this.#owners.has(owner);
  }

  async admit(owner: string, sequence: number, rows: StagedRows): Promise<void> {
    const state = this.#owners.get(owner);
    if (state === undefined) throw new Error(`no owner ${owner}`);
    state.early.set(sequence, rows);
    // Creating a table waits; the chain keeps concurrent admissions in order.
    state.joining = (state.joining ?? Promise.resolve()).then(() => this.#join(owner, state));
    await state.joining;
  }

  async #join(owner: string, state: OwnerSegments): Promise<void> {
    for (;;) {
      const rows = state.early.get(state.nextSequence);
      if (rows === undefined) return;
      let segment = await this.#open(owner, state);
      // A flush may seal between the wait and here; then the entry belongs to the next segment.
      while (segment.isSealed) segment = await this.#open(owner, state);
      segment.add(state.nextSequence, rows);
      if (state.nextSequence === state.cutAfter) segment.seal();
      state.early.delete(state.nextSequence);
      state.nextSequence += 1;
    }
  }

  async #open(owner: string, state: OwnerSegments): Promise<Segment> {
    const newest = state.segments.at(-1);
    if (newest !== undefined && !newest.isSealed) return newest;
    this.#tableNumber += 1;
    const table = `segment_${this.#tableNumber}`;
    const segment = await Segment.create(this.#engine, table, owner, state.nextSequence);
    state.segments.push(segment);
    return segment;
  }

  /** Seals what is open and returns all sealed segments of an owner, oldest first. */
  async sealed(owner: string): Promise<readonly Segment[]> {
    const state = this.#owners.get(owner);
    if (state === undefined || state.isOrphan === true) return [];
    await state.joining;
    for (const segment of state.segments) segment.seal();
    return [...state.segments];
  }

  /** Sealed segments that hold nothing behind this entry, oldest first. */
  sealedThrough(owner: string, through: number): readonly Segment[] {
    const state = this.#owners.get(owner);
    if (state === undefined || state.isOrphan === true) return [];
    return state.segments.filter((segment) => segment.isSealed && segment.lastSequence <= through);
  }

  remove(segment: Segment): void {
    const state = this.#owners.get(segment.owner);
    if (state !== undefined) state.segments = state.segments.filter((other) => other !== segment);
  }

  /** Every segment with rows, visible to statements: what a read takes beside the snapshot. */
  readable(): readonly Segment[] {
    const all = [...this.#owners.values()].flatMap((state) => state.segments);
    const filled = all.filter((segment) => segment.spanCount > 0);
    for (const segment of filled) segment.materialize();
    return filled;
  }

  owners(): readonly string[] {
    return [...this.#owners.keys()];
  }

  unflushedSpans(): number {
    let count = 0;
    for (const state of this.#owners.values()) {
      for (const segment of state.segments) count += segment.spanCount;
    }
    return count;
  }
}

interface OwnerSegments {
  nextSequence: number;
  readonly early: Map<number, StagedRows>;
  segments: Segment[];
  readonly cutAfter: number | undefined;
  isOrphan?: boolean;
  joining?: Promise<void>;
}
