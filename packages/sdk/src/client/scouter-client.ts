import type {
  AgentEvalWorkflowResult,
  CustomProfile,
  AlertExplanation,
  AlertTestReply,
  DriftAlert,
  DriftAlertPaginationRequest,
  DriftType,
  DriftBacktest,
  DriftBacktestRequestInput,
  DriftWindow,
  DriftWindowPage,
  DriftWindowStatus,
  EvalBaseline,
  EvalBaselinePage,
  EvalNotifyReply,
  EvalNotifyRequest,
  EvalRecord,
  EvalRunDetail,
  EvalRunPage,
  EvalRunRequest,
  EvalRunStored,
  EvalTaskResult,
  Json,
  JudgeCostReport,
  Page,
  PsiProfile,
  RecordCursor,
  RegisteredProfileResponse,
  SpcProfile,
  Summary,
  TaskGraph,
  TraceOverviewPage,
  UpdateAlertRequest,
  VersionType,
} from "@scouter/contracts";
import type { AgentProfile } from "../profile/agent-profile.ts";
import {
  checkedBaseUrl,
  checkedTimeoutMs,
  requestJson,
  type HttpCall,
  type HttpTarget,
} from "./http-request.ts";
import { ServerSession, type SessionOptions } from "./server-session.ts";
import type { ProfileList } from "./profile-reply.ts";
import type { CreatedUser, NewUser, ServerUser, UserChange } from "./user-reply.ts";
import type { TraceFilters, TracePage, TraceSearch, TraceSpan } from "./trace-reply.ts";

export interface DriftWindowRequest {
  /** The profile's. */
  readonly uid: string;
  /** All when absent. */
  readonly status?: DriftWindowStatus;
  /** 1..1000, default 50. */
  readonly limit?: number;
  /** `next_cursor` of the page before. */
  readonly cursor?: string;
}

export interface EvalRunListRequest {
  /** All that may be read when absent. */
  readonly space?: string;
  readonly suite?: string;
  /** 1..500, default 50. */
  readonly limit?: number;
  /** `next_cursor` of the page before. */
  readonly cursor?: string;
}

export interface JudgeCostsRequest {
  /** The profile's. */
  readonly uid: string;
  readonly start?: string;
  readonly end?: string;
}

export interface ScouterClientOptions extends SessionOptions {
  /** Address of the server, default `http://localhost:8000`. */
  readonly baseUrl?: string;
  /** Limit of one request, its reply included; default 30,000. */
  readonly timeoutMs?: number;
}

export interface RegisterProfileOptions {
  /** Default: the profile's own space. */
  readonly space?: string;
  /** Whether the version is watched from now on, default false. */
  readonly active?: boolean;
  /** Whether other versions of the same profile stop being watched, default false. */
  readonly deactivateOthers?: boolean;
  /** Version to ask for; default: the profile's own, or the next free one when it has none. */
  readonly version?: string;
  /** Which number grows when the version exists already, default `Minor`. */
  readonly versionType?: VersionType;
  /** Default: the profile's own `drift_type`, else `Agent`. */
  readonly driftType?: DriftType;
}

export interface ProfileStatusChange {
  readonly space: string;
  readonly name: string;
  readonly version: string;
  /** All kinds of profile that have this version when absent. */
  readonly driftType?: DriftType;
  /** Whether it is watched from now on. */
  readonly active: boolean;
  /** Whether other versions of the same profile stop being watched, default false. */
  readonly deactivateOthers?: boolean;
}

/** Any kind of profile: an agent's, or one that watches features or metrics. */
export type ProfileBody = AgentProfile | SpcProfile | PsiProfile | CustomProfile;

/** The profile as the server knows it: space, name, version and uid in its config are the server's. */
export interface RegisteredProfile<Profile extends ProfileBody = AgentProfile> {
  readonly space: string;
  readonly name: string;
  readonly version: string;
  readonly uid: string;
  readonly active: boolean;
  /** When its first window ends, RFC 3339; null when nothing is scheduled. */
  readonly nextRun: string | null;
  /** When its first three windows end. */
  readonly nextRuns: readonly string[];
  readonly profile: Profile;
}

export interface ProfileIdentity {
  readonly space: string;
  readonly name: string;
  readonly version: string;
  readonly driftType: DriftType;
}

export interface EvalPageRequest {
  readonly space: string;
  /** The profile's uid. */
  readonly uid: string;
  readonly status?: "All" | "Pending" | "Processing" | "Processed" | "Failed";
  /** 1..1,000; the server's default is 50. */
  readonly limit?: number;
  readonly cursor?: RecordCursor;
  readonly direction?: "next" | "previous";
  /** RFC 3339, bounds of the creation time. */
  readonly startTime?: string;
  readonly endTime?: string;
}

/** Placeholder of an unversioned profile: the server then chooses the version. */
const UNVERSIONED = "0.0.0";

/**
 * Reads from and registers with a Scouter server. Each method is one request without retries, but for one login when
 * the server asks for it.
 *
 * @throws ScouterError of the SDK's catalogue; `serverProblem(error)` gives the server's status, code and remedy
 */
export class ScouterClient {
  readonly #target: HttpTarget;

  constructor(options: ScouterClientOptions = {}) {
    const baseUrl = checkedBaseUrl(options.baseUrl ?? "http://localhost:8000");
    const timeoutMs = checkedTimeoutMs(options.timeoutMs ?? 30_000);
    const session = new ServerSession({ baseUrl, timeoutMs }, options);
    this.#target = { baseUrl, timeoutMs, session };
  }

  /** Whether the server answers; throws when it does not. */
  async health(): Promise<{ readonly alive: boolean; readonly version: string }> {
    return this.#call({ method: "GET", path: "/scouter/healthcheck" });
  }

  /** Stores a new version of a profile. The given profile is left as it is; the returned one carries the server's uid. */
  async registerProfile<Profile extends ProfileBody = AgentProfile>(
    profile: Profile,
    options: RegisterProfileOptions = {},
  ): Promise<RegisteredProfile<Profile>> {
    const space = options.space ?? profile.config.space;
    const sent: Profile = { ...profile, config: { ...profile.config, space } };
    const ownVersion = profile.config.version === UNVERSIONED ? null : profile.config.version;
    const reply = await this.#call<RegisteredProfileResponse>({
      method: "POST",
      path: "/scouter/profile",
      body: {
        space,
        drift_type: options.driftType ?? profile.config.drift_type ?? "Agent",
        profile: JSON.stringify(sent, null, 2),
        version_request: {
          version: options.version ?? ownVersion,
          version_type: options.versionType ?? "Minor",
          pre_tag: null,
          build_tag: null,
        },
        active: options.active ?? false,
        deactivate_others: options.deactivateOthers ?? false,
      },
    });
    const { name, version, uid, active } = reply;
    const config = { ...sent.config, space: reply.space, name, version, uid };
    const nextRun = reply.next_run ?? null;
    return {
      space: reply.space,
      name,
      version,
      uid,
      active,
      nextRun,
      nextRuns: reply.next_runs ?? [],
      profile: { ...sent, config },
    };
  }

  /** Begins or ends watching a version of a profile. One that does not exist changes nothing, and is no error. */
  async setProfileStatus(change: ProfileStatusChange): Promise<void> {
    const { space, name, version, active, driftType, deactivateOthers = false } = change;
    const body = { space, name, version, active, drift_type: driftType };
    await this.#call({
      method: "PUT",
      path: "/scouter/profile/status",
      body: { ...body, deactivate_others: deactivateOthers },
    });
  }

  /** The stored profile, tagged with its kind: `{ "Agent": {...} }`. */
  async getProfile(identity: ProfileIdentity): Promise<Readonly<Partial<Record<DriftType, Json>>>> {
    const { space, name, version, driftType } = identity;
    const query = { space, name, version, drift_type: driftType };
    return this.#call({ method: "GET", path: "/scouter/profile", query });
  }

  async listProfiles(
    options: { readonly cursor?: string; readonly limit?: number } = {},
  ): Promise<ProfileList> {
    return this.#call({ method: "GET", path: "/scouter/v2/profiles", query: { ...options } });
  }

  async evalRecords(request: EvalPageRequest): Promise<Page<EvalRecord>> {
    return this.#call({
      method: "POST",
      path: "/scouter/agent/page/record",
      body: evalPageBody(request),
    });
  }

  async evalWorkflows(request: EvalPageRequest): Promise<Page<AgentEvalWorkflowResult>> {
    return this.#call({
      method: "POST",
      path: "/scouter/agent/page/workflow",
      body: evalPageBody(request),
    });
  }

  /** Results of all tasks on one record, by stage; empty while it was not evaluated. */
  async evalTasks(recordUid: string): Promise<readonly EvalTaskResult[]> {
    const query = { record_uid: recordUid };
    const reply = await this.#call<{ tasks: readonly EvalTaskResult[] }>({
      method: "GET",
      path: "/scouter/agent/task",
      query,
    });
    return reply.tasks;
  }

  /** Keeps the result of an offline run. Sending it again changes nothing; another run with its id is a conflict. */
  async storeEvalRun(request: EvalRunRequest): Promise<EvalRunStored> {
    return this.#call({ method: "POST", path: "/scouter/v2/eval/runs", body: request });
  }

  /** Offline runs, newest first. */
  async listEvalRuns(request: EvalRunListRequest = {}): Promise<EvalRunPage> {
    return this.#call({ method: "GET", path: "/scouter/v2/eval/runs", query: { ...request } });
  }

  /** An offline run with its whole document. */
  async evalRun(id: number): Promise<EvalRunDetail> {
    return this.#call({ method: "GET", path: `/scouter/v2/eval/runs/${id}` });
  }

  /** Compares a stored run with another and tells a channel when it failed, or nothing is known. */
  async notifyOfEvalRun(id: number, request: EvalNotifyRequest): Promise<EvalNotifyReply> {
    const path = `/scouter/v2/eval/runs/${id}/notify`;
    return this.#call({ method: "POST", path, body: request });
  }

  /** Names of runs that others are compared with. */
  async listEvalBaselines(
    request: Omit<EvalRunListRequest, "suite"> = {},
  ): Promise<EvalBaselinePage> {
    return this.#call({ method: "GET", path: "/scouter/v2/eval/baselines", query: { ...request } });
  }

  /** Makes a name point at a stored run of its space. */
  async promoteEvalBaseline(request: {
    readonly space: string;
    readonly name: string;
    readonly run: number;
  }): Promise<EvalBaseline> {
    return this.#call({ method: "PUT", path: "/scouter/v2/eval/baselines", body: request });
  }

  /** Of the period (RFC 3339, the last 24 hours when absent): what each judge of a profile used, cost and was saved. */
  async judgeCosts(request: JudgeCostsRequest): Promise<JudgeCostReport> {
    const query = { ...request };
    return this.#call({ method: "GET", path: "/scouter/v2/evaluations/judges", query });
  }

  /** The tasks of a profile, with how they ended in the period. */
  async taskGraph(request: JudgeCostsRequest): Promise<TaskGraph> {
    const query = { ...request };
    return this.#call({ method: "GET", path: "/scouter/v2/evaluations/graph", query });
  }

  /**
   * Makes records due again: the one named, which must have ended, or all of the profile that were given up. Resolves
   * with their number.
   */
  async evaluateAgain(profileUid: string, recordUid?: string): Promise<number> {
    const body = { profile_uid: profileUid, record_uid: recordUid ?? null };
    const path = "/scouter/v2/evaluations/again";
    const reply = await this.#call<{ readonly records: number }>({ method: "POST", path, body });
    return reply.records;
  }

  /** Lets records go that were given up: no alert counts them any more. Resolves with their number. */
  async discardRecords(profileUid: string, recordUid?: string): Promise<number> {
    const body = { profile_uid: profileUid, record_uid: recordUid ?? null };
    const path = "/scouter/v2/evaluations/discard";
    const reply = await this.#call<{ readonly records: number }>({ method: "POST", path, body });
    return reply.records;
  }

  async listTraces(filters: TraceFilters = {}): Promise<TracePage> {
    return this.#call({ method: "POST", path: "/scouter/trace/paginated", body: filters });
  }

  /** Traces that match, newest first. */
  async searchTraces(search: TraceSearch = {}): Promise<TraceOverviewPage> {
    return this.#call({ method: "GET", path: "/scouter/v2/traces", query: { ...search } });
  }

  /** All spans of a trace in tree order. `traceId`: 32 hexadecimal digits. */
  async traceSpans(traceId: string): Promise<readonly TraceSpan[]> {
    const path = `/scouter/v1/traces/${encodeURIComponent(traceId)}/spans`;
    return (await this.#call<{ spans: readonly TraceSpan[] }>({ method: "GET", path })).spans;
  }

  async summary(): Promise<Summary> {
    return this.#call({ method: "GET", path: "/scouter/v2/summary" });
  }

  /** The ledger of a profile's drift windows, newest first. */
  async driftWindows(request: DriftWindowRequest): Promise<DriftWindowPage> {
    const query = { ...request };
    return this.#call({ method: "GET", path: "/scouter/v2/drift/windows", query });
  }

  /** When a profile would have alerted on what is stored, as it is and with other alert settings. Nothing changes. */
  async backtestDrift(request: DriftBacktestRequestInput): Promise<DriftBacktest> {
    return this.#call({ method: "POST", path: "/scouter/v2/drift/backtest", body: request });
  }

  /**
   * Makes a window due once more that failed for good, or that observations came late for. Any other is refused as a
   * conflict.
   */
  async rerunDriftWindow(id: number): Promise<DriftWindow> {
    const path = `/scouter/v2/drift/windows/${id}/rerun`;
    return this.#call({ method: "POST", path });
  }

  /** A profile's alerts, newest first. */
  async alerts(request: DriftAlertPaginationRequest): Promise<Page<DriftAlert>> {
    return this.#call({ method: "POST", path: "/scouter/alerts", body: request });
  }

  /** What an alert stands on, in the window that opened it (default) or in the newest one in which it was open. */
  async explainAlert(
    id: number,
    window: "opened" | "newest" = "opened",
  ): Promise<AlertExplanation> {
    const path = `/scouter/v2/alerts/${id}/explanation`;
    return this.#call({ method: "GET", path, query: { window } });
  }

  /**
   * Makes one attempt to tell a test message on a channel of the server, such as `webhook` or `slack:#ml`. Resolves also when
   * it was not delivered: the reply says why.
   */
  async testAlertChannel(channel: string): Promise<AlertTestReply> {
    return this.#call({ method: "POST", path: "/scouter/v2/alerts/test", body: { channel } });
  }

  /** Sets an alert aside, or makes it active again. */
  async setAlertActive(request: UpdateAlertRequest): Promise<void> {
    await this.#call({ method: "PUT", path: "/scouter/alerts", body: request });
  }

  /** A token for others that talk to the same server, such as an exporter of spans; renewed when half its life is over. */
  async accessToken(): Promise<string> {
    return this.#target.session.accessToken();
  }

  /** In the order of their names. Asks for an administrator, as the other methods on users do. */
  async listUsers(): Promise<readonly ServerUser[]> {
    const reply = await this.#call<{ users: readonly ServerUser[] }>({
      method: "GET",
      path: "/scouter/user",
    });
    return reply.users;
  }

  async createUser(user: NewUser): Promise<CreatedUser> {
    return this.#call({ method: "POST", path: "/scouter/user", body: user });
  }

  /** Users may change their own password and favourite spaces; the rest asks for an administrator. */
  async updateUser(username: string, change: UserChange): Promise<ServerUser> {
    return this.#call({ method: "PUT", path: userPath(username), body: change });
  }

  async deleteUser(username: string): Promise<void> {
    await this.#call({ method: "DELETE", path: userPath(username) });
  }

  #call<Reply extends object>(call: HttpCall): Promise<Reply> {
    return requestJson<Reply>(this.#target, call);
  }
}

function userPath(username: string): string {
  return `/scouter/user/${encodeURIComponent(username)}`;
}

function evalPageBody(request: EvalPageRequest): object {
  return {
    service_info: { space: request.space, uid: request.uid },
    status: request.status,
    limit: request.limit,
    cursor_created_at: request.cursor?.created_at,
    cursor_id: request.cursor?.id,
    direction: request.direction,
    start_datetime: request.startTime,
    end_datetime: request.endTime,
  };
}
