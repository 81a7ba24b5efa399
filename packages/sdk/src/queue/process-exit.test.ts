import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const sdk = new URL("../index.ts", import.meta.url).href;

/** An app of its own: a queue with one pending record, then what the case does. */
function runApp(options: string, end: string): Promise<{ readonly stdout: string }> {
  const app = `
    import { evalRecord, memoryTransport, ScouterQueue } from ${JSON.stringify(sdk)};
    const busy = { outcome: "retry", reason: "busy" };
    const transport = memoryTransport({ script: [busy] });
    const queue = new ScouterQueue({ profiles: { a: { uid: "e" } }, transport, ${options} });
    queue.insert("a", evalRecord({ context: 1 }));
    process.on("exit", () => console.log(JSON.stringify(queue.stats())));
    ${end}`;
  const flags = ["--conditions=scouter-source", "--input-type=module", "--eval", app];
  return promisify(execFile)(process.execPath, flags, { timeout: 50_000 });
}

test.for([
  {
    name: "an idle queue does not keep the process alive; what is pending is lost and counted so",
    options: "",
    end: "",
    stats: { offered: 1, pending: 1, acknowledged: 0 },
  },
  {
    name: "flushOnExit delivers when the loop runs empty",
    options: "flushOnExit: true",
    end: "",
    stats: { offered: 1, pending: 0, acknowledged: 1 },
  },
  {
    name: "a flush under way keeps the process alive, also through a pause",
    options: "retry: { firstPauseMs: 100 }",
    end: "await queue.flush();",
    stats: { offered: 1, pending: 0, acknowledged: 1 },
  },
])("$name", async ({ options, end, stats }) => {
  const { stdout } = await runApp(options, end);
  expect(JSON.parse(stdout)).toMatchObject(stats);
});
