import { agentEvalProfile, type Json, type JsonObject, type TaskBuckets } from "@scouter/contracts";
import {
  builtInVocabulary,
  compileTasksInTurns,
  type CompiledTasks,
  type Vocabulary,
} from "@scouter/evaluate";
import { turnsOfThread } from "./turns-of-thread.ts";

/** The tasks of a profile as a worker needs them. */
export interface ProfileTasks {
  readonly needsSpans: boolean;
  readonly hasJudges: boolean;
  /** Nothing has to be waited for: neither a model, nor spans, nor a task type of an app. */
  readonly assertionOnly: boolean;
  /**
   * JSON text of the tasks, for another thread; undefined when they can only run on this one: judges need this process's
   * connections, budget and cache, and words of an app are functions, which no thread can be sent.
   */
  readonly threadText: string | undefined;
  /** So many that compiling them, or one record's results, would hold this thread up. */
  readonly areMany: boolean;
  /** Compiled on this thread, once, in turns. Rejects with EVALUATE_TASKS_INVALID. */
  readonly compiled: () => CompiledTasks | Promise<CompiledTasks>;
}

/** A thousand tasks take up to 100 ms to compile, with patterns among them, and 10 ms for each record. */
export const MANY_TASKS = 1_000;

/**
 * Tasks that will run on this thread are parsed and compiled at once; many are left to the thread that will run them, because
 * parsing alone would hold this one up.
 *
 * @throws (rejects with) EVALUATE_TASKS_INVALID
 */
export async function profileTasks(
  profile: JsonObject,
  vocabulary: Vocabulary,
): Promise<ProfileTasks> {
  const counts = countsOf(profile["tasks"]);
  const hasOwnOperators = vocabulary.operators.size > builtInVocabulary.operators.size;
  if (counts === undefined || hasOwnOperators || counts.judge > 0 || counts.custom > 0) {
    return tasksHere(bucketsOf(profile), undefined, vocabulary);
  }
  const threadText = JSON.stringify(profile["tasks"]);
  if (counts.all < MANY_TASKS) return tasksHere(bucketsOf(profile), threadText, vocabulary);
  let known: Promise<CompiledTasks> | undefined;
  return {
    needsSpans: counts.trace > 0,
    hasJudges: false,
    assertionOnly: counts.trace === 0,
    threadText,
    areMany: true,
    compiled: () => (known ??= compiledInTurns(bucketsOf(profile), vocabulary)),
  };
}

function compiledInTurns(buckets: TaskBuckets, vocabulary: Vocabulary): Promise<CompiledTasks> {
  return compileTasksInTurns(buckets, vocabulary, turnsOfThread());
}

async function tasksHere(
  buckets: TaskBuckets,
  threadText: string | undefined,
  vocabulary: Vocabulary,
): Promise<ProfileTasks> {
  const compiled = await compiledInTurns(buckets, vocabulary);
  const { needsSpans, hasJudges, assertionOnly } = compiled;
  return {
    needsSpans,
    hasJudges,
    assertionOnly,
    threadText,
    areMany: false,
    compiled: () => compiled,
  };
}

function bucketsOf(profile: JsonObject): TaskBuckets {
  return agentEvalProfile.parse(profile).tasks;
}

/** Of tasks in buckets; undefined for anything else, which is looked at properly. */
function countsOf(tasks: Json | undefined) {
  if (typeof tasks !== "object" || tasks === null || Array.isArray(tasks)) return undefined;
  const buckets = new Map(Object.entries(tasks));
  const count = (name: string) => {
    const bucket = buckets.get(name);
    return Array.isArray(bucket) ? bucket.length : 0;
  };
  const [judge, trace, custom] = [count("judge"), count("trace"), count("custom")];
  return {
    judge,
    trace,
    custom,
    all: judge + trace + custom + count("assertion") + count("agent"),
  };
}
