/** Work in many small steps: one task's share of it between two `yield`s. */
export type Steps<Result> = Generator<undefined, Result>;

/** Asked between two steps: undefined to go on at once, else what to wait for. */
export type Turn = () => Promise<void> | undefined;

export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** For a thread that has other things to do. Rejects with what a step throws. */
export async function inTurns<Result>(steps: Steps<Result>, turn: Turn): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    const pause = turn();
    if (pause !== undefined) await pause;
  }
}
