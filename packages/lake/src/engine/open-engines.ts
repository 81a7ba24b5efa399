import { atExit } from "./at-exit.ts";
import { INTERRUPT_AGAIN_MS, type NativeCalls } from "./native-calls.ts";

const open = new Set<NativeCalls>();
let forgetExit: (() => void) | undefined;

/** An engine of this thread from here on, until the function returned is called. */
export function noteEngine(calls: NativeCalls): () => void {
  open.add(calls);
  forgetExit ??= atExit(interruptEngines);
  return () => {
    open.delete(calls);
    if (open.size > 0) return;
    forgetExit?.();
    forgetExit = undefined;
  };
}

/** Ends all that engines of this thread do; they are of no more use. Resolves when the thread may end. */
export async function haltEngines(): Promise<void> {
  await Promise.all([...open].map((calls) => calls.halt()));
}

/** A statement that waited for a thread of its own may begin after the first interrupts, on a busy machine long after. */
const INTERRUPTS = 100;

/**
 * Node waits for the threads on which statements run before it ends the process, without a limit. That they ended is not to
 * be learned any more, as no event is told: hence many interrupts with a pause between, two seconds of them.
 */
function interruptEngines(): void {
  const pause = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  for (let times = 0; times < INTERRUPTS; times += 1) {
    for (const calls of open) calls.interrupt();
    if (![...open].some((calls) => calls.areUnderWay)) return;
    Atomics.wait(pause, 0, 0, INTERRUPT_AGAIN_MS);
  }
}
