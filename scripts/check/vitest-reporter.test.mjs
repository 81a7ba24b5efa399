import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toolPath } from "./suites.mjs";
import { readReport } from "./test-report.mjs";
import { REPORT_VARIABLE } from "./vitest-reporter.mjs";

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const reporter = fileURLToPath(new URL("./vitest-reporter.mjs", import.meta.url));

const FILES = {
  "values.test.mjs": `
    describe("values", () => {
      it("passes", () => {});
      it.skip("waits", () => {});
      it("differs", () => expect({ a: [1, 2] }).toEqual({ a: [1, 3] }));
    });`,
  "hooks.test.mjs": `
    describe("before", () => {
      beforeAll(() => { throw new Error("no database"); });
      it("does not run", () => {});
    });
    describe("after", () => {
      afterAll(() => { throw new Error("cannot close"); });
      it("passes", () => {});
    });`,
  "broken.test.mjs": `throw new Error("cannot be read");`,
  "stray.test.mjs": `it("leaves a rejection", () => { void Promise.reject(new Error("lost")); });`,
  "crash.test.mjs": `it("dies", () => process.kill(process.pid, "SIGKILL"));`,
};

describe("a run of tests", () => {
  let folder;
  let report;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "scouter-run-"));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    report = await run(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const failureOf = (words) => report.failures.find(({ message }) => message.includes(words));

  it("is counted, with one failure for each thing that went wrong", () => {
    expect(report).toMatchObject({ passed: 3, failed: 6, skipped: 2 });
    expect(report.failures).toHaveLength(6);
  });

  it("tells a failed test with its place and how the values differ", () => {
    const { file, test, message } = failureOf("AssertionError");
    expect({ file, test }).toEqual({ file: "values.test.mjs", test: "values > differs" });
    expect(message).toMatch(/\nat .*values\.test\.mjs:5:\d+\n/);
    expect(message).toMatch(/-\s+3,/);
    expect(message).toMatch(/\+\s+2,/);
  });

  it.each([
    ["no database", "hooks.test.mjs", "around the tests of before"],
    ["cannot close", "hooks.test.mjs", "around the tests of after"],
    ["cannot be read", "broken.test.mjs", "around its tests"],
    ["lost", "", "outside of every test"],
  ])("tells '%s', which is no test's", (words, file, test) => {
    expect(failureOf(words)).toMatchObject({ file, test });
  });

  it("tells how a process died and in which file", () => {
    const { message } = failureOf("signal SIGKILL");
    expect(message).toMatch(/because of Error: Worker exited unexpectedly/);
    expect(message).toContain("did not end: crash.test.mjs");
  });
});

describe("a process that its engine ends", () => {
  const DYING = `it("is fine", () => {});
    it("dies", () => process.kill(process.pid, "SIGTRAP"));`;

  it.each([
    [
      "is dead, and nothing of it is counted",
      {},
      { passed: 1, failed: 1, dead: ["dies.test.mjs"] },
    ],
    [
      "is told as a failure beside another one",
      { "stray.test.mjs": FILES["stray.test.mjs"] },
      { failed: 2, dead: [] },
    ],
  ])("%s", async (_name, more, expected) => {
    const folder = mkdtempSync(join(tmpdir(), "scouter-run-"));
    const files = { "dies.test.mjs": DYING, "lives.test.mjs": `it("lives", () => {});`, ...more };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    expect(await run(folder)).toMatchObject(expected);
    rmSync(folder, { recursive: true });
  });
});

async function run(folder) {
  const path = join(folder, "report.json");
  const options = ["--root", folder, "--globals", `--reporter=${reporter}`];
  const child = spawn(process.execPath, [toolPath(repository, "vitest"), "run", ...options], {
    env: { PATH: process.env["PATH"] ?? "", [REPORT_VARIABLE]: path },
    stdio: "ignore",
  });
  await once(child, "exit");
  return readReport(path, false);
}
