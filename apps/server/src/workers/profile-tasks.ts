import type { TaskBuckets } from "@scouter/contracts";
import {
  builtInVocabulary,
  compileTasks,
  type CompiledTasks,
  type Vocabulary,
} from "@scouter/evaluate";

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
  /** Compiled on this thread, once. @throws EVALUATE_TASKS_INVALID */
  readonly compiled: () => CompiledTasks;
}

/** A thousand tasks take up to 100 ms to compile, with patterns among them, and 10 ms for each record. */
const MANY_TASKS = 1_000;

/** Tasks that will run on this thread are compiled at once. @throws EVALUATE_TASKS_INVALID */
export function profileTasks(buckets: TaskBuckets, vocabulary: Vocabulary): ProfileTasks {
  const custom = buckets.custom ?? [];
  const hasJudges = buckets.judge.length > 0;
  const needsSpans = buckets.trace.length > 0;
  const hasOwnWords =
    custom.length > 0 || vocabulary.operators.size > builtInVocabulary.operators.size;
  const count = Object.values(buckets).reduce((sum, tasks) => sum + (tasks?.length ?? 0), 0);
  const threadText = hasJudges || hasOwnWords ? undefined : JSON.stringify(buckets);
  const areMany = threadText !== undefined && count >= MANY_TASKS;
  let known = areMany ? undefined : compileTasks(buckets, vocabulary);
  return {
    needsSpans,
    hasJudges,
    assertionOnly: !hasJudges && !needsSpans && custom.length === 0,
    threadText,
    areMany,
    compiled: () => (known ??= compileTasks(buckets, vocabulary)),
  };
}
