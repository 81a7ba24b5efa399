import { readFileSync, readdirSync } from "node:fs";
import type { Client } from "pg";

export interface DatabaseLoad {
  /** Of the server and all of its children since they started; those that ended count in their parent. */
  readonly cpuSeconds: number;
  readonly transactions: number;
  readonly walMb: number;
}

const TICKS_PER_SECOND = 100;

/** What a PostgreSQL on this machine has done so far; Linux only. */
export async function databaseLoad(client: Client, pid: number): Promise<DatabaseLoad> {
  const { rows } = await client.query<{ transactions: string; wal: string }>(
    `select xact_commit + xact_rollback as transactions,
       pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as wal
     from pg_stat_database where datname = current_database()`,
  );
  const [row] = rows;
  return {
    cpuSeconds: cpuSecondsOf(pid),
    transactions: Number(row?.transactions),
    walMb: Number(row?.wal) / 1024 / 1024,
  };
}

function cpuSecondsOf(pid: number): number {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  let ticks = 0;
  for (const id of ids) {
    const fields = statOf(id);
    if (fields === undefined) continue;
    const isServer = Number(id) === pid;
    // Fields after the name: state, parent, ...; user and system time are 14 and 15 of proc(5), of ended children 16, 17.
    if (!isServer && Number(fields[1]) !== pid) continue;
    ticks += Number(fields[11]) + Number(fields[12]);
    if (isServer) ticks += Number(fields[13]) + Number(fields[14]);
  }
  return ticks / TICKS_PER_SECOND;
}

function statOf(pid: string): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined; // it ended meanwhile
  }
}
