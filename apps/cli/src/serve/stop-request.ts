import type { Clock } from "@scouter/contracts";
import type { StopSignal, Terminal } from "../terminal.ts";

/**
 * A terminal and npm both pass Ctrl-C on, so one wish to stop arrives as two or three signals at about the same time;
 * only a signal later than this is a second wish.
 */
const SAME_WISH_MS = 500;

const SIGNALS: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
/** 128 + SIGINT, by the shells' convention: what was under way is lost. */
const FORCED_EXIT_CODE = 130;

export interface StopRequest {
  /** Resolves with the reason of the first wish. */
  readonly requested: Promise<string>;
  /** Signals have their usual effect again. */
  release(): void;
}

/** Waits for a signal or the loss of the parent. A second, later signal ends the process at once. */
export function listenForStop(terminal: Terminal, clock: Clock): StopRequest {
  const { promise, resolve } = Promise.withResolvers<string>();
  let firstWishMs: number | undefined;
  const wish = (reason: string, mayForce: boolean) => {
    const nowMs = clock.monotonicMs();
    if (firstWishMs === undefined) {
      firstWishMs = nowMs;
      resolve(reason);
    } else if (mayForce && nowMs - firstWishMs > SAME_WISH_MS) {
      terminal.err(`error: ${reason} again: ending at once, without an orderly stop\n`);
      terminal.abandon(FORCED_EXIT_CODE);
    }
  };
  const listeners = SIGNALS.map((signal) => [signal, () => wish(signal, true)] as const);
  for (const [signal, listener] of listeners) terminal.signals.on(signal, listener);
  terminal.parent?.onLost(() => wish("the parent process has ended", false));
  return {
    requested: promise,
    release() {
      for (const [signal, listener] of listeners) terminal.signals.off(signal, listener);
    },
  };
}
