/** What one window says about one alert (see `AlertRow.key`). */
export type Verdict = "alert" | "ok" | "no-data" | "insufficient-data" | "error";

export interface LifecyclePolicy {
  /** After a notification none follows for this long, also when the alert closed and opened between. 0 or more. */
  readonly coolDownMs: number;
  /** Whether a window without data counts as an alert, or says nothing. */
  readonly noData: "ignore" | "alert";
  /** An alert opens when `hits` of the last `of` windows that said something alert; 1 <= hits <= of. */
  readonly persistence: { readonly hits: number; readonly of: number };
}

export const DEFAULT_POLICY: LifecyclePolicy = {
  coolDownMs: 0,
  noData: "ignore",
  persistence: { hits: 1, of: 1 },
};

/** What is remembered of one alert between windows. Plain data: it is stored with the result of the window. */
export interface AlertState {
  readonly phase: "quiet" | "open";
  /** Ends of the windows: when it opened (open only), and the last one that was taken in. */
  readonly openedAtMs: number | undefined;
  readonly lastWindowEndMs: number | undefined;
  readonly lastNotifiedAtMs: number | undefined;
  /** Whether each of the last windows that said something alerted, oldest first. */
  readonly recent: readonly boolean[];
  /** The state before the last window, so that a revised result can replace it. */
  readonly before: Omit<AlertState, "before"> | undefined;
}

export const QUIET: AlertState = {
  phase: "quiet",
  openedAtMs: undefined,
  lastWindowEndMs: undefined,
  lastNotifiedAtMs: undefined,
  recent: [],
  before: undefined,
};

/**
 * What happened. `opened` tells somebody unless the cool-down holds; `ongoing` and `resolved` change what is stored;
 * `none` changes nothing.
 */
export type LifecycleAction =
  | { readonly kind: "none" }
  | { readonly kind: "opened"; readonly notify: boolean }
  | { readonly kind: "ongoing" }
  | { readonly kind: "resolved" };

export interface LifecycleStep {
  readonly state: AlertState;
  readonly action: LifecycleAction;
}

export interface WindowVerdict {
  readonly verdict: Verdict;
  readonly windowEndMs: number;
}

const NONE: LifecycleAction = { kind: "none" };

/**
 * Takes in the verdict of a window. Windows come in the order of time; the last one may come again (its result was
 * revised) and then replaces what it said before: nobody is told twice when the verdict is the same. An older window
 * changes nothing.
 */
export function advanceAlert(
  state: AlertState,
  { verdict, windowEndMs }: WindowVerdict,
  policy: LifecyclePolicy = DEFAULT_POLICY,
): LifecycleStep {
  const { lastWindowEndMs } = state;
  if (lastWindowEndMs !== undefined && windowEndMs < lastWindowEndMs)
    return { state, action: NONE };
  if (windowEndMs === lastWindowEndMs) return revise(state, { verdict, windowEndMs }, policy);
  return takeIn(state, { verdict, windowEndMs }, policy);
}

function takeIn(
  state: AlertState,
  { verdict, windowEndMs }: WindowVerdict,
  policy: LifecyclePolicy,
): LifecycleStep {
  const { before: _, ...before } = state;
  const seen: AlertState = { ...state, lastWindowEndMs: windowEndMs, before };
  const alerts = alertsBy(verdict, policy);
  if (alerts === undefined) return { state: seen, action: NONE };
  const { hits, of } = policy.persistence;
  const recent = [...state.recent, alerts].slice(-of);
  const next: AlertState = { ...seen, recent };
  if (state.phase === "open") {
    if (alerts) return { state: next, action: { kind: "ongoing" } };
    const closed: AlertState = { ...next, phase: "quiet", openedAtMs: undefined };
    return { state: closed, action: { kind: "resolved" } };
  }
  if (!alerts || recent.filter(Boolean).length < hits) return { state: next, action: NONE };
  return open(next, windowEndMs, policy);
}

function open(state: AlertState, windowEndMs: number, policy: LifecyclePolicy): LifecycleStep {
  const { lastNotifiedAtMs } = state;
  const notify =
    lastNotifiedAtMs === undefined || windowEndMs - lastNotifiedAtMs >= policy.coolDownMs;
  return {
    state: {
      ...state,
      phase: "open",
      openedAtMs: windowEndMs,
      lastNotifiedAtMs: notify ? windowEndMs : lastNotifiedAtMs,
    },
    action: { kind: "opened", notify },
  };
}

/** Undefined: the window says nothing about the alert. */
function alertsBy(verdict: Verdict, policy: LifecyclePolicy): boolean | undefined {
  if (verdict === "alert") return true;
  if (verdict === "ok") return false;
  return verdict === "no-data" && policy.noData === "alert" ? true : undefined;
}

function revise(state: AlertState, again: WindowVerdict, policy: LifecyclePolicy): LifecycleStep {
  if (state.before === undefined) return { state, action: NONE };
  const step = takeIn({ ...state.before, before: undefined }, again, policy);
  // A notification that went out stays said, whatever the window says now.
  const lastNotifiedAtMs = later(state.lastNotifiedAtMs, step.state.lastNotifiedAtMs);
  const revised: AlertState = { ...step.state, lastNotifiedAtMs };
  if (revised.phase === state.phase) return { state: revised, action: NONE };
  if (revised.phase === "quiet") return { state: revised, action: { kind: "resolved" } };
  const isTold = state.lastNotifiedAtMs === again.windowEndMs;
  const notify = step.action.kind === "opened" && step.action.notify && !isTold;
  return { state: revised, action: { kind: "opened", notify } };
}

function later(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}
