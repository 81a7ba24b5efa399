import { defineErrors } from "@scouter/contracts";

/** What the command itself refuses. Errors of the client and the server pass through with their own codes. */
export const errors = defineErrors({
  CLI_OPTION_INVALID: {
    kind: "invalid",
    message: (p: { option: string; given: string; allowed: string }) =>
      `option ${p.option} is '${p.given}': expected ${p.allowed}`,
    remedy: "correct the option",
  },
  CLI_SERVER_UNREACHABLE: {
    kind: "invalid",
    message: (p: { url: string; reason: string }) =>
      `no Scouter server answers at ${p.url}: ${p.reason}`,
    remedy: "start one with 'scouter serve', or name another with --url or SCOUTER_SERVER_URI",
  },
  CLI_LOGIN_REFUSED: {
    kind: "unauthorized",
    message: (p: { url: string; reason: string }) => `${p.url} refused the login: ${p.reason}`,
    remedy: "set SCOUTER_USERNAME and SCOUTER_PASSWORD to a user of that server",
  },
  CLI_PASSWORD_FILE: {
    kind: "invalid",
    message: (p: { file: string; reason: string }) =>
      `cannot read a password from '${p.file}': ${p.reason}`,
    remedy: "name a file whose first line is the password, such as /dev/stdin",
  },
  CLI_PROFILE_UNKNOWN: {
    kind: "not-found",
    message: (p: { profile: string }) => `no profile '${p.profile}' is registered`,
    remedy: "see 'scouter profile list'; name it by uid, space/name or space/name/version",
  },
  CLI_PROFILE_FILE: {
    kind: "invalid",
    message: (p: { file: string; reason: string }) =>
      `cannot read a profile from '${p.file}': ${p.reason}`,
    remedy: "name a file that holds the profile as one JSON object, such as a client saves",
  },
  CLI_RUN_FILE: {
    kind: "invalid",
    message: (p: { file: string; reason: string }) =>
      `cannot read a run from '${p.file}': ${p.reason}`,
    remedy: "name a file that holds a saved run as JSON",
  },
  CLI_BASELINE_UNKNOWN: {
    kind: "not-found",
    message: (p: { name: string; space: string }) =>
      `space '${p.space}' has no baseline '${p.name}' on the server`,
    remedy: "list them with: scouter eval baseline list; save one with: scouter eval baseline save",
  },
  CLI_BASELINE_FEW_REPEATS: {
    kind: "invalid",
    message: (p: { fewest: number; need: number }) =>
      `a scenario has ${String(p.fewest)} repeats, a baseline needs ${String(p.need)}: one lucky run fails many candidates that did not change`,
    remedy: "run with --repeat 3, give several runs, add --last 2, or take it with --few-repeats",
  },
  CLI_SPACE_MISSING: {
    kind: "invalid",
    message: "a run on the server belongs to a space, and none was named",
    remedy: "name it with --space",
  },
  CLI_QUARANTINE_FILE: {
    kind: "invalid",
    message: (p: { file: string; reason: string }) =>
      `cannot read a quarantine from '${p.file}': ${p.reason}`,
    remedy: "name a file that holds the quarantine as JSON",
  },
  CLI_OUT_MISSING: {
    kind: "invalid",
    message: (p: { reporters: string }) =>
      `--reporter ${p.reporters} makes files, and no folder is named`,
    remedy: "name a folder with --out",
  },
  CLI_OUT_FOLDER: {
    kind: "invalid",
    message: (p: { folder: string; reason: string }) =>
      `cannot write reports to '${p.folder}': ${p.reason}`,
    remedy: "name a folder that can be written with --out",
  },
  CLI_PROFILE_KIND_UNKNOWN: {
    kind: "invalid",
    message: (p: { file: string; given: string }) =>
      `the profile in '${p.file}' has ${p.given} as 'config.drift_type': expected Spc, Psi, Custom or Agent`,
    remedy: "write one of these, in any letter case",
  },
  CLI_PROFILE_SPACE_MISSING: {
    kind: "invalid",
    message: (p: { file: string }) => `the profile in '${p.file}' has no 'config.space'`,
    remedy: "write it into the file, or give it with --space",
  },
  CLI_PROFILE_VERSION_TAKEN: {
    kind: "conflict",
    message: (p: { profile: string; kind: string; uid: string }) =>
      `version ${p.profile} of this ${p.kind} profile is registered already, with uid ${p.uid}`,
    remedy:
      "raise 'config.version', or give --next-version to register the next free one; versions are never overwritten",
  },
  CLI_PROFILE_AMBIGUOUS: {
    kind: "invalid",
    message: (p: { profile: string; found: readonly string[] }) =>
      `'${p.profile}' names ${p.found.length} profiles: ${p.found.join(", ")}`,
    remedy: "name one by its uid",
  },
  CLI_NO_PROFILE: {
    kind: "not-found",
    message: "no agent profile is registered",
    remedy: "register one with the SDK, or run 'scouter demo'",
  },
  CLI_TRACE_UNKNOWN: {
    kind: "not-found",
    message: (p: { traceId: string }) => `no span of trace '${p.traceId}' is stored`,
    remedy: "see 'scouter traces list'",
  },
  CLI_RECORD_UNKNOWN: {
    kind: "not-found",
    message: (p: { recordUid: string }) => `record '${p.recordUid}' has no result`,
    remedy:
      "see 'scouter eval list'; a record that was just sent is evaluated within a second or so",
  },
  CLI_HOME_FOREIGN: {
    kind: "conflict",
    message: (p: { home: string; mark: string }) =>
      `the folder '${p.home}' is not removed: it has no file '${p.mark}', so it is not ours`,
    remedy: "look what it holds; remove it by hand, or set SCOUTER_HOME to another folder",
  },
  CLI_HOME_IN_USE: {
    kind: "conflict",
    message: (p: { home: string; holder: string }) =>
      `the folder '${p.home}' is not removed: ${p.holder} uses it`,
    remedy: "stop that server first, or set SCOUTER_HOME to another folder",
  },
  CLI_SERVER_REFUSED: {
    kind: "invalid",
    message: (p: { message: string; remedy: string }) => `the server did not start: ${p.message}`,
    remedy: (p: { message: string; remedy: string }) => p.remedy,
  },
  CLI_SERVER_FAILED: {
    kind: "internal",
    message: (p: { message: string; remedy: string }) => `the server did not start: ${p.message}`,
    remedy: (p: { message: string; remedy: string }) => p.remedy,
  },
  CLI_LAKE_FOREIGN: {
    kind: "conflict",
    message: (p: { message: string; home: string }) => `the server did not start: ${p.message}`,
    remedy: (p: { message: string; home: string }) =>
      `an earlier run used this database with another folder than '${p.home}': set SCOUTER_HOME to that folder, or DATABASE_URI to an empty database`,
  },
  CLI_QUICKSTART_LOGIN_REFUSED: {
    kind: "unauthorized",
    message: (p: { username: string; reason: string }) =>
      `the database has users already, and '${p.username}' cannot log in with the password known here: ${p.reason}`,
    remedy:
      "set SCOUTER_USERNAME and SCOUTER_PASSWORD to a user of that database who may write everywhere, or DATABASE_URI to an empty database",
  },
  CLI_PASSWORD_UNKEPT: {
    kind: "invalid",
    message: (p: { file: string; reason: string }) =>
      `the password of the quickstart's login can be neither read from nor kept in '${p.file}': ${p.reason}`,
    remedy:
      "make its folder writable, set SCOUTER_HOME to another one, or choose the login with SCOUTER_USERNAME and SCOUTER_PASSWORD",
  },
  CLI_SERVER_ENDED: {
    kind: "internal",
    message: (p: { how: string; log: string; lastLines: string }) =>
      `the server ended by itself (${p.how}); the end of its log:\n${p.lastLines}`,
    remedy: (p: { how: string; log: string; lastLines: string }) => `see its log ${p.log}`,
  },
  CLI_SERVER_NOT_READY: {
    kind: "timeout",
    message: (p: { seconds: number }) => `the server was not ready within ${String(p.seconds)} s`,
    remedy: "look at its log; a slow or full disk is the usual reason",
  },
  CLI_EVALUATION_TIMED_OUT: {
    kind: "timeout",
    message: (p: { waiting: number; seconds: number }) =>
      `${String(p.waiting)} records were not evaluated within ${String(p.seconds)} s`,
    remedy: "look at the server's log and at 'scouter eval list --status Pending'",
  },
  CLI_DRIFT_TIMED_OUT: {
    kind: "timeout",
    message: (p: { profiles: readonly string[]; seconds: number }) =>
      `after ${String(p.seconds)} s there is no window with everything that was sent for ${p.profiles.join(", ")}`,
    remedy: (p: { profiles: readonly string[]; seconds: number }) =>
      `look at the server's log and at 'scouter drift show ${p.profiles[0] ?? "<profile>"}'`,
  },
  CLI_INTERRUPTED: {
    kind: "invalid",
    message: (p: { what: string }) => `${p.what} was stopped by a signal before its end`,
    remedy: "start it again; what was acknowledged so far is stored",
  },
  CLI_AGENT_MODULE: {
    kind: "invalid",
    message: (p: { given: string; reason: string }) =>
      `cannot take an agent from '${p.given}': ${p.reason}`,
    remedy: "name a module that exports a function as default or 'agent', or file#export",
  },
  CLI_AGENT_CHOICE: {
    kind: "invalid",
    message: (p: { given: readonly string[] }) =>
      p.given.length === 0
        ? "no agent is named"
        : `the agent is named ${String(p.given.length)} times: ${p.given.join(", ")}`,
    remedy: "give one of --agent, --http and --command",
  },
  CLI_STARTER_TAKEN: {
    kind: "conflict",
    message: (p: { files: readonly string[]; folder: string }) =>
      `nothing was written: ${p.folder} has ${p.files.join(", ")} already`,
    remedy: "name another folder, or write over them with --force",
  },
  CLI_MAX_REPEAT_ALONE: {
    kind: "invalid",
    message: "--max-repeat needs a baseline: without one there is nothing to decide",
    remedy: "name it with --baseline, or give a fixed number with --repeat",
  },
  CLI_SIMULATED_USER: {
    kind: "invalid",
    message: (p: { given: string }) => `no model '${p.given}' is configured to play users`,
    remedy: "write --simulated-user <provider>/<model>, and set the provider's key or URL",
  },
  CLI_RESUME_WITHOUT_FOLDER: {
    kind: "invalid",
    message: "--resume needs the folder of the run that is to go on",
    remedy: "name it with --out",
  },
  CLI_SUITE_EMPTY: {
    kind: "invalid",
    message: (p: { filter: string }) => `no scenario matches --filter '${p.filter}'`,
    remedy: "see the ids in the suite; * stands for any characters",
  },
});
