import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json, JsonObject } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { compose } from "../src/compose.ts";
import { realOutside } from "../src/compose/outside.ts";
import { readConfig } from "../src/config/read-config.ts";

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A whole server over its own embedded database, which the test may reach past the API. */
export interface PoisonSystem {
  readonly database: Database;
  call(method: "GET" | "POST" | "PUT", path: string, body?: unknown): Promise<Reply>;
  /** Everything it logged so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Plans and computes no windows by itself: tests say when. */
export async function startPoisonSystem(): Promise<PoisonSystem> {
  const home = await mkdtemp(join(tmpdir(), "scouter-poison-"));
  const lines: string[] = [];
  let database: Database | undefined;
  const port = "random";
  const system = compose(
    readConfig({
      SCOUTER_HOME: home,
      SCOUTER_SERVER_PORT: port,
      SCOUTER_OTLP_HTTP_PORT: port,
      SCOUTER_GRPC_PORT: port,
      SCOUTER_OTLP_GRPC_PORT: port,
      POLLING_WORKER_COUNT: "0",
      LOG_JSON: "true",
    }),
    {
      ...realOutside,
      logOutput: { write: (line) => void lines.push(line) },
      openPglite: async (options) => (database = await realOutside.openPglite(options)),
    },
  );
  const { urls } = await system.start();
  if (database === undefined) throw new Error("the server opened no embedded database");
  return {
    database,
    log: () => lines.join(""),
    async call(method, path, body) {
      const payload = typeof body === "string" ? body : JSON.stringify(body);
      const reply = await guestFetch(urls.http + path, {
        method,
        ...(body === undefined
          ? {}
          : { headers: { "content-type": "application/json" }, body: payload }),
      });
      return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
    },
    async stop() {
      await system.stop("the test is over");
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A copy with `value` at the path (`a.b.0.c`); undefined removes the field. */
export function withAt(given: JsonObject, path: string, value: Json | undefined): JsonObject {
  const copy = structuredClone(given);
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  let at = copy as Record<string, Json>;
  for (const step of steps) at = at[step] as Record<string, Json>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}
