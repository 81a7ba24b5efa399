import type { Clock, DispatchConfig } from "@scouter/contracts";
import type { BuiltInAlertChange, Database } from "@scouter/database";
import type { BuiltInRule } from "../alerts/built-in/built-in-rule.ts";
import { judgeRules, type RuleFinding } from "../alerts/built-in/judge-rules.ts";
import { Rounds } from "./rounds.ts";

export interface BuiltInAlertParts {
  readonly database: Pick<Database, "builtInAlerts" | "leases">;
  readonly rules: readonly BuiltInRule[];
  readonly clock: Clock;
  /** The database's time, by which alerts are stored. */
  readonly nowMs: () => Promise<number>;
  /** Where they are told. */
  readonly dispatch: DispatchConfig;
  /** Unique over processes. */
  readonly holder: string;
  readonly events: BuiltInAlertEvents;
}

/** For logs and metrics; none may throw. */
export interface BuiltInAlertEvents {
  readonly onChanged: (change: BuiltInAlertChange) => void;
  /** The rule is looked at again in the next round; the others are not held up. */
  readonly onRuleFailed: (rule: string, error: unknown) => void;
  readonly onTrouble: (error: unknown) => void;
}

const INTERVAL_MS = 10_000;
const LEASE_MS = 60_000;
const LEASE_NAME = "built-in-alerts";

/** Looks at the rules every ten seconds, in one process at a time; that two do for a moment is harmless. */
export class BuiltInAlertWorker {
  readonly #parts: BuiltInAlertParts;
  readonly #rounds: Rounds;

  constructor(parts: BuiltInAlertParts) {
    this.#parts = parts;
    const { clock, events } = parts;
    this.#rounds = new Rounds({ clock, pauseMs: INTERVAL_MS, onTrouble: events.onTrouble });
  }

  start(): void {
    this.#rounds.start(() => this.runOnce());
  }

  /** Resolves when the look under way has ended and the lease is given back. */
  async stop(): Promise<void> {
    const { database, events, holder } = this.#parts;
    await this.#rounds.stop();
    await database.leases.release(LEASE_NAME, holder).catch(events.onTrouble);
  }

  /** One look at all rules, when nobody else has the lease. */
  async runOnce(): Promise<void> {
    const { database, rules, nowMs, dispatch, holder, events } = this.#parts;
    const lease = { name: LEASE_NAME, holder, leaseMs: LEASE_MS };
    if (!(await database.leases.acquire(lease))) return;
    const looked = new Set<string>();
    const found: RuleFinding[] = [];
    for (const { name, amiss, text } of rules) {
      try {
        const profiles = await amiss();
        looked.add(name);
        for (const profile of profiles) found.push({ rule: name, profile, text: text(profile) });
      } catch (error) {
        events.onRuleFailed(name, error);
      }
    }
    const { builtInAlerts } = database;
    const open = await builtInAlerts.open();
    const known = new Set(rules.map(({ name }) => name));
    const now = await nowMs();
    const changes = judgeRules({ looked, found, open, nowMs: now, dispatch }, known);
    if (changes.length === 0) return;
    await builtInAlerts.settle(changes);
    for (const change of changes) events.onChanged(change);
  }
}
