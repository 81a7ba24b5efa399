import { evalRecord, type Json, type ScouterError } from "@scouter/contracts";
import { makeStorable, type EvalRecordToStore } from "@scouter/database";
import type { z } from "zod";
import { errors } from "../errors.ts";
import { describeShape, isObject } from "./message-kind.ts";

/** Kinds of the wire that this version has no table for. */
const NOT_STORED: ReadonlySet<string> = new Set([
  "Spc",
  "Psi",
  "Custom",
  "Observability",
  "AgentTaskRecord",
  "AgentWorkflowRecord",
]);

export type RecordReading =
  | { readonly kind: "record"; readonly record: EvalRecordToStore; readonly replaced: number }
  | { readonly kind: "refused"; readonly uid: string | undefined; readonly error: ScouterError };

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
  if (kind !== "AgentEval") {
    return refused(errors.SERVER_RECORD_KIND_UNKNOWN({ given: `the key '${kind.slice(0, 64)}'` }));
  }
  return readEvalRecord(tagged["AgentEval"], mayBeUnstorable);
}

function readEvalRecord(wrapped: Json | undefined, mayBeUnstorable: boolean): RecordReading {
  const given = isObject(wrapped) ? wrapped["record"] : undefined;
  const { value, replaced } =
    mayBeUnstorable && given !== undefined ? makeStorable(given) : { value: given, replaced: 0 };
  const parsed = evalRecord.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(describeIssue).join("; ");
    return refused(errors.SERVER_RECORD_SHAPE_INVALID({ problems }), uidOf(value));
  }
  return { kind: "record", record: { record: parsed.data, source: "Queue" }, replaced };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join(".");
  return `${path === "" ? "the record" : `'${path}'`}: ${issue.message}`;
}

function uidOf(record: Json | undefined): string | undefined {
  const uid = isObject(record) ? record["uid"] : undefined;
  return typeof uid === "string" ? uid.slice(0, 200) : undefined;
}

function refused(error: ScouterError, uid?: string): RecordReading {
  return { kind: "refused", uid, error };
}
