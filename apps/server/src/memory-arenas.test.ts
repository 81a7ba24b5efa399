import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ArenaProcess, limitMemoryArenas } from "./memory-arenas.ts";

const MODULE = new URL("./memory-arenas.ts", import.meta.url).href;

let folder: string;
let program: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-arenas-"));
  program = join(folder, "program.mjs");
  await writeFile(
    program,
    `const { limitMemoryArenas } = await import(${JSON.stringify(MODULE)});
    limitMemoryArenas(process);
    const told = { arenas: process.env.MALLOC_ARENA_MAX ?? null, pid: process.pid,
      words: process.argv.slice(2), flags: process.execArgv };
    if (process.send) process.send(told, () => process.disconnect());
    else console.log(JSON.stringify(told));`,
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const { MALLOC_ARENA_MAX: _set, ...env } = process.env;
const onLinux = process.platform === "linux";

async function run(environment: NodeJS.ProcessEnv) {
  const flags = ["--conditions=scouter-source"];
  const words = [...flags, program, "two words", "--flag"];
  const running = promisify(execFile)(process.execPath, words, { env: environment });
  const { stdout, stderr } = await running;
  return { told: JSON.parse(stdout), stderr, pid: running.child.pid };
}

describe("limitMemoryArenas", () => {
  it.runIf(onLinux)("begins anew once, the same process with the same words", async () => {
    const { told, stderr, pid } = await run(env);
    const words = ["two words", "--flag"];
    expect(told).toEqual({ arenas: "2", pid, words, flags: ["--conditions=scouter-source"] });
    expect(stderr).toBe("");
  });

  it("leaves what is set", async () => {
    expect((await run({ ...env, MALLOC_ARENA_MAX: "7" })).told).toMatchObject({ arenas: "7" });
  });

  it("leaves a process that talks with its parent", async () => {
    const child = fork(program, { env, execArgv: ["--conditions=scouter-source"] });
    const [told] = await once(child, "message");
    expect(told).toMatchObject({ arenas: null, pid: child.pid });
  });

  it("does nothing on another system", () => {
    const given: ArenaProcess = {
      platform: "darwin",
      env: {},
      execPath: "node",
      execArgv: [],
      argv: ["node"],
      connected: false,
      execve: () => {
        throw new Error("must not begin anew");
      },
    };
    expect(() => limitMemoryArenas(given)).not.toThrow();
    const linux: ArenaProcess = { ...given, platform: "linux" };
    expect(() => limitMemoryArenas(linux)).toThrow("begin anew");
  });
});
