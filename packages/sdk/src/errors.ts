import { defineErrors } from "@scouter/contracts/core";

interface Refusal {
  readonly request: string;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly remedy: string | undefined;
}

const refused = (p: Refusal) => `${p.request} answered ${p.status} ${p.code}: ${p.message}`;
const remedyOr = (fallback: string) => (p: Refusal) => p.remedy ?? fallback;

/**
 * Errors that the SDK raises to its caller. Replies of the server keep their own code, message and remedy: the message
 * repeats them, and `serverProblem(error)` returns them as fields. The queue raises none of these: it counts.
 */
export const errors = defineErrors({
  SDK_SERVER_UNREACHABLE: {
    kind: "unavailable",
    message: (p: { request: string; reason: string }) => `${p.request} got no reply: ${p.reason}`,
    remedy: "check that the server runs and that baseUrl names its host and port",
  },
  SDK_REQUEST_TIMED_OUT: {
    kind: "timeout",
    message: (p: { request: string; timeoutMs: number }) =>
      `${p.request} got no reply within ${p.timeoutMs} ms`,
    remedy: "raise timeoutMs or look at the load of the server",
  },
  SDK_REPLY_INVALID: {
    kind: "internal",
    message: (p: { request: string; status: number; reason: string }) =>
      `${p.request} answered ${p.status} with a body that is not Scouter's: ${p.reason}`,
    remedy: "check that baseUrl names a Scouter server and no proxy's error page",
  },
  SDK_REQUEST_INVALID: {
    kind: "invalid",
    message: refused,
    remedy: remedyOr("correct the arguments of the call"),
  },
  SDK_UNAUTHORIZED: {
    kind: "unauthorized",
    message: refused,
    remedy: remedyOr("pass username and password, or a valid token, to the client"),
  },
  SDK_FORBIDDEN: {
    kind: "forbidden",
    message: refused,
    remedy: remedyOr("use a token with the permission for this space"),
  },
  SDK_NOT_FOUND: {
    kind: "not-found",
    message: refused,
    remedy: remedyOr("check the identity that was asked for"),
  },
  SDK_CONFLICT: {
    kind: "conflict",
    message: refused,
    remedy: remedyOr("read the current state and try again"),
  },
  SDK_TOO_LARGE: {
    kind: "too-large",
    message: refused,
    remedy: remedyOr("send less in one request"),
  },
  SDK_BUSY: {
    kind: "busy",
    message: refused,
    remedy: remedyOr("retry after the pause that the server asks for"),
  },
  SDK_UNAVAILABLE: {
    kind: "unavailable",
    message: refused,
    remedy: remedyOr("retry; look at the server's readiness if it stays so"),
  },
  SDK_SERVER_FAILED: {
    kind: "internal",
    message: refused,
    remedy: remedyOr("look at the server's log for this request"),
  },
  SDK_CREDENTIALS_INVALID: {
    kind: "invalid",
    message: (p: { option: string }) =>
      `${p.option} cannot be sent: expected printable ASCII characters without a space at the ends`,
    remedy: "correct the option, or choose another password on the server",
  },
  SDK_BASE_URL_INVALID: {
    kind: "invalid",
    message: (p: { baseUrl: string }) => `baseUrl '${p.baseUrl}' is not an http or https address`,
    remedy: "give it as 'http://host:8000'",
  },
  SDK_OPTION_OUT_OF_RANGE: {
    kind: "invalid",
    message: (p: { option: string; given: unknown; allowed: string }) =>
      `option '${p.option}' is ${String(p.given)}: expected ${p.allowed}`,
    remedy: "correct the option or leave it out for its default",
  },
  SDK_ALIAS_UNKNOWN: {
    kind: "invalid",
    message: (p: { alias: string; known: readonly string[] }) =>
      `the queue has no alias '${p.alias}': it has ${p.known.map((alias) => `'${alias}'`).join(", ")}`,
    remedy: "name one of these, or add the profile to the queue's option 'profiles'",
  },
  SDK_TASK_DUPLICATE: {
    kind: "invalid",
    message: (p: { taskId: string; profile: string }) =>
      `task '${p.taskId}' occurs twice in profile '${p.profile}': ids are unique over all kinds of tasks`,
    remedy: "rename one of the two",
  },
  SDK_TASK_UNKNOWN_DEPENDENCY: {
    kind: "invalid",
    message: (p: { taskId: string; dependency: string; profile: string }) =>
      `task '${p.taskId}' of profile '${p.profile}' depends on '${p.dependency}', which is no task of it`,
    remedy: "add the task or correct the name in dependsOn",
  },
  SDK_TASK_CYCLE: {
    kind: "invalid",
    message: (p: { taskIds: readonly string[]; profile: string }) =>
      `tasks ${p.taskIds.map((id) => `'${id}'`).join(", ")} of profile '${p.profile}' wait for each other`,
    remedy: "remove one of the dependencies in the circle",
  },
  SDK_PEER_MISSING: {
    kind: "invalid",
    message: (p: { purpose: string; packages: readonly string[] }) =>
      `${p.purpose} needs packages that are not installed: ${p.packages.join(", ")}`,
    remedy: (p: { purpose: string; packages: readonly string[] }) =>
      `npm install ${p.packages.join(" ")}`,
  },
  SDK_AGENT_MISSING: {
    kind: "invalid",
    message: (p: { option: string }) =>
      `the scenario needs the option '${p.option}', which was not given`,
    remedy: "give the option, or override the orchestrator's step that uses it",
  },
  SDK_SUITE_FILE: {
    kind: "invalid",
    message: (p: { file: string; reason: string }) =>
      `cannot read a suite from '${p.file}': ${p.reason}`,
    remedy: "name a file that holds a suite as JSON, YAML or JSONL",
  },
  SDK_TASK_FILE: {
    kind: "invalid",
    message: (p: { file: string; reason: string }) =>
      `cannot use '${p.file}' as a file of tasks: ${p.reason}`,
    remedy: "name a file that holds tasks as JSON, YAML or JSONL",
  },
  SDK_RESULTS_FILE: {
    kind: "invalid",
    message: (p: { file: string; reason: string }) =>
      `cannot read results from '${p.file}': ${p.reason}`,
    remedy: "name a file that holds saved results as JSON",
  },
  SDK_RUN_FOLDER: {
    kind: "conflict",
    message: (p: { folder: string; reason: string }) =>
      `the folder '${p.folder}' cannot be used: ${p.reason}`,
    remedy: "go on with the run that it holds (resume), or name another folder",
  },
});
