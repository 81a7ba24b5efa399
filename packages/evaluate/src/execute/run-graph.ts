/** Work by position, and what waits for what. */
export interface GraphRun {
  readonly parents: readonly (readonly number[])[];
  readonly children: readonly (readonly number[])[];
  /** Called once for each position, when all its parents are done. Work that returns no promise is done at once. */
  readonly start: (position: number) => void | Promise<void>;
  /** Promises pending at the same time, at least 1. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs an acyclic graph: a node starts as soon as its own parents are done, the earliest declared of those that are
 * ready first. Rejects with the signal's reason on abort and with the first rejection of `start`; nothing new starts
 * then, and work under way is left to see the signal itself.
 */
export function runGraph(run: GraphRun): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const waiting = run.parents.map((parents) => parents.length);
  const ready = [...waiting.keys()].filter((position) => waiting[position] === 0);
  const state = { next: 0, pending: 0, done: 0, ended: false };

  const end = (settle: () => void) => {
    if (state.ended) return;
    state.ended = true;
    run.signal?.removeEventListener("abort", onAbort);
    settle();
  };
  const onAbort = () => end(() => reject(run.signal?.reason));
  const fail = (error: unknown) => end(() => reject(error));

  const complete = (position: number) => {
    state.done += 1;
    for (const child of run.children[position] ?? []) {
      waiting[child] = (waiting[child] ?? 0) - 1;
      if (waiting[child] === 0) ready.push(child);
    }
  };
  const startOne = (position: number) => {
    const started = run.start(position);
    if (started === undefined) {
      complete(position);
      return;
    }
    state.pending += 1;
    finish(position, started).catch(fail);
  };
  const finish = async (position: number, started: Promise<void>) => {
    await started;
    state.pending -= 1;
    complete(position);
    proceed();
  };
  const proceed = () => {
    try {
      while (!state.ended && state.next < ready.length && state.pending < run.concurrency) {
        const position = ready[state.next] ?? 0;
        state.next += 1;
        startOne(position);
      }
    } catch (error) {
      fail(error);
    }
    if (state.done === run.parents.length) end(resolve);
  };

  if (run.signal?.aborted) onAbort();
  else {
    run.signal?.addEventListener("abort", onAbort, { once: true });
    proceed();
  }
  return promise;
}
