import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testTerminal } from "../../test/test-terminal.ts";
import { main } from "../main.ts";

let folder = "";
let server: Server;
let url = "";

const suite = {
  name: "small",
  tasks: [
    {
      task_type: "Assertion",
      id: "polite",
      context_path: "response",
      operator: "StartsWith",
      expected_value: "Dear",
    },
  ],
  scenarios: Array.from({ length: 12 }, (_, index) => ({
    id: `${index < 6 ? "refund" : "parcel"}-${String(index)}`,
    initial_query: `question ${String(index)}`,
  })),
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "scouter-eval-run-"));
  write("suite.json", JSON.stringify(suite));
  write("broken.yaml", "scenarios:\n  - id: a\n    inital_query: x\n  - id: b\n    max_turns: x\n");
  write(
    "agent.mjs",
    `export const polite = (message) => "Dear customer, " + message;
     export const rude = () => "No.";
     export const down = () => { throw Object.assign(new Error("overloaded"), { status: 503 }); };
     export const broken = () => { throw new Error("a bug"); };
     export default polite;
     export const versions = { agent: "2.0" };`,
  );
  write("suite.mjs", `export default () => (${JSON.stringify(suite)});`);
  write("empty.mjs", "export const value = 5;");
  write(
    "program.mjs",
    `let text = ""; for await (const chunk of process.stdin) text += chunk;
     const { message, history } = JSON.parse(text);
     console.log(JSON.stringify({ response: "Dear " + message + history.length }));`,
  );
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { message } = JSON.parse(body) as { message: string };
      response.writeHead(request.url === "/down" ? 503 : 200);
      response.end(request.url === "/text" ? `Dear ${message}` : `{"response":"Dear ${message}"}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function write(file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

async function run(...words: readonly string[]) {
  const terminal = testTerminal({ env: {}, workingFolder: folder });
  const code = await main(["eval", "run", ...words], terminal);
  return { code, out: terminal.stdout(), err: terminal.stderr() };
}

describe("eval run", () => {
  it("saves a run, and fails a worse one against it", async () => {
    const first = await run("suite.json", "--agent", "agent.mjs", "--out", "main");
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toContain("12 of 12 scenarios passed in every repeat");
    expect(readdirSync(join(folder, "main"))).toEqual(["results.json"]);
    const baseline = ["--baseline", "main/results.json"];
    const same = await run("suite.json", "--agent", "agent.mjs", ...baseline);
    expect([same.code, same.out]).toEqual([0, expect.stringContaining("no-regression-found")]);
    const worse = await run("suite.json", "--agent", "agent.mjs#rude", ...baseline);
    expect([worse.code, worse.out]).toEqual([1, expect.stringContaining("verdict: fail")]);
    const proved = await run(
      "suite.json",
      "--agent",
      "agent.mjs",
      ...baseline,
      "--require",
      "non-inferior",
    );
    expect(proved.code).toBe(1);
  });

  it("calls an outage invalid, with and without a baseline", async () => {
    await run("suite.json", "--agent", "agent.mjs", "--out", "before");
    const alone = await run("suite.json", "--agent", "agent.mjs#down");
    expect([alone.code, alone.err]).toEqual([3, expect.stringContaining("invalid: 100.0 %")]);
    const compared = await run(
      "suite.json",
      "--agent",
      "agent.mjs#down",
      "--baseline",
      "before/results.json",
    );
    expect([compared.code, compared.out]).toEqual([3, expect.stringContaining("verdict: invalid")]);
    const bug = await run(
      "suite.json",
      "--agent",
      "agent.mjs#broken",
      "--baseline",
      "before/results.json",
    );
    expect(bug.code).toBe(1);
  });

  it("tells a channel of a run that is not good, and of no other", async () => {
    const told: { title: string; text: string }[] = [];
    const hook = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        told.push(JSON.parse(body) as { title: string; text: string });
        response.end("ok");
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
    const { port } = hook.address() as AddressInfo;
    const env = {
      SCOUTER_WEBHOOK_URL: `http://127.0.0.1:${String(port)}/`,
      SCOUTER_WEBHOOK_SECRET: "a secret of more than thirty-two characters",
    };
    const notified = async (agent: string, channel: string) => {
      const terminal = testTerminal({ env, workingFolder: folder });
      const words = ["suite.json", "--agent", agent, "--notify", channel];
      const code = await main(["eval", "run", ...words], terminal);
      return { code, err: terminal.stderr() };
    };
    try {
      expect((await notified("agent.mjs", "webhook")).code).toBe(0);
      expect(told).toEqual([]);
      expect((await notified("agent.mjs#down", "webhook")).code).toBe(3);
      expect(told[0]?.title).toContain("Offline evaluation of offline/small/");
      expect(told[0]?.text).toContain("verdict: invalid");
      const unknown = await notified("agent.mjs#down", "slack:");
      expect([unknown.code, unknown.err]).toEqual([3, expect.stringContaining("was not told")]);
    } finally {
      hook.close();
    }
  });

  it("writes the reports that are asked for", async () => {
    const reporters = "json,junit,markdown,html";
    const { code, out } = await run(
      "suite.json",
      "--agent",
      "agent.mjs",
      "--out",
      "reports",
      "--reporter",
      reporters,
    );
    expect([code, out]).toEqual([0, ""]);
    expect(readdirSync(join(folder, "reports")).toSorted()).toEqual([
      "junit.xml",
      "report.html",
      "report.md",
      "results.json",
    ]);
  });

  it.each([
    ["a URL that answers JSON", () => ["--http", url]],
    ["a URL that answers text", () => ["--http", `${url}/text`]],
    ["a program", () => ["--command", `"${process.execPath}" program.mjs`]],
    ["a suite from a module", () => ["--agent", "agent.mjs", "--suite-module"]],
  ])("runs against %s", async (_name, words) => {
    const isModule = words().includes("--suite-module");
    const given = words().filter((word) => word !== "--suite-module");
    const suiteFile = isModule ? "suite.mjs" : "suite.json";
    const { code, out } = await run(suiteFile, ...given, "--filter", "refund-*", "--json");
    expect(code).toBe(0);
    const { scenarios } = JSON.parse(out) as { scenarios: { repeats: { outcome: string }[] }[] };
    expect(scenarios.map(({ repeats }) => repeats[0]?.outcome)).toEqual(Array(6).fill("passed"));
  });

  it.each([
    ["an agent that is down", () => ["--http", `${url}/down`], "provider"],
    ["a URL where nobody is", () => ["--http", "http://127.0.0.1:9/"], "harness"],
    ["a program that wants to be run later", () => ["--command", "exit 75"], "provider"],
    ["a program that fails", () => ["--command", "echo why >&2; exit 1"], "agent"],
  ])("says whose error it is: %s", async (_name, words, source) => {
    const { out } = await run("suite.json", ...words(), "--filter", "refund-0", "--json");
    const { scenarios } = JSON.parse(out) as { scenarios: { repeats: object[] }[] };
    expect(scenarios[0]?.repeats[0]).toMatchObject({ outcome: "errored", error_source: source });
  });

  it("names every mistake of a suite by file, line and path, and runs nothing", async () => {
    const { code, err } = await run("broken.yaml", "--agent", "agent.mjs");
    expect(code).toBe(2);
    expect(err).toContain(
      "broken.yaml:2:5 scenarios[0].initial_query: missing: expected text\n" +
        "broken.yaml:3:5 scenarios[0].inital_query: unknown field 'inital_query': did you mean 'initial_query'?\n" +
        "broken.yaml:4:5 scenarios[1].initial_query: missing: expected text\n" +
        "broken.yaml:5:5 scenarios[1].max_turns: expected a number, got text 'x'\n",
    );
  });

  it.each([
    ["no agent", [], "no agent is named"],
    ["two agents", ["--agent", "a", "--http", "b"], "named 2 times: --agent, --http"],
    ["an agent that is not there", ["--agent", "gone.mjs"], "cannot take an agent from 'gone.mjs'"],
    ["a module without an agent", ["--agent", "empty.mjs"], "it has value"],
    ["an export that is not there", ["--agent", "agent.mjs#x"], "no function 'x'"],
    ["a baseline that is not there", ["--agent", "agent.mjs", "--baseline", "x.json"], "x.json"],
    ["a filter that fits nothing", ["--agent", "agent.mjs", "--filter", "x*"], "no scenario"],
    ["looks without a baseline", ["--agent", "agent.mjs", "--max-repeat", "3"], "--baseline"],
    ["no folder to go on from", ["--agent", "agent.mjs", "--resume"], "--out"],
    ["a number of repeats", ["--agent", "agent.mjs", "--repeat", "0"], "from 1 to 1000"],
  ])("refuses %s", async (_name, words, message) => {
    const { code, err } = await run("suite.json", ...words);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it("leaves an unfinished run in its folder, which no other run may use", async () => {
    write(
      "slow.mjs",
      `let asked = 0;
       export default (message) => {
         asked += 1;
         if (asked > 5) globalThis.stopRun();
         return asked > 5 ? new Promise(() => {}) : "Dear " + message;
       };`,
    );
    const stopped = await interrupted("suite.json", "--agent", "slow.mjs", "--out", "cut");
    expect([stopped.code, stopped.err]).toEqual([
      2,
      expect.stringContaining("stopped by a signal"),
    ]);
    const refused = await run("suite.json", "--agent", "agent.mjs", "--out", "cut");
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining("did not come to its end"),
    ]);
    const other = await run("suite.json", "--agent", "agent.mjs", "--out", "cut", "--resume");
    expect([other.code, other.err]).toEqual([
      2,
      expect.stringContaining("agent was slow.mjs, is agent.mjs"),
    ]);
  });
});

/** The agent stops the run as a signal would. */
async function interrupted(...words: readonly string[]) {
  const terminal = testTerminal({ env: {}, workingFolder: folder });
  const stop = () => terminal.signals.emit("SIGTERM");
  Reflect.set(globalThis, "stopRun", stop);
  try {
    const code = await main(["eval", "run", ...words], terminal);
    return { code, err: terminal.stderr() };
  } finally {
    Reflect.deleteProperty(globalThis, "stopRun");
  }
}

describe("a suite on disk", () => {
  it("holds its results one scenario a line", async () => {
    await run("suite.json", "--agent", "agent.mjs", "--out", "lines");
    const lines = readFileSync(join(folder, "lines", "results.json"), "utf8").split("\n");
    expect(lines.filter((line) => line.startsWith('{"id":"'))).toHaveLength(12);
  });
});
