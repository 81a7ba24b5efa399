import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { DeliveryStats, SpoolStats } from "@scouter/sdk";
import type { AppSettings } from "./watched-app.ts";

const program = fileURLToPath(new URL("./watched-app.ts", import.meta.url));

export interface AppProcess {
  /** Uids of everything that it offered, and of what its queue took. */
  readonly offered: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
  /** The newest counts it told. */
  stats(): DeliveryStats | undefined;
  spool(): SpoolStats | undefined;
  /** Offers so many records; resolves when the app has said so. */
  offer(count: number): Promise<void>;
  /** Ends its input; resolves with its last counts. */
  end(): Promise<DeliveryStats>;
  kill(): Promise<void>;
}

interface Said {
  readonly event: "ready" | "offered" | "ended";
  readonly uids?: readonly string[];
  readonly taken?: readonly string[];
  readonly stats?: DeliveryStats;
  readonly spool?: SpoolStats;
}

export async function startApp(settings: AppSettings): Promise<AppProcess> {
  const child = spawn(
    process.execPath,
    ["--conditions=scouter-source", program, JSON.stringify(settings)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const offered = new Set<string>();
  const taken = new Set<string>();
  let stats: DeliveryStats | undefined;
  let spool: SpoolStats | undefined;
  let next = 0;
  const waits: ((said: Said) => void)[] = [];
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const said = JSON.parse(line) as Said;
    for (const uid of said.uids ?? []) offered.add(uid);
    for (const uid of said.taken ?? []) taken.add(uid);
    stats = said.stats ?? stats;
    spool = said.spool ?? spool;
    waits.shift()?.(said);
  });
  const nextSaid = () =>
    Promise.race([
      new Promise<Said>((resolve) => waits.push(resolve)),
      exited.then((): Said => {
        throw new Error("the app ended");
      }),
    ]);
  const ready = nextSaid();
  await ready;
  return {
    offered,
    taken,
    stats: () => stats,
    spool: () => spool,
    async offer(count) {
      const said = nextSaid();
      child.stdin.write(`${next} ${count}\n`);
      next += count;
      await said;
    },
    async end() {
      const said = nextSaid();
      child.stdin.end();
      const { stats: last } = await said;
      await exited;
      if (last === undefined) throw new Error("the app told no counts at its end");
      return last;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
