import { queuedEntitiesOf, type SpanRow } from "@scouter/telemetry";
import type { TraceSighting } from "./trace-sighting.ts";

/** Traces remembered as awaited; those awaited longest ago are let go first. */
const MAX_AWAITED = 200_000;

/** One trace in the entries of one owner, with when its latest span came, by a monotonic clock. */
export interface Sighted {
  spans: number;
  rootEnded: boolean;
  receivedAtMs: number;
  readonly entityIds: Set<string>;
  readonly queueIds: Set<string>;
  readonly queuedEntityIds: Set<string>;
}

interface Entry {
  readonly sequence: number;
  readonly traces: Map<string, Sighted>;
  /** The last batch it was part of; 0 before the first. */
  batch: number;
}

/** A span as far as it matters here. */
export type SeenSpan = Pick<
  SpanRow,
  "traceId" | "parentSpanId" | "entityIds" | "queueIds" | "attributes" | "events"
>;

export interface SightingBatch {
  readonly batch: number;
  readonly sightings: readonly TraceSighting[];
}

/**
 * Notes the awaited traces among the spans that are admitted, until they were told of: traces that somebody named, and
 * those whose spans name an entity or a queued record.
 */
export class SpanSightings {
  readonly #awaited = new Set<string>();
  readonly #owners = new Map<string, Entry[]>();
  #batch = 0;

  /** Resolves to those that were not awaited before. */
  await(traceIds: readonly string[]): readonly string[] {
    const added: string[] = [];
    for (const traceId of traceIds) {
      if (this.#awaited.has(traceId)) continue;
      this.#awaited.add(traceId);
      added.push(traceId);
    }
    for (const oldest of this.#awaited) {
      if (this.#awaited.size <= MAX_AWAITED) break;
      this.#awaited.delete(oldest);
    }
    return added;
  }

  /** True when an awaited trace is among the spans. Looks at three fields of the others. */
  note(owner: string, sequence: number, spans: Iterable<SeenSpan>, nowMs: number): boolean {
    const traces = new Map<string, Sighted>();
    for (const span of spans) {
      const names = span.entityIds.length > 0 || span.queueIds.length > 0;
      if (!names && !this.#awaited.has(span.traceId)) continue;
      addSpan(sightedIn(traces, span.traceId, nowMs), span);
    }
    if (traces.size === 0) return false;
    // Later spans of it need not name anything to belong to it.
    this.await([...traces.keys()]);
    this.#entriesOf(owner).push({ sequence, traces, batch: 0 });
    return true;
  }

  /** What is found afterwards of entries up to this one. */
  add(owner: string, sequence: number, traces: Map<string, Sighted>): void {
    if (traces.size > 0) this.#entriesOf(owner).push({ sequence, traces, batch: 0 });
  }

  /** A batch of all that is known of entries up to this one, each trace once. Given again until it is said to be told. */
  take(owner: string, through: number, nowMs: number): SightingBatch {
    this.#batch += 1;
    const merged = new Map<string, Sighted>();
    for (const entry of this.#owners.get(owner) ?? []) {
      if (entry.sequence > through) continue;
      entry.batch = this.#batch;
      for (const [traceId, sighted] of entry.traces) {
        merge(sightedIn(merged, traceId, sighted.receivedAtMs), sighted);
      }
    }
    const sightings = Array.from(merged, ([traceId, sighted]) =>
      sightingOf(traceId, sighted, nowMs),
    );
    return { batch: this.#batch, sightings };
  }

  /** What was in a batch up to this one is forgotten. */
  told(owner: string, batch: number): void {
    const left = (this.#owners.get(owner) ?? []).filter(
      (entry) => entry.batch === 0 || entry.batch > batch,
    );
    if (left.length > 0) this.#owners.set(owner, left);
    else this.#owners.delete(owner);
  }

  end(owner: string): void {
    this.#owners.delete(owner);
  }

  #entriesOf(owner: string): Entry[] {
    let entries = this.#owners.get(owner);
    if (entries === undefined) this.#owners.set(owner, (entries = []));
    return entries;
  }
}

function sightedIn(traces: Map<string, Sighted>, traceId: string, receivedAtMs: number): Sighted {
  let sighted = traces.get(traceId);
  if (sighted === undefined) {
    sighted = {
      spans: 0,
      rootEnded: false,
      receivedAtMs,
      entityIds: new Set(),
      queueIds: new Set(),
      queuedEntityIds: new Set(),
    };
    traces.set(traceId, sighted);
  }
  return sighted;
}

function addSpan(sighted: Sighted, span: SeenSpan): void {
  sighted.spans += 1;
  sighted.rootEnded ||= span.parentSpanId === null;
  for (const id of span.entityIds) sighted.entityIds.add(id);
  for (const id of span.queueIds) sighted.queueIds.add(id);
  for (const id of queuedEntitiesOf(span)) sighted.queuedEntityIds.add(id);
}

function merge(into: Sighted, other: Sighted): void {
  into.spans += other.spans;
  into.rootEnded ||= other.rootEnded;
  into.receivedAtMs = Math.max(into.receivedAtMs, other.receivedAtMs);
  for (const id of other.entityIds) into.entityIds.add(id);
  for (const id of other.queueIds) into.queueIds.add(id);
  for (const id of other.queuedEntityIds) into.queuedEntityIds.add(id);
}

function sightingOf(traceId: string, sighted: Sighted, nowMs: number): TraceSighting {
  return {
    traceId,
    spans: sighted.spans,
    rootEnded: sighted.rootEnded,
    agoMs: Math.max(0, nowMs - sighted.receivedAtMs),
    entityIds: [...sighted.entityIds].toSorted(),
    queueIds: [...sighted.queueIds].toSorted(),
    queuedEntityIds: [...sighted.queuedEntityIds].toSorted(),
  };
}
