import { describe, expect, it, beforeEach } from "vitest";
import { older, profile, useFakeApi, windowOf } from "../test/fake-api.ts";

const api = useFakeApi();
const { run } = api;

function task(id: string, fields: object) {
  return {
    task_id: id,
    task_type: "Assertion",
    assertion: { FieldPath: "answer.value" },
    operator: "Equals",
    expected: 5,
    actual: 4,
    message: "",
    condition: false,
    outcome: "passed",
    skipped_by: null,
    error_code: null,
    ...fields,
  };
}

describe("usage", () => {
  it.each([
    ["an unknown command", ["fly"], "unknown command 'fly'"],
    ["a noun without a verb", ["traces"], "Usage: scouter traces"],
    ["an unknown option", ["traces", "list", "--loud"], "unknown option '--loud'"],
    ["a missing argument", ["traces", "show"], "missing required argument 'trace-id'"],
    ["a number out of range", ["traces", "list", "--limit", "0"], "a whole number from 1 to 1000"],
    ["text for a number", ["demo", "--questions", "1e3"], "option --questions is '1e3'"],
    ["an unknown status", ["eval", "list", "--status", "Lost"], "Allowed choices are All, Pending"],
    [
      "an address that is none",
      ["traces", "list", "--url", "x"],
      "is not an http or https address",
    ],
  ])("refuses %s with exit code 2", async (_, words, message) => {
    const { code, out, err } = await run(...words);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(out).toBe("");
  });

  it("prints help on standard output with exit code 0", async () => {
    const { code, out, err } = await run("--help");
    expect([code, err]).toEqual([0, ""]);
    for (const name of ["serve", "demo", "traces", "profile", "eval", "quickstart", "Exit codes"]) {
      expect(out).toContain(name);
    }
  });

  it("says how to reach a server when none answers", async () => {
    api.close();
    const { code, err } = await run("traces", "list");
    expect(code).toBe(2);
    expect(err).toContain(`error: no Scouter server answers at ${api.baseUrl}`);
    expect(err).toContain("(start one with 'scouter serve', or name another with --url");
  });
});

describe("profile", () => {
  beforeEach(() => {
    api.replies = { "GET /scouter/v2/profiles": { items: [older, profile], next_cursor: null } };
  });

  it("lists the newest first", async () => {
    const { out } = await run("profile", "list");
    expect(out.split("\n").map((line) => line.split(" ")[0])).toEqual(["UID", "u1", "u0", ""]);
    expect(JSON.parse((await run("profile", "list", "--json")).out)).toEqual({
      items: [profile, older],
    });
  });

  it.each(["u1", "shop/answers", "shop/answers/1.0.0"])("shows %s", async (name) => {
    const agent = {
      config: { space: "shop", name: "answers" },
      tasks: {
        assertion: [{ id: "right", operator: "Equals", expected_value: 5, context_path: "a.b" }],
        judge: [],
        trace: [{ id: "calls", operator: "Equals", expected_value: true, assertion: { T: {} } }],
        agent: [],
      },
    };
    api.replies = { ...api.replies, "GET /scouter/profile": { Agent: agent } };
    const { code, out } = await run("profile", "show", name);
    expect(code).toBe(0);
    expect(out).toMatch(/^right +Assertion +a\.b +Equals +5$/m);
    expect(out).toMatch(/^calls +TraceAssertion +\{"T":\{\}\} +Equals +true$/m);
  });

  it("does not know others", async () => {
    const { code, err } = await run("profile", "show", "shop/answers/2.0.0");
    expect(code).toBe(2);
    expect(err).toContain("no profile 'shop/answers/2.0.0' is registered");
  });
});

describe("eval", () => {
  it("shows how every task ended, and why", async () => {
    const tasks = [
      task("gate", { condition: true, actual: true, expected: true }),
      task("wrong", { outcome: "failed" }),
      task("broken", { outcome: "errored", error_code: "E_PATH", message: "no such path" }),
      task("left_out", { outcome: "skipped", skipped_by: "gate" }),
    ];
    api.replies = { "GET /scouter/agent/task": { tasks } };
    const { code, out } = await run("eval", "show", "r1");
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toEqual([
      "record r1: 0 passed, 1 failed, 1 errored, 1 skipped; 1 of 1 gates passed",
      "",
      "TASK      OUTCOME  GATE  REASON",
      "gate      passed   gate  answer.value is true, Equals true",
      "wrong     failed         answer.value is 4, Equals 5",
      "broken    errored        E_PATH: no such path",
      "left_out  skipped        skipped by gate",
    ]);
    const asJson = await run("eval", "show", "r1", "--json");
    expect(JSON.parse(asJson.out)).toEqual({ record_uid: "r1", tasks });
  });

  it("says that a record has no result", async () => {
    api.replies = { "GET /scouter/agent/task": { tasks: [] } };
    const { code, err } = await run("eval", "show", "r1");
    expect(code).toBe(2);
    expect(err).toContain("record 'r1' has no result");
  });

  it("lists records of the newest profile with their verdicts", async () => {
    const record = { uid: "r1", record_id: "q1", status: "Processed", trace_id: "t1" };
    const waiting = { uid: "r2", record_id: "q2", status: "Pending", trace_id: null };
    const workflow = { record_uid: "r1", passed_tasks: 3, failed_tasks: 1, skipped_tasks: 2 };
    api.replies = {
      "GET /scouter/v2/profiles": { items: [older, profile], next_cursor: null },
      "POST /scouter/agent/page/record": { items: [record, waiting], has_next: false },
      "POST /scouter/agent/page/workflow": { items: [workflow], has_next: false },
    };
    const { out } = await run("eval", "list");
    expect(out.trimEnd().split("\n")).toEqual([
      "profile shop/answers/1.0.0",
      "",
      "RECORD  ID  STATUS     PASSED  FAILED  SKIPPED  TRACE",
      "r1      q1  processed       3       1        2  t1",
      "r2      q2  pending         -       -        -  -",
    ]);
  });

  it("says that there is no profile yet", async () => {
    api.replies = { "GET /scouter/v2/profiles": { items: [], next_cursor: null } };
    const { code, err } = await run("eval", "list");
    expect(code).toBe(2);
    expect(err).toContain("no agent profile is registered");
  });
});

describe("traces", () => {
  it("says that there are none", async () => {
    api.replies = { "POST /scouter/trace/paginated": { items: [], has_next: false } };
    expect(await run("traces", "list")).toEqual({ code: 0, out: "no traces\n", err: "" });
  });

  it("does not know a trace without spans", async () => {
    api.replies = { "GET /scouter/v1/traces/abc/spans": { spans: [] } };
    const { code, err } = await run("traces", "show", "ABC");
    expect(code).toBe(2);
    expect(err).toContain("no span of trace 'ABC' is stored");
  });

  it("searches, and says what was found", async () => {
    const trace = {
      trace_id: "a".repeat(32),
      name: "answer",
      service: "shop",
      start: "2026-01-01T00:00:00.5Z",
      duration_ns: 1_500_000_000,
      span_count: 3,
      error_count: 1,
      tokens: { input: 100, output: 20 },
      input_preview: "where is my parcel",
    };
    api.replies = { "GET /scouter/v2/traces": { items: [trace], next_cursor: "more" } };
    const words = ["--service", "shop", "--error", "--since", "2h", "--attr", "tier:eq:gold"];
    const { code, out } = await run("traces", "search", ...words);
    expect(code).toBe(0);
    expect(out).toMatch(/a{32} +2026-01-01 00:00:00 +shop +answer +1\.50 s +3 +1 +120 +where is/);
    expect(out).toContain("more exist");
    const query = new URLSearchParams(api.queries.at(-1));
    expect(Object.fromEntries(query)).toMatchObject({
      service: "shop",
      status: "error",
      attr: "tier:eq:gold",
    });
    const sinceMs = Date.now() - Date.parse(query.get("start") ?? "");
    expect(sinceMs).toBeGreaterThanOrEqual(2 * 3_600_000);
  });

  it("refuses a time that is none", async () => {
    const { code, err } = await run("traces", "search", "--since", "soon");
    expect(code).toBe(2);
    expect(err).toContain("a number and m, h or d");
  });

  it("passes the server's own refusal on", async () => {
    api.replies = {};
    const { code, err } = await run("traces", "show", "abc");
    expect(code).toBe(2);
    expect(err).toContain("answered 404 NOT_FOUND: nothing here");
  });
});

describe("scouter drift show", () => {
  it("shows the windows, and the features of the last one that measured something", async () => {
    const features = [
      { name: "delay", status: "alert", psi: 0.41234, threshold: 0.1 },
      { name: "carrier", status: "ok", psi: 0.01, threshold: null },
      { name: "airport", status: "insufficient-data", have: 7, need: 101 },
    ];
    api.replies = {
      "GET /scouter/v2/profiles": { items: [profile], next_cursor: null },
      "GET /scouter/v2/drift/windows": {
        items: [
          windowOf("3", { status: "due", last_error: "away" }),
          windowOf("2", { result: { kind: "Psi", features }, revised: 1 }),
          windowOf("1", { status: "skipped", skipped_windows: 9 }),
        ],
        next_cursor: null,
      },
    };
    const { code, out } = await run("drift", "show", "shop/answers");
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toEqual([
      "profile shop/answers/1.0.0",
      "",
      "FROM                 TO                   STATUS         DRIFTED  STABLE  UNCLEAR  REASON",
      "2026-01-01 00:00:00  2026-01-01 03:00:00  due                  -       -        -  away",
      "2026-01-01 00:00:00  2026-01-01 02:00:00  done, revised        1       1        1",
      "2026-01-01 00:00:00  2026-01-01 01:00:00  skipped 9            -       -        -",
      "",
      "window that ended at 2026-01-01 02:00:00",
      "",
      "FEATURE  STATUS               VALUE  THRESHOLD  REASON",
      "delay    drifted             0.4123     0.1000",
      "carrier  ok                 0.01000          -",
      "airport  insufficient-data        -          -  7 rows of 101 needed",
    ]);
  });

  it("looks behind the windows that it shows for the last one that measured something", async () => {
    const empty = { kind: "Psi", features: [{ name: "delay", status: "no-data" }] };
    const full = { kind: "Psi", features: [{ name: "delay", status: "ok", psi: 0.02 }] };
    const windows = "GET /scouter/v2/drift/windows";
    const behind = `${windows}?uid=u1&status=done&limit=1000&cursor`;
    api.replies = {
      "GET /scouter/v2/profiles": { items: [profile], next_cursor: null },
      [windows]: { items: [windowOf("4", { result: empty })], next_cursor: "a" },
      [`${behind}=a`]: { items: [windowOf("3", { result: empty })], next_cursor: "b" },
      [`${behind}=b`]: { items: [windowOf("2", { result: full })], next_cursor: "c" },
    };
    const { out } = await run("drift", "show", "u1", "--limit", "1");
    expect(out).toContain("01-01 04:00:00");
    expect(out).not.toContain("01-01 03:00:00");
    expect(out).toContain("window that ended at 2026-01-01 02:00:00");
    expect(out).toContain("delay    ok      0.02000");
  });

  it("says that no window was due yet", async () => {
    api.replies = {
      "GET /scouter/v2/profiles": { items: [profile], next_cursor: null },
      "GET /scouter/v2/drift/windows": { items: [], next_cursor: null },
    };
    expect((await run("drift", "show", "u1")).out).toContain("no window was due yet");
  });
});

describe("scouter alert list", () => {
  const comparison = {
    metric_name: "mape",
    baseline_value: 1,
    observed_value: 2,
    delta: null,
    alert_threshold: "Above",
  };
  const alertOf = (id: number, alert: unknown) => ({
    id,
    created_at: "2026-01-01T01:00:00.000000Z",
    entity_name: "delay",
    active: true,
    alert,
  });
  const listed = (...alerts: readonly unknown[]) => ({
    "GET /scouter/v2/profiles": { items: [profile], next_cursor: null },
    "POST /scouter/alerts": {
      items: alerts.map((alert, index) => alertOf(index + 1, alert)),
      has_next: false,
      next_cursor: null,
      has_previous: false,
      previous_cursor: null,
    },
  });

  it.each([
    ["psi 0.4000, threshold 0.1000", { Psi: { feature: "delay", drift: 0.4, threshold: 0.1 } }],
    ["Trend in Zone1", { Spc: { feature: "delay", kind: "Trend", zone: "Zone1" } }],
    ["2.000, above 1.000", { Custom: comparison }],
    ["2.000, above 1.000", { Agent: comparison }],
    ["no data came", "None"],
  ])("says '%s'", async (text, alert) => {
    api.replies = listed(alert);
    const { code, out } = await run("alert", "list", "--active");
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")[1]).toBe(
      ` 1  2026-01-01 01:00:00  shop/answers  1.0.0    delay  yes     ${text}`,
    );
  });

  it("prints one document, newest first", async () => {
    api.replies = listed("None", "None");
    const { out } = await run("alert", "list", "--profile", "u1", "--json");
    const { items } = JSON.parse(out) as { items: readonly { id: number; profile: object }[] };
    expect(items.map(({ id }) => id)).toEqual([2, 1]);
    expect(items[0]?.profile).toEqual(profile);
  });

  it("says that there are none", async () => {
    api.replies = listed();
    expect((await run("alert", "list")).out).toBe("no alerts\n");
  });
});
