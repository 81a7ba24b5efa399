import {
  customMetricRecord,
  evalRecord,
  psiRecord,
  spcRecord,
  type Json,
  type ScouterError,
} from "@scouter/contracts";
import { makeStorable, type Observation, type ReceivedItem } from "@scouter/database";
import { z } from "zod";
import { errors } from "../errors.ts";
import { describeShape, isObject } from "./message-kind.ts";

/** Kinds of the wire that this version has no table for. */
const NOT_STORED: ReadonlySet<string> = new Set([
  "Observability",
  "AgentTaskRecord",
  "AgentWorkflowRecord",
  "GenAITaskRecord",
  "GenAIWorkflowRecord",
]);

export type RecordReading =
  | { readonly kind: "item"; readonly item: ReceivedItem; readonly replaced: number }
  | { readonly kind: "refused"; readonly uid: string | undefined; readonly error: ScouterError };

const evalItem = z.object({ record: evalRecord }).transform(({ record }): ReceivedItem => ({
  kind: "eval-record",
  item: { record, source: "Queue" },
}));

function observed(observation: Observation): ReceivedItem {
  return { kind: "observation", item: observation };
}

/** What each kind looks like, and what is stored of it. */
const itemOfKind: Readonly<Record<string, z.ZodType<ReceivedItem>>> = {
  AgentEval: evalItem,
  // In the words of the Python client up to 0.25.
  GenAIEval: evalItem,
  Spc: spcRecord.transform(({ uid, feature, value, created_at: createdAt }) =>
    observed({ kind: "Spc", profileUid: uid, series: feature, value, createdAt }),
  ),
  Psi: psiRecord.transform((record) =>
    observed({
      kind: "Psi",
      profileUid: record.uid,
      series: record.feature,
      binId: record.bin_id,
      binCount: record.bin_count,
      createdAt: record.created_at,
    }),
  ),
  Custom: customMetricRecord.transform(({ uid, metric, value, created_at: createdAt }) =>
    observed({ kind: "Custom", profileUid: uid, series: metric, value, createdAt }),
  ),
};

/**
 * One element of `records`: checked and made storable.
 *
 * @param mayBeUnstorable whether the body holds an escape that no database can store; the search is skipped otherwise
 */
export function readRecord(tagged: Json, mayBeUnstorable: boolean): RecordReading {
  const keys = isObject(tagged) ? Object.keys(tagged) : [];
  const kind = keys[0];
  if (!isObject(tagged) || keys.length !== 1 || kind === undefined) {
    return refused(errors.SERVER_RECORD_KIND_UNKNOWN({ given: describeShape(tagged) }));
  }
  if (NOT_STORED.has(kind)) return refused(errors.SERVER_RECORD_KIND_NOT_STORED({ given: kind }));
  const reader = Object.hasOwn(itemOfKind, kind) ? itemOfKind[kind] : undefined;
  if (reader === undefined) {
    return refused(errors.SERVER_RECORD_KIND_UNKNOWN({ given: `the key '${kind.slice(0, 64)}'` }));
  }
  return readItem(tagged[kind], reader, mayBeUnstorable);
}

function readItem(
  given: Json | undefined,
  reader: z.ZodType<ReceivedItem>,
  mayBeUnstorable: boolean,
): RecordReading {
  const { value, replaced } =
    mayBeUnstorable && given !== undefined ? makeStorable(given) : { value: given, replaced: 0 };
  const parsed = reader.safeParse(value);
  if (parsed.success) return { kind: "item", item: parsed.data, replaced };
  const problems = parsed.error.issues.map(describeIssue).join("; ");
  return refused(errors.SERVER_RECORD_SHAPE_INVALID({ problems }), uidOf(value));
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.filter((step) => step !== "record").map(String);
  return `${path.length === 0 ? "the record" : `'${path.join(".")}'`}: ${issue.message}`;
}

/** Eval records lie one level deeper than the others. */
function uidOf(given: Json | undefined): string | undefined {
  const wrapped = isObject(given) ? given["record"] : undefined;
  const record = isObject(wrapped) ? wrapped : given;
  const uid = isObject(record) ? record["uid"] : undefined;
  return typeof uid === "string" ? uid.slice(0, 200) : undefined;
}

function refused(error: ScouterError, uid?: string): RecordReading {
  return { kind: "refused", uid, error };
}
