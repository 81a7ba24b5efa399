import { runDocument, type RunDocument } from "@scouter/contracts";
import type { Database, EvalRunEntry } from "@scouter/database";
import type { FastifyRequest } from "fastify";
import { errors } from "../../../errors.ts";
import { requireIn } from "../../guard/request-principal.ts";

/** @throws SERVER_EVAL_RUN_UNKNOWN, SERVER_PERMISSION_DENIED */
export async function readableRun(
  request: FastifyRequest,
  id: number,
  database: Database,
): Promise<EvalRunEntry> {
  const entry = await database.evalRuns.entry(id);
  if (entry === undefined) throw errors.SERVER_EVAL_RUN_UNKNOWN({ id });
  requireIn(request, "read", entry.space);
  return entry;
}

export async function documentOf({ id }: EvalRunEntry, database: Database): Promise<RunDocument> {
  const document = await database.evalRuns.document(id);
  if (document === undefined) throw errors.SERVER_EVAL_RUN_UNKNOWN({ id });
  return runDocument.parse(document);
}
