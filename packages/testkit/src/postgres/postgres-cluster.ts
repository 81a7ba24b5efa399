import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../port/free-port.ts";
import type { PostgresBinaries } from "./find-postgres.ts";

const USER = "scouter";
const START_ATTEMPTS = 3;
const READY = "database system is ready to accept connections";

interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** A running private server. `uri` leads to its maintenance database `postgres`. */
export interface PostgresCluster {
  readonly uri: string;
  readonly process: ChildProcess;
  /** Starts the stopped or killed server again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes a cluster in a temporary folder and starts it on a free port of 127.0.0.1. */
export async function startCluster(binaries: PostgresBinaries): Promise<PostgresCluster> {
  const identity = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), "scouter-postgres-"));
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid ?? identity.uid);
  const data = join(folder, "data");
  const options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
  execFileSync(join(binaries.folder, "initdb"), ["-D", data, "-U", USER, ...options], {
    ...identity,
    cwd: folder,
    stdio: "pipe",
  });
  const started = await startOnFreePort({ binaries, data, folder, identity });
  return clusterHandle(started);
}

interface Place {
  readonly binaries: PostgresBinaries;
  readonly data: string;
  readonly folder: string;
  readonly identity: Identity;
}

interface Started extends Place {
  readonly port: number;
  readonly child: ChildProcess;
}

function clusterHandle(first: Started): PostgresCluster {
  let child = first.child;
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  return {
    uri: `postgres://${USER}@127.0.0.1:${first.port}/postgres`,
    get process() {
      return child;
    },
    async restart() {
      await exited(child);
      child = await startServer(first, first.port);
    },
    async stop() {
      process.off("exit", killAtExit);
      // "Immediate": a checkpoint would sync every file of every database, minutes on a busy disk, before all are removed.
      child.kill("SIGQUIT");
      await exited(child);
      rmSync(first.folder, { recursive: true, force: true });
    },
  };
}

/** The port may be taken between finding and using it. */
async function startOnFreePort(place: Place): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { ...place, port, child: await startServer(place, port) };
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

function startServer(place: Place, port: number): Promise<ChildProcess> {
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${place.folder}`,
    "lc_messages=C",
    "max_connections=60",
  ];
  const child = spawn(
    join(place.binaries.folder, "postgres"),
    ["-D", place.data, ...settings.flatMap((setting) => ["-c", setting])],
    { ...place.identity, cwd: place.folder, stdio: ["ignore", "ignore", "pipe"] },
  );
  return new Promise((resolve, reject) => {
    const log: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      log.push(line);
      if (line.includes(READY)) resolve(child);
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      reject(new Error(`postgres ended with code ${code}:\n${log.join("\n")}`));
    });
  });
}

/** PostgreSQL refuses to run as root: take its own user, or nobody. */
function unprivileged(): Identity {
  if (process.getuid?.() !== 0) return {};
  for (const user of ["postgres", "nobody"]) {
    const uid = idOf(user, "-u");
    const gid = idOf(user, "-g");
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error("cannot start PostgreSQL as root: there is no user postgres or nobody");
}

function idOf(user: string, option: "-u" | "-g"): number | undefined {
  try {
    return Number(execFileSync("id", [option, user], { encoding: "utf8", stdio: "pipe" }));
  } catch {
    return undefined; // no such user
  }
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once("exit", resolve));
}
