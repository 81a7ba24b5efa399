import { describe, expect, it } from "vitest";
import { driftSummary, modelReport, storedDrift } from "../../test/model-run.ts";
import { driftFigures } from "./drift-figures.ts";
import { type Summarized, summaryText } from "./summary-text.ts";

const before = driftSummary(10);
const after = driftSummary(13);

const run: Summarized = {
  report: {
    questions: 2,
    spansExported: 7,
    recordsOffered: 2,
    acknowledged: 2,
    profile: { space: "s", name: "n", version: "0.1.0", uid: "p" },
    answers: [],
  },
  figures: {
    spans: 7,
    traces: 2,
    recordsEvaluated: 2,
    tasksPassed: 8,
    tasksCounted: 10,
    passRate: 0.8,
    tasksErrored: 0,
    tasksSkipped: 4,
    failedAnswer: { recordUid: "r1", traceId: "t1" },
  },
  after,
  drift: {
    report: modelReport,
    stored: storedDrift,
    figures: driftFigures(storedDrift),
    before,
    after,
  },
  urls: {
    http: "http://127.0.0.1:8123",
    otlpHttp: null,
    grpc: null,
    otlpGrpc: null,
    metrics: null,
  },
  home: "/data/home",
  logFile: "/data/home.log",
  database: "embedded, in that folder",
  login: undefined,
  staysUp: true,
};

const credentials = { username: "admin", password: "nobody prints this" };

describe("summaryText", () => {
  it("tells what drifted, what did not, and every alert", () => {
    const text = summaryText(run);
    expect(text).toContain("requests          200, mean error 2.27 °C (expected 2.14 °C)\n");
    expect(text).toContain("features drifted  2: heat (distribution); heat (control chart)\n");
    expect(text).toContain("features stable   2: wind (distribution); mae (metric)\n");
    expect(text).toContain("alerts fired      3 (in all 13)\n");
    expect(text).toContain("    heat  control chart: Consecutive in Zone2\n");
  });

  it("names commands for this server, by uid where names are shared", () => {
    const text = summaryText(run);
    for (const command of [
      "eval show r1",
      "traces show t1",
      "drift show psi-uid",
      "drift show spc-uid",
      "drift show custom-uid",
      "alert list --profile psi-uid",
    ]) {
      expect(text).toContain(`  npx scouter ${command} --url http://127.0.0.1:8123\n`);
    }
  });

  it("links every page of the dashboard, while there is a server", () => {
    const text = summaryText(run);
    for (const path of [
      "/",
      "/traces",
      "/traces/t1",
      "/evaluations/p",
      "/evaluations/p/records/r1",
      "/drift/psi-uid",
      "/alerts",
    ]) {
      expect(text).toContain(` http://127.0.0.1:8123${path}\n`);
    }
    expect(summaryText({ ...run, staysUp: false })).not.toContain("In a browser");
  });

  it("says nothing of a login where guest is known", () => {
    expect(summaryText(run)).not.toContain("Log in");
  });

  it("says where the password is, never what it is", () => {
    const kept = summaryText({
      ...run,
      login: { credentials, passwordFile: "/data/it's home.password" },
    });
    expect(kept).toContain(
      `export SCOUTER_USERNAME=admin SCOUTER_PASSWORD="$(cat '/data/it'\\''s home.password')"\n`,
    );
    const given = summaryText({ ...run, login: { credentials, passwordFile: undefined } });
    expect(given).toContain("Log in as 'admin'");
    expect(kept + given).not.toContain(credentials.password);
  });
});
