/**
 * An app of its own, for tests that kill it: offers numbers as they come from standard input, one a line, and says on
 * standard output what it offered (before it does) and, when its input ends, how the queue stands after its shutdown.
 * Arguments: JSON of `AppSettings`.
 */
import { createInterface } from "node:readline";
import { writeSync } from "node:fs";
import { evalRecord, httpTransport, ScouterQueue } from "@scouter/sdk";

export interface AppSettings {
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  readonly profileUid: string;
  readonly spoolDir?: string;
  readonly capacity?: number;
  /** Of one attempt. */
  readonly timeoutMs: number;
  readonly shutdownMs: number;
}

const STANDARD_OUTPUT = 1;
const settings = JSON.parse(process.argv[2] ?? "{}") as AppSettings;
const { baseUrl, username, password, profileUid, timeoutMs, shutdownMs, spoolDir, capacity } =
  settings;
const queue = new ScouterQueue({
  profiles: { answers: { uid: profileUid } },
  transport: httpTransport({ baseUrl, username, password, timeoutMs, gzip: true }),
  service: "watched-app",
  publishIntervalMs: 200,
  retry: { firstPauseMs: 50, maxPauseMs: 1_000, maxAttempts: 1_000 },
  ...(spoolDir === undefined ? {} : { spoolDir }),
  ...(capacity === undefined ? {} : { capacity }),
});

/** Synchronous: what was offered is known even if the process dies at once. */
const say = (line: object) => writeSync(STANDARD_OUTPUT, `${JSON.stringify(line)}\n`);

say({ event: "ready" });
for await (const line of createInterface({ input: process.stdin })) {
  const [first = 0, count = 0] = line.split(" ").map(Number);
  const offered: string[] = [];
  const taken: string[] = [];
  for (let number = first; number < first + count; number += 1) {
    const item = evalRecord({ context: { answer: "42", number } });
    offered.push(item.uid);
    if (queue.insert("answers", item)) taken.push(item.uid);
  }
  say({ event: "offered", uids: offered, taken, stats: queue.stats(), spool: queue.spoolStats() });
}
const report = await queue.shutdown({ timeoutMs: shutdownMs });
say({ event: "ended", stats: report.stats, spool: queue.spoolStats() });
process.exit(0);
