// A thread that evaluates heavy records one after the other, from text to text.
import { parentPort } from "node:worker_threads";
import { isScouterError, systemClock, taskBuckets, type Json } from "@scouter/contracts";
import { resultTexts } from "@scouter/database/result-texts";
import { compileTasks, evaluateRecord, type CompiledTasks } from "@scouter/evaluate";
import { errors } from "../../errors.ts";
import { threadCpuMs } from "./thread-cpu-ms.ts";
import type {
  EvaluationJob,
  EvaluationOrder,
  EvaluationReply,
  ThreadError,
} from "./thread-message.ts";

/** Profiles whose compiled tasks a thread keeps. */
const MAX_PROFILES = 20;

interface Known {
  readonly text: string;
  readonly compiled: CompiledTasks;
}

const known = new Map<string, Known>();

function tasksOf({ profileUid, tasksText: text }: EvaluationJob): CompiledTasks {
  const entry = known.get(profileUid);
  const compiled =
    entry?.text === text ? entry.compiled : compileTasks(taskBuckets.parse(JSON.parse(text)));
  known.delete(profileUid);
  known.set(profileUid, { text, compiled });
  const [oldest] = known.keys();
  if (known.size > MAX_PROFILES && oldest !== undefined) known.delete(oldest);
  return compiled;
}

async function evaluated({ id, job }: EvaluationOrder): Promise<EvaluationReply> {
  const startedMs = performance.now();
  const cpuBeforeMs = threadCpuMs();
  try {
    const { spans } = job;
    const spanSource = spans && { spansOf: () => Promise.resolve(spans) };
    const evaluation = await evaluateRecord({
      tasks: tasksOf(job),
      context: JSON.parse(job.contextText) as Json,
      recordUid: job.recordUid,
      entityUid: job.profileUid,
      entityId: job.entityId,
      traceId: job.traceId,
      ports: { clock: systemClock, spanSource },
    });
    const results = resultTexts(evaluation);
    const cpuMs = threadCpuMs() - cpuBeforeMs;
    return { id, results, tookMs: performance.now() - startedMs, cpuMs };
  } catch (error) {
    return { id, error: threadErrorOf(error) };
  }
}

function threadErrorOf(error: unknown): ThreadError {
  const reason = error instanceof Error ? error.message : String(error);
  const known = isScouterError(error) ? error : errors.SERVER_EVALUATION_THREAD_ENDED({ reason });
  const { code, kind, message, remedy } = known;
  return { code, kind, message, remedy };
}

parentPort?.on("message", (order: EvaluationOrder) => {
  void evaluated(order).then((reply) => parentPort?.postMessage(reply));
});
