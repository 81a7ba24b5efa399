import { isScouterError, type ScouterError } from "@scouter/contracts";
import type { SpanRow } from "../span/span-row.ts";
import type { BaggageEntry, DecodedExport, RejectedSpan, TraceTag } from "./decoded-export.ts";
import { SpanDraft } from "./span-draft.ts";
import type { ResourceOfSpans, ScopeOfSpans } from "./span-origin.ts";

const BODY_INVALID = "OTLP_BODY_INVALID";

/** Gathers the spans of one request in order. */
export class ExportCollector {
  readonly #spans: SpanRow[] = [];
  readonly #rejected: RejectedSpan[] = [];
  readonly #tags: TraceTag[] = [];
  readonly #knownTags = new Set<string>();
  readonly #baggage: BaggageEntry[] = [];

  /**
   * Counts one span: kept, or rejected with the reason that `fill` or the checks of the draft throw. An error that
   * refuses the whole body, or that is not ours, is passed on.
   */
  add(resource: ResourceOfSpans, scope: ScopeOfSpans, fill: (draft: SpanDraft) => void): void {
    const draft = new SpanDraft();
    try {
      fill(draft);
      if (resource.refusal !== null) throw resource.refusal;
      const row = draft.toRow(resource, scope);
      this.#keep(row, draft);
    } catch (error) {
      if (!isScouterError(error) || error.code === BODY_INVALID) throw error;
      this.#reject(error);
    }
  }

  result(): DecodedExport {
    return {
      spans: this.#spans,
      rejected: this.#rejected,
      tags: this.#tags,
      baggage: this.#baggage,
    };
  }

  #keep(row: SpanRow, draft: SpanDraft): void {
    this.#spans.push(row);
    for (const tag of draft.tags) this.#addTag(row.traceId, tag.key, tag.value);
    for (const { key, value } of draft.baggage) {
      this.#baggage.push({
        traceId: row.traceId,
        scope: row.scopeName,
        key,
        value,
        startTimeUnixNano: row.startTimeUnixNano,
      });
    }
  }

  #addTag(traceId: string, key: string, value: string): void {
    // The key's length makes the joined text unambiguous whatever characters key and value hold.
    const identity = `${traceId}${key.length}:${key}${value}`;
    if (this.#knownTags.has(identity)) return;
    this.#knownTags.add(identity);
    this.#tags.push({ traceId, key, value });
  }

  #reject(error: ScouterError): void {
    const reason =
      error.remedy === undefined ? error.message : `${error.message} (${error.remedy})`;
    const index = this.#spans.length + this.#rejected.length;
    this.#rejected.push({ index, code: error.code, reason });
  }
}
