import { type Clock, isScouterError } from "@scouter/contracts";
import type { Action } from "../action/action.ts";
import { encodeCommit } from "../action/action-json.ts";
import { errors } from "../errors.ts";
import type { LogReader } from "../log/log-reader.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { type Commit, type TableState, replay } from "../snapshot/replay.ts";

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 1_000;

export interface CommitEnvironment {
  readonly store: ObjectStore;
  readonly log: LogReader;
  readonly table: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxAttempts: number;
  /** Called with every state that became known, also when the commit fails in the end. */
  readonly publish: (state: TableState) => void;
}

/** One commit as the loop sees it: what to write, and when to give up. */
export interface PendingCommit {
  /** Stands in the commit's commitInfo, so that the loop recognises its own commit. */
  readonly txnId: string;
  /** The actions on top of `state`; throws when the commit must not follow it. */
  actionsOn(state: TableState): readonly Action[];
  /** Throws when the commit must not follow `newer`; `state` includes it. */
  checkNewer(newer: Commit, state: TableState): void;
  readonly signal?: AbortSignal | undefined;
}

export interface CommitOutcome {
  readonly state: TableState;
  readonly attempts: number;
}

/**
 * Puts the next version if it is absent, and the one after that, until one is ours.
 *
 * A put that rejects, and with retrying clients even one that answers "taken", may have stored our commit. So every
 * answer but a plain yes is followed by reading that version back and looking for our txnId. As long as the version
 * stays missing the same version is tried again: should the lost put arrive late, it is either found by the next
 * read or fails because the version is taken. Only when the attempts end in that state is the outcome uncertain.
 */
export async function commitOptimistically(
  environment: CommitEnvironment,
  start: TableState,
  pending: PendingCommit,
): Promise<CommitOutcome> {
  let state = start;
  let unsure: { readonly version: number; readonly cause: unknown } | undefined;
  try {
    for (let attempts = 1; attempts <= environment.maxAttempts; attempts++) {
      if (attempts > 1) {
        await pause(environment, attempts, pending.signal);
        const step = await catchUp(environment, state, pending);
        state = step.state;
        if (step.isOurs) return { state, attempts: attempts - 1 };
        // That version is there and not ours: our lost put can no longer succeed.
        if (unsure && state.version >= unsure.version) unsure = undefined;
        for (const commit of step.newer) pending.checkNewer(commit, state);
      }
      const answer = await write(environment, state, pending);
      if (answer.outcome === "stored") {
        state = replay(state, [answer.commit]);
        environment.publish(state);
        return { state, attempts };
      }
      unsure =
        answer.outcome === "unsure"
          ? { version: state.version + 1, cause: answer.cause }
          : undefined;
    }
  } catch (error) {
    if (!unsure) throw error;
    throw uncertain(environment, unsure.version, error);
  }
  if (unsure) throw uncertain(environment, unsure.version, unsure.cause);
  const { table, maxAttempts } = environment;
  throw errors.DELTA_COMMIT_CONTENTION({ table, attempts: maxAttempts });
}

type WriteAnswer =
  | { readonly outcome: "stored"; readonly commit: Commit }
  | { readonly outcome: "taken" }
  | { readonly outcome: "unsure"; readonly cause: unknown };

async function write(
  environment: CommitEnvironment,
  state: TableState,
  pending: PendingCommit,
): Promise<WriteAnswer> {
  const { store, log } = environment;
  const commit: Commit = { version: state.version + 1, actions: pending.actionsOn(state) };
  let failure: unknown;
  try {
    if (await store.putIfAbsent(log.keyOf(commit.version), encodeCommit(commit.actions))) {
      return { outcome: "stored", commit };
    }
  } catch (error) {
    failure = error;
  }
  const found = await readBack(environment, commit.version);
  if (found.commit && isCommitOf(found.commit, pending.txnId)) return { outcome: "stored", commit };
  if (found.commit) return { outcome: "taken" };
  if (failure !== undefined && !isRetryable(failure)) throw failure;
  return { outcome: "unsure", cause: failure ?? found.failure };
}

async function readBack(
  environment: CommitEnvironment,
  version: number,
): Promise<{ readonly commit?: Commit | undefined; readonly failure?: unknown }> {
  try {
    return { commit: await environment.log.read(version) };
  } catch (failure) {
    if (!isRetryable(failure)) throw failure;
    return { failure };
  }
}

interface CatchUp {
  readonly state: TableState;
  readonly newer: readonly Commit[];
  readonly isOurs: boolean;
}

/** Applies what was committed since, by others or, found out late, by us. */
async function catchUp(
  environment: CommitEnvironment,
  start: TableState,
  pending: PendingCommit,
): Promise<CatchUp> {
  const newer: Commit[] = [];
  try {
    for await (const batch of environment.log.after(start.version)) newer.push(...batch);
  } catch (error) {
    if (!isRetryable(error)) throw error;
    return { state: start, newer: [], isOurs: false }; // the next attempt finds its version taken and comes back here
  }
  const state = replay(start, newer);
  environment.publish(state);
  return { state, newer, isOurs: newer.some((commit) => isCommitOf(commit, pending.txnId)) };
}

function isCommitOf(commit: Commit, txnId: string): boolean {
  return commit.actions.some(
    (action) => "commitInfo" in action && action.commitInfo.txnId === txnId,
  );
}

/** Full jitter: losers of one race must not meet again in the next. */
async function pause(
  environment: CommitEnvironment,
  attempt: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const ceilingMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 2));
  await environment.clock.sleep(environment.random() * ceilingMs, signal);
}

function isRetryable(error: unknown): boolean {
  return isScouterError(error) && error.retryable;
}

function uncertain(environment: CommitEnvironment, version: number, cause: unknown): Error {
  return errors.DELTA_COMMIT_UNCERTAIN({ table: environment.table, version }, { cause });
}
