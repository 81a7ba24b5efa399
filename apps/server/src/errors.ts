import { defineErrors } from "@scouter/contracts";

const NO_SECOND_RUN = "list failed windows with GET /scouter/v2/drift/windows?status=failed";

/** By the status of a window that is not computed again. */
const againRemedies: Readonly<Record<string, string>> = {
  due: "wait: it is computed as soon as a worker is free",
  running: "wait until it is done or failed",
  done: "read its result; nothing is left to do",
  skipped: "it stands for windows that were missed; replay their data with other means",
};

/** Everything the server itself refuses or fails with. Codes of the packages below pass through unchanged. */
export const errors = defineErrors({
  SERVER_CONFIG_INVALID: {
    kind: "invalid",
    message: (p: { problems: readonly string[] }) =>
      `${p.problems.length === 1 ? "an environment variable has a bad value" : `${p.problems.length} environment variables have bad values`}: ${p.problems.join("; ")}`,
    remedy:
      "correct or unset them and start again; docs/reference/environment.md lists every variable",
  },
  SERVER_HOME_LOCKED: {
    kind: "conflict",
    message: (p: { home: string; holder: string }) =>
      `the folder '${p.home}' is in use by ${p.holder}`,
    remedy:
      "stop that process, or give this one a folder of its own with SCOUTER_HOME (and other ports)",
  },
  SERVER_HOME_FOREIGN: {
    kind: "conflict",
    message: (p: { home: string; found: string }) =>
      `the folder '${p.home}' holds other files ('${p.found}') and no mark of ours, so nothing was written to it`,
    remedy: "set SCOUTER_HOME to a new or empty folder",
  },
  SERVER_HOME_FORMAT_UNKNOWN: {
    kind: "conflict",
    message: (p: { home: string; found: string; known: number }) =>
      `the folder '${p.home}' has format ${p.found}; this version reads formats 1 to ${p.known}`,
    remedy: "start the version that wrote it, or set SCOUTER_HOME to another folder",
  },
  SERVER_HOME_UNUSABLE: {
    kind: "unavailable",
    message: (p: { home: string; reason: string }) =>
      `cannot use the folder '${p.home}': ${p.reason}`,
    remedy: "check that the path is a folder this user may write to, or set SCOUTER_HOME",
  },
  SERVER_LAKE_FOREIGN: {
    kind: "conflict",
    message: (p: { place: string; found: string | undefined; expected: string }) =>
      `'${p.place}' holds ${p.found === undefined ? "no lake yet" : `lake ${p.found}`}; the database belongs to lake ${p.expected}`,
    remedy:
      "set SCOUTER_STORAGE_URI (or SCOUTER_HOME) to the place of that lake, which every process of one database shares, or use another database",
  },
  SERVER_PORT_TAKEN: {
    kind: "conflict",
    message: (p: { host: string; port: number; variable: string }) =>
      `port ${p.port} on ${p.host} is taken by another process`,
    remedy: (p: { host: string; port: number; variable: string }) =>
      `stop that process or set ${p.variable} to another port`,
  },
  SERVER_LISTEN_FAILED: {
    kind: "unavailable",
    message: (p: { host: string; port: number; reason: string }) =>
      `cannot listen on ${p.host}:${p.port}: ${p.reason}`,
    remedy: "check SCOUTER_HOST and the port variables",
  },
  SERVER_CHANNEL_FULL: {
    kind: "busy",
    message: (p: { channel: string; depth: number; bytes: number }) =>
      `the channel '${p.channel}' is full (${p.depth} messages, ${p.bytes} bytes wait)`,
    remedy: "send it again after the time in Retry-After",
  },
  SERVER_DELIVERY_CURSOR_INVALID: {
    kind: "invalid",
    message: (p: { cursor: string }) => `'${p.cursor.slice(0, 80)}' is no cursor of this list`,
    remedy: "pass next_cursor of the page before, or leave it out for the first page",
  },
  SERVER_PARKED_PAYLOAD_UNKNOWN: {
    kind: "not-found",
    message: (p: { id: number }) =>
      `no payload of a parked message ${p.id}: there is no such message, or it was too large to be kept`,
    remedy: "list parked messages with GET /scouter/v2/delivery/parked",
  },
  SERVER_DEAD_LETTER_PAYLOAD_UNKNOWN: {
    kind: "not-found",
    message: (p: { id: number }) =>
      `no payload of a dead letter ${p.id}: there is no such letter, or it tells of a damaged place of the log`,
    remedy: "list dead letters with GET /scouter/v2/delivery/span-dead-letters",
  },
  SERVER_BROKER_MESSAGE_TOO_LARGE: {
    kind: "invalid",
    message: (p: { sizeBytes: number; maxBytes: number }) =>
      `the message has ${p.sizeBytes} bytes: at most ${p.maxBytes} are taken from a broker`,
    remedy: "send smaller batches; the SDK cuts them by itself",
  },
  SERVER_STOPPING: {
    kind: "unavailable",
    message: "the server is stopping",
    remedy: "send it again in a few seconds",
  },
  SERVER_BODY_TOO_LARGE: {
    kind: "too-large",
    message: (p: { limitBytes: number }) => `the body is larger than ${p.limitBytes} bytes`,
    remedy: "send smaller batches, compress the body, or raise SCOUTER_MAX_BODY_MB",
  },
  SERVER_BODY_INFLATES_TOO_LARGE: {
    kind: "too-large",
    message: (p: { limitBytes: number }) => `the body inflates to more than ${p.limitBytes} bytes`,
    remedy: "send smaller batches or raise SCOUTER_MAX_INFLATED_BODY_MB",
  },
  SERVER_BODY_DAMAGED: {
    kind: "invalid",
    message: (p: { encoding: string; reason: string }) =>
      `the body is not valid ${p.encoding}: ${p.reason}`,
    remedy: "send the body as its content-encoding header says",
  },
  SERVER_CONTENT_ENCODING_UNSUPPORTED: {
    kind: "invalid",
    message: (p: { encoding: string }) =>
      `content-encoding '${p.encoding}' is not supported: expected gzip, deflate, zstd or none`,
    remedy: "choose one of these encodings in the sender",
  },
  SERVER_CONTENT_TYPE_UNSUPPORTED: {
    kind: "invalid",
    message: (p: { given: string; allowed: string }) =>
      `content-type '${p.given}' is not supported here: expected ${p.allowed}`,
    remedy: "set the content-type header",
  },
  SERVER_JSON_SYNTAX: {
    kind: "invalid",
    message: (p: { reason: string }) => `the body is not JSON: ${p.reason}`,
    remedy: "send one JSON value in UTF-8",
  },
  SERVER_SHAPE_INVALID: {
    kind: "invalid",
    message: (p: { problems: string }) => `the body has the wrong shape: ${p.problems}`,
    remedy: "compare it with /scouter/api/v1/openapi.json",
  },
  SERVER_PARAMETER_INVALID: {
    kind: "invalid",
    message: (p: { problems: string }) => `a parameter is wrong: ${p.problems}`,
    remedy: "compare it with /scouter/api/v1/openapi.json",
  },
  SERVER_ROUTE_UNKNOWN: {
    kind: "not-found",
    message: (p: { method: string; path: string }) => `there is no ${p.method} ${p.path}`,
    remedy: "see /scouter/api/v1/openapi.json for the routes",
  },
  SERVER_SIGNAL_NOT_TAKEN: {
    kind: "not-found",
    message: (p: { signal: string }) =>
      `OTLP ${p.signal} are not taken: this server stores spans, by POST /v1/traces`,
    remedy:
      "set the app's exporter of this signal to none; what GenAI instrumentations log about a span is stored when they write it as attributes or events of the span",
  },
  SERVER_METHOD_NOT_ALLOWED: {
    kind: "invalid",
    message: (p: { method: string; path: string; allowed: string }) =>
      `${p.path} does not take ${p.method}: expected ${p.allowed}`,
    remedy: "see /scouter/api/v1/openapi.json for the routes",
  },
  SERVER_MESSAGE_UNKNOWN: {
    kind: "invalid",
    message: (p: { given: string }) =>
      `the message is neither records, nor a trace request, nor a tag; given ${p.given}`,
    remedy:
      'send {"records": [...]}, {"request": {"resourceSpans": [...]}} or {"entity_type", "entity_id", "key", "value"}',
  },
  SERVER_RECORDS_EMPTY: {
    kind: "invalid",
    message: "'records' is empty",
    remedy: "send at least one record",
  },
  SERVER_ITEMS_ALL_REFUSED: {
    kind: "invalid",
    message: (p: { count: number; first: string }) =>
      `none of the ${p.count} items was stored; the first: ${p.first}`,
    remedy: "see 'rejected' for each item",
  },
  SERVER_RECORD_KIND_UNKNOWN: {
    kind: "invalid",
    message: (p: { given: string }) =>
      `a record must have exactly one key, its kind; given ${p.given}`,
    remedy:
      'wrap the record as {"AgentEval": {"record": {...}}}, {"Spc": {...}}, {"Psi": {...}} or {"Custom": {...}}',
  },
  SERVER_SERIES_UNKNOWN: {
    kind: "not-found",
    message: (p: { uid: string; series: string }) =>
      `the profile '${p.uid}' has no feature or metric '${p.series.slice(0, 200)}'`,
    remedy: "send the names that the registered profile has, or register one that has this name",
  },
  SERVER_MESSAGE_IDENTITY_INVALID: {
    kind: "invalid",
    message: (p: { problem: string }) => `the message's identity is not valid: ${p.problem}`,
    remedy:
      "send x-scouter-producer (1 to 200 characters) and x-scouter-sequence (an integer from 0) together, or neither",
  },
  SERVER_CHART_RANGE_INVALID: {
    kind: "invalid",
    message: (p: { problem: string }) => `the range of the chart is not valid: ${p.problem}`,
    remedy:
      "give a time_interval, or start_custom_datetime before end_custom_datetime, both RFC 3339",
  },
  SERVER_CHART_MOVED: {
    kind: "unavailable",
    message: (p: { attempts: number }) =>
      `rows moved to the archive during each of ${p.attempts} reads`,
    remedy: "ask again",
  },
  SERVER_PERIOD_INVALID: {
    kind: "invalid",
    message: (p: { problem: string }) => `the time range is not valid: ${p.problem}`,
    remedy: "give start before end, both RFC 3339, at most 92 days apart; without them it is 24 h",
  },
  SERVER_RECORD_NOT_FOUND: {
    kind: "not-found",
    message: (p: { uid: string }) => `no record in the database has the uid '${p.uid}'`,
    remedy:
      "list the records of a profile with GET /scouter/v2/evaluations/records; one that ended more than DATA_RETENTION_PERIOD days ago is in the lake's table evaluation_archive, column uid",
  },
  SERVER_EVALUATION_ABANDONED: {
    kind: "invalid",
    message: (p: { attempts: number }) =>
      `${p.attempts} attempts to evaluate the record ended without a result: its workers were killed, or hung past their lease`,
    remedy:
      "look at what ended the servers at that time; evaluate the record again with 'scouter eval again'",
  },
  SERVER_EVALUATION_THREAD_ENDED: {
    kind: "unavailable",
    message: (p: { reason: string }) => `the thread that evaluated the record ended: ${p.reason}`,
    remedy:
      "if it ran out of memory, send a smaller context or split the profile's tasks; another attempt follows by itself",
  },
  SERVER_RECORD_NOT_ENDED: {
    kind: "conflict",
    message: (p: { uid: string }) =>
      `record '${p.uid}' of this profile is not there or waits already: only records that are Processed or Failed can be evaluated again`,
    remedy: "look at it with GET /scouter/v2/evaluations/records/{uid}",
  },
  SERVER_WINDOW_NOT_FOUND: {
    kind: "not-found",
    message: (p: { id: number }) => `no drift window has the id ${p.id}`,
    remedy: "list the windows of a profile with GET /scouter/v2/drift/windows",
  },
  SERVER_FEATURE_NOT_FOUND: {
    kind: "not-found",
    message: (p: { feature: string; known: readonly string[] }) =>
      `the window has no feature '${p.feature}': ${p.known.length === 0 ? "it has none" : `it has ${p.known.join(", ")}`}`,
    remedy: "take a name that GET /scouter/v2/drift/windows/{id} lists",
  },
  SERVER_RECORD_KIND_NOT_STORED: {
    kind: "invalid",
    message: (p: { given: string }) =>
      `records of kind '${p.given}' are not stored by this version`,
    remedy: "send AgentEval, Spc, Psi or Custom records",
  },
  SERVER_RECORD_SHAPE_INVALID: {
    kind: "invalid",
    message: (p: { problems: string }) => `the record has the wrong shape: ${p.problems}`,
    remedy: "compare it with ServerRecord in /scouter/api/v1/openapi.json",
  },
  SERVER_PROFILE_UNKNOWN: {
    kind: "not-found",
    message: (p: { uid: string; driftType: string }) =>
      `no ${p.driftType} profile has the uid '${p.uid.slice(0, 200)}'`,
    remedy: "register the profile first (POST /scouter/profile) and send the uid of its reply",
  },
  SERVER_TRACE_ABSENT: {
    kind: "unavailable",
    message: (p: { traceId: string | null; waitedMs: number }) =>
      p.traceId === null
        ? `no trace says that it queued this record, and it names none: waited ${p.waitedMs} ms`
        : `no span of trace ${p.traceId} came within ${p.waitedMs} ms`,
    remedy:
      "send the record with the trace id of its spans, and check that they are exported to this server; raise GENAI_TRACE_WAIT_TIMEOUT_SECS when they come later",
  },
  SERVER_PROFILE_INVALID: {
    kind: "invalid",
    message: (p: { problems: string }) => `invalid profile: ${p.problems}`,
    remedy: "correct the profile and register it again",
  },
  SERVER_PROFILE_NOT_FOUND: {
    kind: "not-found",
    message: (p: { which: string }) => `drift profile not found: ${p.which}`,
    remedy: "list the profiles with GET /scouter/v2/profiles",
  },
  SERVER_TRACE_ID_INVALID: {
    kind: "invalid",
    message: (p: { given: string }) => `trace id '${p.given}' is not 32 hexadecimal digits`,
    remedy: "give the id as 32 hexadecimal digits",
  },
  SERVER_SPAN_ID_INVALID: {
    kind: "invalid",
    message: (p: { given: string }) =>
      `span id '${p.given}' is not 16 hexadecimal digits, or all zero`,
    remedy: "give the id as 16 hexadecimal digits",
  },
  SERVER_TRACE_NOT_FOUND: {
    kind: "not-found",
    message: (p: { traceId: string }) => `no span of trace '${p.traceId}' is stored`,
    remedy:
      "check the id; a trace that ended a moment ago on another server shows after its next flush",
  },
  SERVER_TRACE_TOO_LARGE: {
    kind: "too-large",
    message: (p: { traceId: string; limit: number; what: string }) =>
      `trace '${p.traceId}' has more than ${p.limit} ${p.what}, which is more than one reply holds`,
    remedy: "read it in parts with GET /scouter/v2/traces/{trace_id}?offset=...&limit=...",
  },
  SERVER_SPAN_NOT_FOUND: {
    kind: "not-found",
    message: (p: { traceId: string; spanId: string }) =>
      `trace '${p.traceId}' has no span '${p.spanId}'`,
    remedy: "take the ids from GET /scouter/v2/traces/{trace_id}",
  },
  SERVER_SCENARIOS_INVALID: {
    kind: "invalid",
    message: (p: { problems: string }) => `the scenarios are not valid: ${p.problems}`,
    remedy: 'send a collection id and {"scenarios": [{"id", "initial_query", ...}]}',
  },
  SERVER_BACKTEST_TOO_LONG: {
    kind: "invalid",
    message: (p: { schedule: string; most: number }) =>
      `schedule '${p.schedule}' makes more than ${p.most} windows in these days`,
    remedy: "ask for fewer days, or propose a coarser schedule",
  },
  SERVER_SCENARIOS_UNKNOWN: {
    kind: "not-found",
    message: "no scenarios found for the given collection_id",
    remedy: "register them first (EvalScenarioService/RegisterScenarios over gRPC)",
  },
  SERVER_EVAL_RUN_UNKNOWN: {
    kind: "not-found",
    message: (p: { id: number }) => `there is no offline run ${p.id} here`,
    remedy: "list runs with GET /scouter/v2/eval/runs",
  },
  SERVER_EVAL_RUN_SCENARIO_UNKNOWN: {
    kind: "not-found",
    message: (p: { id: number; scenario: string }) =>
      `offline run ${p.id} has no scenario '${p.scenario}'`,
    remedy: "read the run's report: it lists its scenarios",
  },
  SERVER_EVAL_RUN_TAKEN: {
    kind: "conflict",
    message: (p: { runId: string; space: string }) =>
      `space '${p.space}' has another run with the id '${p.runId}'`,
    remedy: "a stored run never changes: give this one an id of its own",
  },
  SERVER_SERVICE_UNKNOWN: {
    kind: "not-found",
    message: (p: { service: string }) => `there is no gRPC service '${p.service.slice(0, 200)}'`,
    remedy: "ask for the full name of a service, or for '' to ask for the server",
  },
  SERVER_TOKEN_MISSING: {
    kind: "unauthorized",
    message: "no access token provided",
    remedy: "log in with GET /scouter/auth/login and send Authorization: Bearer <token>",
  },
  SERVER_TOKEN_INVALID: {
    kind: "unauthorized",
    message: "the access token is not one of this server's",
    remedy: "log in again with GET /scouter/auth/login",
  },
  SERVER_TOKEN_EXPIRED: {
    kind: "unauthorized",
    message: "the access token has expired and its user's refresh token too",
    remedy: "log in again with GET /scouter/auth/login",
  },
  SERVER_TOKEN_USER_UNKNOWN: {
    kind: "unauthorized",
    message: "the user of this access token does not exist any more",
    remedy: "log in as another user",
  },
  SERVER_USER_INACTIVE: {
    kind: "unauthorized",
    message: "this user is not active",
    remedy: "ask an administrator to activate it",
  },
  SERVER_CREDENTIALS_MISSING: {
    kind: "invalid",
    message: (p: { header: string }) => `the header '${p.header}' is missing`,
    remedy: "send the headers Username and Password",
  },
  SERVER_CREDENTIALS_WRONG: {
    kind: "unauthorized",
    message: "user name or password is wrong",
    remedy: "check both; an administrator can set a new password",
  },
  SERVER_LOGIN_LIMITED: {
    kind: "busy",
    message: (p: { reason: string }) => `no login for the moment: ${p.reason}`,
    remedy: "try again after the time in Retry-After",
  },
  SERVER_PERMISSION_DENIED: {
    kind: "forbidden",
    message: (p: { username: string; permission: string }) =>
      `user '${p.username}' lacks the permission '${p.permission}'`,
    remedy: "ask an administrator for it, or log in as a user who has it",
  },
  SERVER_ADMIN_REQUIRED: {
    kind: "forbidden",
    message: (p: { username: string }) => `user '${p.username}' is no administrator`,
    remedy: "log in as a user whose group permissions hold 'admin'",
  },
  SERVER_USER_INVALID: {
    kind: "invalid",
    message: (p: { field: string; expected: string }) =>
      `the ${p.field} is not allowed: expected ${p.expected}`,
    remedy: "choose another one",
  },
  SERVER_USER_EXISTS: {
    kind: "conflict",
    message: (p: { username: string }) =>
      `a user with the name '${p.username}' or with this email address exists`,
    remedy: "choose another name and address, or change that user",
  },
  SERVER_USER_UNKNOWN: {
    kind: "not-found",
    message: (p: { username: string }) => `there is no user '${p.username}'`,
    remedy: "call GET /scouter/user for the list of users",
  },
  SERVER_LAST_ADMIN: {
    kind: "conflict",
    message: (p: { username: string }) => `'${p.username}' is the last active administrator`,
    remedy: "make another user an administrator first",
  },
  SERVER_INTERNAL: {
    kind: "internal",
    message: "the server failed to answer; the log has the cause under this request's id",
    remedy: "try again; if it goes on, report it with the log line",
  },
  SERVER_DRIFT_PROFILE_UNREADABLE: {
    kind: "invalid",
    message: (p: { kind: string; uid: string; problems: string }) =>
      `the stored ${p.kind} profile '${p.uid}' cannot be checked: ${p.problems}`,
    remedy: "correct the profile and send it again with PUT /scouter/profile",
  },
  SERVER_DRIFT_ATTEMPTS_USED_UP: {
    kind: "internal",
    message: (p: { attempts: number }) =>
      `the window ended ${p.attempts} workers or attempts and is given up`,
    remedy: "read the log of the servers that computed it, then make it due again",
  },
  SERVER_DRIFT_WINDOW_UNKNOWN: {
    kind: "not-found",
    message: (p: { id: number }) => `no drift window has the id ${p.id}`,
    remedy: "list the windows of a profile with GET /scouter/v2/drift/windows?uid=<profile uid>",
  },
  SERVER_DRIFT_WINDOW_ARCHIVED: {
    kind: "conflict",
    message: (p: { id: number }) =>
      `observations or results of drift window ${p.id} moved to the archive: it would be computed without them`,
    remedy: "read the time of the window as a chart, or raise DATA_RETENTION_PERIOD for later ones",
  },
  SERVER_DRIFT_WINDOW_NOT_FAILED: {
    kind: "conflict",
    message: (p: { id: number; status: string }) =>
      `drift window ${p.id} is ${p.status}: only one that is failed, or that observations came late for, is computed again`,
    remedy: (p: { id: number; status: string }) => againRemedies[p.status] ?? NO_SECOND_RUN,
  },
  SERVER_ALERT_WINDOW_GONE: {
    kind: "not-found",
    message: (p: { id: number }) =>
      `alert ${p.id} has no such window: it is not stored any more, or the server raised the alert itself`,
    remedy:
      "ask for the other one (window=opened or window=newest); a built-in alert says what it is about in its message",
  },
  SERVER_ALERT_NOT_FOUND: {
    kind: "not-found",
    message: (p: { id: number }) => `no alert has the id ${p.id}`,
    remedy: "list the profile's alerts with POST /scouter/alerts",
  },
  SERVER_ALERT_ATTEMPTS_USED_UP: {
    kind: "internal",
    message: (p: { attempts: number }) =>
      `the alert was not delivered in ${p.attempts} attempts and is given up`,
    remedy: "read the delivery log of the alert; correct the channel",
  },
  SERVER_ALERT_CHANNEL_UNREADABLE: {
    kind: "invalid",
    message: (p: { given: string }) => `'${p.given}' names no alert channel`,
    remedy:
      "give console, webhook, alertmanager, pagerduty[:severity], slack:<channel>, opsgenie:<team>[:priority] or the name of a registered channel",
  },
  SERVER_ALERT_TEST_FAILED: {
    kind: "internal",
    message: "the channel failed in a way that it does not name",
    remedy: "read the server's log",
  },
  SERVER_ALERT_TIMEOUT: {
    kind: "timeout",
    message: (p: { seconds: number }) => `the channel did not take the alert in ${p.seconds} s`,
    remedy: "check that the channel's service can be reached; the alert is sent again",
  },
});
