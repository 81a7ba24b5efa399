import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openEngine } from "./duckdb-engine.ts";
import { haltEngines } from "./open-engines.ts";

const ENDLESS =
  "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE a.range < b.range";

let folder = "";
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "scouter-engines-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

const options = () => ({ threads: 2, memoryLimitMb: 256, temporaryFolder: folder });

/** More statements than Node has threads for them: some have not begun when the process ends. */
const PROGRAM = `
  import { openEngine } from ${JSON.stringify(new URL("./duckdb-engine.ts", import.meta.url).href)};
  const engine = await openEngine(${JSON.stringify({ threads: 2, memoryLimitMb: 256 })
    .slice(0, -1)
    .concat(", temporaryFolder: process.argv[1] }")});
  for (let reader = 0; reader < 6; reader += 1) {
    void engine.withReader(async (connection) => {
      await connection.run("SELECT 1");
      const endless = connection.run(${JSON.stringify(ENDLESS)});
      process.stdout.write("x");
      await endless;
    });
  }
`;

// An error that nothing caught is left out: Node then waits for the statement in about one of five runs. See
// docs/decisions/0049-end-under-the-engine.md.
it("a process whose engine reads without an end ends at once when it is told to exit", async () => {
  const onceAllRead = `
    let begun = 0;
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text) => {
      begun += 1;
      if (begun === 6) setImmediate(() => process.exit(7));
      return write(text);
    };
  `;
  const args = ["--conditions=scouter-source", "--input-type=module", "--eval"];
  child = spawn(process.execPath, [...args, onceAllRead + PROGRAM, folder], { stdio: "ignore" });
  expect(await once(child, "exit")).toEqual([7, null]);
});

it("engines that are halted end what runs, also work of several statements, and begin nothing", async () => {
  const engines = [await openEngine(options()), await openEngine(options())];
  const work = engines.map((engine) =>
    engine.withReader(async (connection) => {
      await connection.run("SELECT 1");
      await connection.run(ENDLESS);
    }),
  );
  const ended = Promise.allSettled(work);
  await haltEngines();
  expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  for (const engine of engines) {
    const more = engine.withConnection((connection) => connection.run("SELECT 1"));
    await expect(more).rejects.toMatchObject({ code: "LAKE_WORKER_ENDED" });
    await engine.close();
  }
  expect(await readdir(folder)).toEqual([]);
});

it("engines that were closed leave no listener behind", async () => {
  const before = process.listenerCount("exit");
  const engines = [await openEngine(options()), await openEngine(options())];
  expect(process.listenerCount("exit")).toBe(before + 1);
  for (const engine of engines) await engine.close();
  expect(process.listenerCount("exit")).toBe(before);
});
