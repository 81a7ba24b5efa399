import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const vitest = join(
  dirname(createRequire(import.meta.url).resolve("vitest/package.json")),
  "vitest.mjs",
);
const config = fileURLToPath(new URL("fixture/vitest.config.ts", import.meta.url));

let out = "";
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "scouter-suite-tests-"));
});
afterAll(() => rmSync(out, { recursive: true }));

interface Result {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** A project of its own, run whole by Vitest in a process of its own. */
async function runFixture(agent: "steady" | "degraded") {
  const child = spawn(process.execPath, [vitest, "run", "--config", config], {
    env: {
      ...process.env,
      SCOUTER_FIXTURE: agent,
      SCOUTER_FIXTURE_OUT: join(out, "evidence"),
      SCOUTER_FIXTURE_JSON: join(out, "tests.json"),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const tests = (
    JSON.parse(readFileSync(join(out, "tests.json"), "utf8")) as Result
  ).testResults.flatMap((own) => own.assertionResults);
  const of = (title: string) => tests.find((test) => test.title === title);
  return { code: code as number, printed, tests, of };
}

describe("suiteTests", () => {
  it("is green for an agent that did not change, with a test for every scenario", async () => {
    const { code, printed, tests } = await runFixture("steady");
    expect(code).toBe(0);
    expect(tests).toHaveLength(14);
    expect(printed).toContain("suite support: no-regression-found");
    expect(printed).toMatch(/q0 +unchanged +3\/3 +3\/3/);
    expect(readdirSync(join(out, "evidence")).toSorted()).toEqual([
      "comparison.json",
      "junit.xml",
      "report.html",
      "results.json",
    ]);
  });

  it("is red for one that got worse, and says which scenarios did", async () => {
    const { code, printed, of } = await runFixture("degraded");
    expect(code).toBe(1);
    expect(of("q0")).toMatchObject({ status: "failed" });
    expect(of("q0")?.failureMessages[0]).toContain("passed 3/3 before, now 0/3");
    expect(of("q11")).toMatchObject({ status: "passed" });
    expect(of("is no worse than the baseline")?.failureMessages[0]).toContain("pass rate fell");
    expect(of("has a matcher")?.failureMessages[0]).toContain("verdict: fail");
    expect(printed).toContain("suite support: fail");
  });
});
