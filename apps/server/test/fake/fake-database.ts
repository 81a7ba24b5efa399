import { ScouterError, type JsonObject, type TagRecord } from "@scouter/contracts";
import type {
  BinPoint,
  ChartPoint,
  ChartRange,
  ClaimedEvalRecord,
  ClaimOutcome,
  Database,
  EvalClaim,
  EvalCompletion,
  EvalFailure,
  EvaluateAgainRequest,
  EvalRecordToStore,
  ItemOutcome,
  MessageToPark,
  NewIngestDeadLetter,
  Observation,
  ProfileRegistration,
  ReceivedItem,
  ReceivedMessage,
  RegisteredProfile,
  StoreOutcome,
  TraceBaggage,
} from "@scouter/database";
import { fakeDrift } from "./fake-drift.ts";
import { fakeEvalRuns } from "./fake-eval-runs.ts";
import { fakeReads } from "./fake-reads.ts";
import { FakeTraceActivity } from "./fake-trace-activity.ts";
import { fakeUsers } from "./fake-users.ts";

export const UNAVAILABLE = new ScouterError({
  code: "FAKE_UNAVAILABLE",
  kind: "unavailable",
  message: "the fake database is away",
});
export const POISON = new ScouterError({
  code: "FAKE_POISON",
  kind: "invalid",
  message: "the fake database does not take this",
});

const asRepeat = (outcome: ItemOutcome): ItemOutcome =>
  outcome === "stored" ? "duplicate" : outcome;

/** The database as the server sees it, in memory, with switches to make it fail. */
export class FakeDatabase implements Database {
  readonly kind = "pglite";
  readonly capabilities = { durability: "process" } as const;

  /** Every call rejects with `UNAVAILABLE` while set. */
  away = false;
  /** Record uids on which a whole batch fails. */
  readonly poisonousUids = new Set<string>();
  readonly stored = new Map<string, EvalRecordToStore>();
  storeCalls = 0;
  /** Held back while set; resolves it to let calls of `store` go on. */
  gate: Promise<void> | undefined;
  readonly registered: RegisteredProfile[] = [];
  readonly storedTags: TagRecord[] = [];
  readonly letters: NewIngestDeadLetter[] = [];
  closed = false;
  maintained = 0;

  /** Handed out by `claim`, first in, first out. */
  readonly claimable: ClaimedEvalRecord[] = [];
  readonly completed: EvalCompletion[] = [];
  readonly failures: { readonly claim: EvalClaim; readonly failure: EvalFailure }[] = [];
  readonly heartbeats: (readonly EvalClaim[])[] = [];
  readonly released: string[] = [];
  readonly tracesAgain: string[] = [];
  readonly evaluatedAgain: EvaluateAgainRequest[] = [];
  claimCalls = 0;
  lostOnHeartbeat: readonly EvalClaim[] = [];
  completionsRefused = new Set<number>();
  #onChange: (() => void)[] = [];
  #listeners: ((payload: string) => void)[] = [];

  #check(): void {
    if (this.away) throw UNAVAILABLE;
  }

  /** Resolves as soon as the condition holds; it is looked at after every call of the fake. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#onChange.push(resolve));
  }

  #changed(): void {
    for (const wake of this.#onChange.splice(0)) wake();
  }

  notify(): void {
    for (const listener of this.#listeners) listener("");
  }

  readonly traceActivity = new FakeTraceActivity();
  readonly storedBaggage: TraceBaggage[] = [];
  readonly traceBaggage: Database["traceBaggage"] = {
    store: async (entries) => {
      this.#check();
      this.storedBaggage.push(...entries);
    },
    of: async (traceId) => this.storedBaggage.filter((entry) => entry.traceId === traceId),
    forget: async () => 0,
  };

  readonly observationDays: Database["observationDays"] = {
    prepare: async () => undefined,
    toArchive: async () => [],
    async *rows() {},
    finish: async () => "done",
    archived: async () => [],
    archivedFor: async () => [],
    expiredBefore: async () => undefined,
    forgetArchived: async () => undefined,
  };

  readonly evaluationDays: Database["evaluationDays"] = {
    toArchive: async () => [],
    async *rows() {},
    finish: async () => "done",
    archived: async () => [],
    archivedFor: async () => [],
    expiredBefore: async () => undefined,
    forgetArchived: async () => undefined,
  };

  async sendNotice(_channel: string, payload: string): Promise<void> {
    for (const listener of this.#listeners) listener(payload);
  }

  readonly profiles: Database["profiles"] = {
    register: async (registration: ProfileRegistration) => {
      this.#check();
      const { versionRequest, deactivateOthers: _others, ...key } = registration;
      const uid = `00000000-0000-7000-8000-${String(this.registered.length).padStart(12, "0")}`;
      const version = versionRequest.version ?? "0.1.0";
      const config = { ...(registration.profile["config"] as JsonObject), uid, version };
      const profile = { ...registration.profile, config };
      const row = { ...key, profile, uid, version, createdAt: "2026-01-01T00:00:00.000000Z" };
      this.registered.push(row);
      return row;
    },
    replace: async (uid, profile) => {
      const index = this.registered.findIndex((row) => row.uid === uid);
      const before = this.registered[index];
      if (before === undefined) return undefined;
      const row = { ...before, profile };
      this.registered[index] = row;
      return row;
    },
    get: async (key) =>
      this.registered.find(
        (row) =>
          row.space === key.space &&
          row.name === key.name &&
          row.version === key.version &&
          row.driftType === key.driftType,
      ),
    byUid: async (uid) => {
      this.#check();
      return this.registered.find((row) => row.uid === uid);
    },
    listVersions: async (space, name, version) =>
      this.registered.filter(
        (row) => row.space === space && row.name === name && row.version === version,
      ),
    list: async ({ limit }) => ({
      items: this.registered.slice(0, limit).map((row) => ({
        uid: row.uid,
        space: row.space,
        name: row.name,
        version: row.version,
        drift_type: row.driftType,
        active: row.active,
        created_at: row.createdAt,
      })),
      nextCursor: this.registered.length > limit ? "more" : null,
    }),
    setStatus: async () => 1,
  };

  readonly evalRecords: Database["evalRecords"] = {
    store: async (batch) => {
      this.storeCalls += 1;
      await this.gate;
      this.#check();
      if (batch.some(({ record }) => this.poisonousUids.has(record.uid))) throw POISON;
      const outcomes = batch.map((item): StoreOutcome => {
        const { entity_uid: profileUid, uid } = item.record;
        if (!this.registered.some((row) => row.uid === profileUid)) return "unknown-profile";
        const key = `${profileUid}/${uid}`;
        if (this.stored.has(key)) return "duplicate";
        this.stored.set(key, item);
        return "stored";
      });
      this.#changed();
      return outcomes;
    },
    claim: async ({ limit, except = [] }) => {
      this.claimCalls += 1;
      this.#changed();
      this.#check();
      const free = this.claimable.filter(({ profile }) => !except.includes(profile.uid));
      const claimed = free.slice(0, limit);
      const left = this.claimable.filter((item) => !claimed.includes(item));
      this.claimable.splice(0, Infinity, ...left);
      return claimed;
    },
    heartbeat: async (claims) => {
      this.heartbeats.push(claims);
      this.#changed();
      return this.lostOnHeartbeat;
    },
    complete: async (completions) => {
      if (completions.some(({ claim }) => this.completionsRefused.has(claim.recordId))) {
        throw POISON;
      }
      this.completed.push(...completions);
      this.#changed();
      return completions.map((): ClaimOutcome => "done");
    },
    fail: async (claim, failure) => {
      this.failures.push({ claim, failure });
      this.#changed();
      return "done";
    },
    again: async (request) => {
      this.evaluatedAgain.push(request);
      return this.stored.size;
    },
    completePrepared: async () => "done",
    discard: async () => this.stored.size,
    againOfTrace: async (traceId) => {
      this.tracesAgain.push(traceId);
      return 1;
    },
    releaseAll: async (workerId) => {
      this.released.push(workerId);
      return 0;
    },
    page: async () => ({
      items: [...this.stored.values()].map(({ record }) => ({
        ...record,
        received_at: "2026-01-01T00:00:00.000000Z",
        last_error: null,
      })),
      has_next: false,
      next_cursor: null,
      has_previous: false,
      previous_cursor: null,
    }),
    workflowPage: async () => ({
      items: [],
      has_next: false,
      next_cursor: null,
      has_previous: false,
      previous_cursor: null,
    }),
    tasksOf: async () => [],
    byUid: async (uid) =>
      [...this.stored.values()]
        .filter(({ record }) => record.uid === uid)
        .map(({ record }) => ({
          ...record,
          received_at: "2026-01-01T00:00:00.000000Z",
          last_error: null,
        })),
    counts: async () => ({
      pending: this.stored.size,
      retrying: 0,
      processing: 0,
      processed: 3,
      failed: 1,
    }),
    summary: async () =>
      this.registered.map((row) => ({
        profileUid: row.uid,
        space: row.space,
        name: row.name,
        version: row.version,
        recordsEvaluated: 3,
        tasksPassed: 6,
        tasksFailed: 1,
        tasksErrored: 1,
        tasksSkipped: 2,
        passRate: 0.75,
      })),
  };

  /** Remembers identities for ever; items go to the two fakes they belong to. */
  readonly messages: Database["messages"] = {
    store: async (messages) => {
      const keyOf = ({ identity }: ReceivedMessage) => JSON.stringify(identity ?? null);
      const fresh = messages.filter((message) => !this.remembered.has(keyOf(message)));
      const stored = [...(await this.#storeItems(fresh.flatMap(({ items }) => items)))];
      return messages.map((message) => {
        const known = this.remembered.get(keyOf(message));
        if (known !== undefined) return known;
        const outcomes = stored.splice(0, message.items.length);
        if (message.identity !== undefined) {
          this.remembered.set(keyOf(message), outcomes.map(asRepeat));
        }
        return outcomes;
      });
    },
    storeItems: async ({ items }) => {
      const outcomes: ItemOutcome[] = [];
      for (const item of items) {
        try {
          outcomes.push(...(await this.#storeItems([item])));
        } catch (error) {
          if (error !== POISON) throw error;
          outcomes.push({ code: POISON.code, message: POISON.message });
        }
      }
      return outcomes;
    },
    forget: async () => 0,
  };
  readonly remembered = new Map<string, readonly ItemOutcome[]>();

  async #storeItems(items: readonly ReceivedItem[]): Promise<readonly ItemOutcome[]> {
    const records = items.flatMap((one) => (one.kind === "eval-record" ? [one.item] : []));
    const seen = items.flatMap((one) => (one.kind === "observation" ? [one.item] : []));
    const recordOutcomes = [...(await this.evalRecords.store(records))];
    const observationOutcomes = [...(await this.observations.store(seen))];
    return items.map(
      ({ kind }) =>
        (kind === "eval-record" ? recordOutcomes : observationOutcomes).shift() as ItemOutcome,
    );
  }

  readonly observed: Observation[] = [];
  /** What the charts answer, and the ranges they were asked for. */
  chartPoints: readonly ChartPoint[] = [];
  binPoints: readonly BinPoint[] = [];
  readonly chartRanges: ChartRange[] = [];

  readonly observations: Database["observations"] = {
    store: async (batch) =>
      batch.map((observation) => {
        const { profileUid, kind, series } = observation;
        const profile = this.registered.find((row) => row.uid === profileUid);
        if (profile === undefined) return "unknown-profile";
        if (profile.driftType !== kind) return "other-kind";
        const names = profile.profile[kind === "Custom" ? "metrics" : "features"] ?? {};
        if (!Object.hasOwn(names as JsonObject, series)) return "unknown-series";
        this.observed.push(observation);
        return "stored";
      }),
    spcValues: async () => new Map(),
    lastSpcValues: async () => new Map(),
    psiBinCounts: async () => new Map(),
    psiBinCountsOf: async (windows) => windows.map(() => new Map()),
    customTallies: async () => new Map(),
    agentTallies: async () => ({
      passRates: { sum: 0, count: 0 },
      tasks: { passed: 0, total: 0 },
      byTask: new Map(),
    }),
    rowCount: async () => this.observed.length,
    spcChart: async (_uid, range) => this.#chart(range),
    customChart: async (_uid, range) => this.#chart(range),
    agentTaskChart: async (_uid, range) => this.#chart(range),
    agentWorkflowChart: async (_uid, range) => this.#chart(range),
    psiChart: async (_uid, range) => {
      this.chartRanges.push(range);
      return this.binPoints;
    },
  };

  #chart(range: ChartRange): readonly ChartPoint[] {
    this.chartRanges.push(range);
    return this.chartPoints;
  }

  /** By owner; without a day's end. */
  readonly spentUsd = new Map<string, number>();
  readonly judgeSpend: Database["judgeSpend"] = {
    reserve: async ({ owner, usd, limitUsd }) => {
      this.#check();
      const spent = this.spentUsd.get(owner) ?? 0;
      if (spent + usd > limitUsd) return { granted: false, leftUsd: limitUsd - spent };
      this.spentUsd.set(owner, spent + usd);
      return { granted: true, day: "2026-01-01" };
    },
    settle: async ({ owner, reservedUsd, usd }) => {
      this.#check();
      this.spentUsd.set(owner, (this.spentUsd.get(owner) ?? 0) - reservedUsd + usd);
    },
    spentToday: async (owner) => this.spentUsd.get(owner) ?? 0,
  };

  readonly #drift = fakeDrift();
  readonly driftWindows = this.#drift.driftWindows;
  readonly alerts = this.#drift.alerts;
  readonly alertOutbox = this.#drift.alertOutbox;
  readonly builtInAlerts = this.#drift.builtInAlerts;
  readonly leases = this.#drift.leases;
  readonly #reads = fakeReads();
  readonly overview = this.#reads.overview;
  readonly evaluations = this.#reads.evaluations;
  readonly driftBoard = this.#reads.driftBoard;
  /** Ids of alerts that were set aside. */
  readonly setAside = this.#drift.setAside;

  readonly tags: Database["tags"] = {
    upsert: async (tags) => {
      this.#check();
      if (tags.some((tag) => tag.value === "poison")) throw POISON;
      this.storedTags.push(...tags);
      return tags.length;
    },
    of: async (entityType, entityId) =>
      this.storedTags.filter((tag) => tag.entity_type === entityType && tag.entity_id === entityId),
    entityIdsByTags: async ({ entityType, tags, after = "", limit = this.storedTags.length }) =>
      this.storedTags
        .filter(
          (tag) =>
            tag.entity_type === entityType &&
            tags.some((filter) => filter.key === tag.key && filter.value === tag.value),
        )
        .map((tag) => tag.entity_id)
        .filter((id) => id > after)
        .toSorted()
        .slice(0, limit),
  };

  readonly evalRuns = fakeEvalRuns();

  readonly scenarios = new Map<string, Map<string, JsonObject>>();
  readonly evalScenarios: Database["evalScenarios"] = {
    register: async (collectionId, scenarios) => {
      this.#check();
      const stored = this.scenarios.get(collectionId) ?? new Map<string, JsonObject>();
      for (const { id, scenario } of scenarios) stored.set(id, scenario);
      this.scenarios.set(collectionId, stored);
    },
    of: async (collectionId) => [...(this.scenarios.get(collectionId)?.values() ?? [])],
  };

  readonly deadLetters: Database["deadLetters"] = {
    add: async (letter) => void this.letters.push(letter),
    list: async () => [],
    payload: async () => new Uint8Array([1]),
    count: async () => this.letters.length,
  };

  /** What was parked, in order. */
  readonly parked: MessageToPark[] = [];

  readonly parkedMessages: Database["parkedMessages"] = {
    park: async (message) => {
      this.#check();
      this.parked.push(message);
    },
    list: async () => [],
    payload: async () => new Uint8Array([1]),
    count: async () => this.parked.length,
  };

  readonly producers: Database["producers"] = {
    list: async () => [],
    services: async () => [],
  };

  readonly users: Database["users"] = fakeUsers(() => this.#check());

  readonly identity: Database["identity"] = {
    get: async () => undefined,
    putIfAbsent: async (_key, value) => value,
    put: async () => undefined,
  };

  async listen(_channel: string, handler: (payload: string) => void) {
    this.#check();
    this.#listeners.push(handler);
    return async () => void (this.#listeners = []);
  }

  async ping(): Promise<void> {
    this.#check();
  }

  async maintain(): Promise<void> {
    this.maintained += 1;
    this.#changed();
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
