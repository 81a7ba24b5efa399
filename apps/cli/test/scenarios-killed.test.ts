import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunDocument } from "@scouter/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";

// Kills a run of a suite at random and lets it go on, until it is through: it must come to what a run that nobody killed
// comes to. `npm run chaos -- scenarios` does it with 10,000 scenarios, and looks at the memory then.

const ROUNDS = process.env["SCOUTER_CHAOS_ROUNDS"];
const kills = ROUNDS === undefined ? 3 : Number(ROUNDS);
const scenarios = ROUNDS === undefined ? 150 : 10_000;
const repeats = 3;
/** A repeat that is forgotten leaves nothing; what the runtime itself needs for its caches is far below. */
const MOST_GROWTH_BYTES = 25_000_000;
const MAX_MS = 1_800_000;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scouter-killed-"));
  const lines = Array.from({ length: scenarios }, (_, index) =>
    JSON.stringify({
      id: `s${String(index)}`,
      initial_query: `question ${String(index)}`,
      predefined_turns: index % 10 === 0 ? ["and then?"] : [],
      tasks: [
        {
          task_type: "Assertion",
          id: "is_even",
          context_path: "response",
          operator: "MatchesRegex",
          expected_value: "[02468]$",
        },
      ],
    }),
  );
  writeFileSync(join(folder, "suite.jsonl"), lines.join("\n"));
  writeFileSync(join(folder, "agent.mjs"), AGENT);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Kills its own process after so many answers; else tells what the heap holds, now and then. */
const AGENT = `
  import { appendFileSync } from "node:fs";
  const last = Number(process.env.KILL_AFTER ?? "0");
  const memory = process.env.MEMORY_FILE;
  let answers = 0;
  export default async (message, { seed, turn }) => {
    answers += 1;
    if (answers === last) process.kill(process.pid, "SIGKILL");
    if (memory !== undefined && answers % 1000 === 0) {
      globalThis.gc();
      appendFileSync(memory, process.memoryUsage().heapUsed + "\\n");
    }
    await new Promise((resolve) => setImmediate(resolve));
    return message + " " + turn + " " + "x".repeat(500) + seed;
  };
`;

function run(out: string, env: Readonly<Record<string, string>>, ...words: readonly string[]) {
  const bin = new URL("../bin/scouter.mjs", import.meta.url).pathname;
  const node = ["--conditions=scouter-source", "--expose-gc", bin];
  const given = ["suite.jsonl", "--agent", "agent.mjs", "--repeat", String(repeats)];
  const child = spawn(
    process.execPath,
    [...node, "eval", "run", ...given, "--out", out, "--reporter", "junit", ...words],
    { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] },
  );
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  return new Promise<{ readonly end: number | string | null; readonly err: string }>((resolve) => {
    child.once("close", (code, signal) => resolve({ end: code ?? signal, err }));
  });
}

/** What a run came to: all but its id, its time and how long things took. */
function outcomes(out: string) {
  const path = join(folder, out, "results.json");
  const run = JSON.parse(readFileSync(path, "utf8")) as RunDocument;
  return run.scenarios.map((scenario) => ({
    ...scenario,
    repeats: scenario.repeats.map((repeat) => ({ ...repeat, duration_ms: 0 })),
  }));
}

it(
  `comes to the same with ${String(kills)} kills, ${String(scenarios)} scenarios x ${String(repeats)}`,
  { timeout: MAX_MS },
  async () => {
    const memory = join(folder, "memory.txt");
    expect(await run("whole", { MEMORY_FILE: memory })).toMatchObject({ end: 0 });
    const answers = scenarios * repeats;
    for (let kill = 0; kill < kills; kill += 1) {
      const after = 1 + Math.floor(Math.random() * (answers / (kills + 1)));
      const killed = await run("cut", { KILL_AFTER: String(after) }, "--resume");
      expect(killed.end).toBe("SIGKILL");
    }
    const ended = await run("cut", {}, "--resume");
    expect(ended).toMatchObject({ end: 0, err: expect.stringContaining("going on after") });
    expect(outcomes("cut")).toEqual(outcomes("whole"));
    if (ROUNDS !== undefined) expectFlat(readFileSync(memory, "utf8"));
  },
);

/** The heap after a collection, at the beginning of the run and at its end. */
function expectFlat(text: string): void {
  const bytes = text.trim().split("\n").map(Number);
  const part = Math.max(1, Math.floor(bytes.length / 4));
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const [first, last] = [median(bytes.slice(0, part)), median(bytes.slice(-part))];
  console.log(`heap: ${String(first)} bytes at first, ${String(last)} at last`);
  expect(last - first).toBeLessThan(MOST_GROWTH_BYTES);
}
