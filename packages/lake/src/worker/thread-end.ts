import { atExit } from "../engine/at-exit.ts";

const BEFORE_ENGINE = 0;
const WITH_ENGINE = 1;
const OVER = 2;

/** A statement that is interrupted ends within milliseconds; decoding of a large body may come before that. */
const LONGEST_WAIT_MS = 10_000;

/**
 * What a thread with an engine and the one that started it share, so that the process does not end while the engine is at
 * work in the thread, which would make it an abort.
 */
export type ThreadEnd = Int32Array<SharedArrayBuffer>;

export function threadEnd(): ThreadEnd {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** In the thread, before it opens an engine. False when the process ends: it must not open one any more. */
export function beginWithEngine(end: ThreadEnd): boolean {
  return Atomics.compareExchange(end, 0, BEFORE_ENGINE, WITH_ENGINE) === BEFORE_ENGINE;
}

/** In the thread, when its engine does nothing any more and never will. */
export function endWithEngine(end: ThreadEnd): void {
  Atomics.store(end, 0, OVER);
  Atomics.notify(end, 0);
}

/** In the thread: as `endWithEngine`, and stands still from then on, as a call into the engine would not survive the end. */
export function awaitExit(end: ThreadEnd): void {
  endWithEngine(end);
  Atomics.wait(end, 0, OVER);
}

/**
 * In the thread that started it: when the process ends, `ask` is called, which tells the thread, and the end waits for its
 * `endWithEngine`.
 *
 * @returns forgets it; to be called when the thread has ended
 */
export function holdExit(end: ThreadEnd, ask: () => void): () => void {
  return atExit(() => {
    const found = Atomics.compareExchange(end, 0, BEFORE_ENGINE, OVER);
    if (found !== WITH_ENGINE) return;
    ask();
    Atomics.wait(end, 0, WITH_ENGINE, LONGEST_WAIT_MS);
  });
}
