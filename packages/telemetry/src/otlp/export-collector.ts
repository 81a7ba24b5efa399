import { isScouterError, type ScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { SpanRow } from "../span/span-row.ts";
import type { BaggageEntry, DecodedExport, RejectedSpan, TraceTag } from "./decoded-export.ts";
import { SpanDraft, type SpanOffence } from "./span-draft.ts";
import type { ResourceOfSpans, ScopeOfSpans } from "./span-origin.ts";

const BODY_INVALID = "OTLP_BODY_INVALID";

/** Gathers the spans of one request in order. */
export class ExportCollector {
  readonly #spans: SpanRow[] = [];
  readonly #rejected: RejectedSpan[] = [];
  readonly #tags: TraceTag[] = [];
  readonly #knownTags = new Set<string>();
  readonly #baggage: BaggageEntry[] = [];

  /** The offence met last, and its reason: spans of one sender tend to be wrong in the same way. */
  #lastOffence: SpanOffence | null = null;
  #lastReason = "";

  /**
   * Counts one span: kept, or rejected for what `fill` throws or the draft says. An error that refuses the whole
   * body, or that is not ours, is passed on.
   */
  add(resource: ResourceOfSpans, scope: ScopeOfSpans, fill: (draft: SpanDraft) => void): void {
    const draft = new SpanDraft();
    const refusal = refusalOf(draft, fill) ?? resource.refusal;
    if (refusal !== null) {
      this.#reject(refusal.code, reasonOf(refusal));
      return;
    }
    const offence = draft.offence();
    if (offence === null) this.#keep(draft.toRow(resource, scope), draft);
    else this.#reject(offence.code, this.#reasonOfOffence(offence));
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

  #reject(code: string, reason: string): void {
    const index = this.#spans.length + this.#rejected.length;
    this.#rejected.push({ index, code, reason });
  }

  #reasonOfOffence(offence: SpanOffence): string {
    const last = this.#lastOffence;
    const isSame =
      last?.code === offence.code && last.given === offence.given && last.field === offence.field;
    if (!isSame) {
      this.#lastOffence = offence;
      this.#lastReason = reasonOf(errorOf(offence));
    }
    return this.#lastReason;
  }
}

/** Fills the draft; returns the error that rejects the span alone, null when there is none. */
function refusalOf(draft: SpanDraft, fill: (draft: SpanDraft) => void): ScouterError | null {
  try {
    fill(draft);
    return null;
  } catch (error) {
    if (!isScouterError(error) || error.code === BODY_INVALID) throw error;
    return error;
  }
}

function errorOf(offence: SpanOffence): ScouterError {
  return offence.code === "OTLP_TIME_INVALID"
    ? errors.OTLP_TIME_INVALID(offence)
    : errors[offence.code](offence);
}

function reasonOf(error: ScouterError): string {
  return error.remedy === undefined ? error.message : `${error.message} (${error.remedy})`;
}
