import { emptyArchive, emptyEvaluationArchive } from "../test/fake/empty-archive.ts";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AlertChannel } from "@scouter/alerts";
import { isScouterError, systemClock } from "@scouter/contracts";
import type { IngestLog, TraceLakeOptions } from "@scouter/lake";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeDatabase } from "../test/fake/fake-database.ts";
import { FakeLake } from "../test/fake/fake-lake.ts";
import { compose, type System } from "./compose.ts";
import type { Outside } from "./compose/outside.ts";
import { readConfig } from "./config/read-config.ts";

let home: string;
let database: FakeDatabase;
let lake: FakeLake;
let lakeOptions: TraceLakeOptions | undefined;
let lines: string[];
let order: string[];
const systems: System[] = [];

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "scouter-compose-"));
  database = new FakeDatabase();
  lake = new FakeLake();
  lines = [];
  order = [];
});
afterEach(async () => {
  for (const system of systems.splice(0)) await system.stop("the test is over");
  rmSync(home, { recursive: true, force: true });
});

function outside(overrides: Partial<Outside> = {}): Outside {
  return {
    clock: systemClock,
    hostName: "here",
    pid: process.pid,
    logOutput: { write: (line) => void lines.push(line) },
    openPglite: async () => {
      order.push("database");
      return database;
    },
    openPostgres: async () => database,
    openIngestLog: async ({ owner }) => {
      order.push(`log of ${owner.length}`);
      return { capabilities: { durability: "power", shared: false } } as IngestLog;
    },
    openPostgresIngestLog: async () =>
      ({ capabilities: { durability: "power", shared: true } }) as IngestLog,
    lakeIdOf: async () => undefined,
    giveLakeId: async (_folder, newId) => newId,
    openEvaluationArchive: () => emptyEvaluationArchive,
    openObservationArchive: () => emptyArchive,
    openTraceLake: async (options) => {
      order.push("lake");
      lakeOptions = options;
      return lake;
    },
    ...overrides,
  };
}

function make(env: Record<string, string> = {}, overrides: Partial<Outside> = {}): System {
  const free = {
    SCOUTER_SERVER_PORT: "random",
    SCOUTER_OTLP_HTTP_PORT: "random",
    SCOUTER_GRPC_PORT: "random",
    SCOUTER_OTLP_GRPC_PORT: "random",
  };
  const system = compose(
    readConfig({ ...free, SCOUTER_HOME: home, LOG_JSON: "true", ...env }),
    outside(overrides),
  );
  systems.push(system);
  return system;
}

const messages = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);

async function refusalOf(system: System): Promise<string> {
  return system.start().then(
    () => "started",
    (error: unknown) => (isScouterError(error) ? error.code : String(error)),
  );
}

describe("compose", () => {
  it("opens nothing before start", () => {
    make();
    expect(readdirSync(home)).toEqual([]);
    expect(order).toEqual([]);
  });

  it("starts in order and answers on every listener", async () => {
    const { urls } = await make().start();
    expect(order).toEqual(["database", "log of 36", "lake"]);
    const answers = await Promise.all(
      [
        `${urls.http}/scouter/healthcheck`,
        `${urls.metrics}/readyz`,
        `${urls.metrics}/healthz`,
        `${urls.metrics}/metrics`,
      ].map(async (url) => (await fetch(url)).status),
    );
    expect(answers).toEqual([200, 200, 200, 200]);
    const spans = await fetch(`${urls.otlpHttp}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(spans.status).toBe(200);
    expect(spans.headers.get("x-scouter-api-version")).toBe("1.0.0");
    const metrics = await (await fetch(`${urls.metrics}/metrics`)).text();
    expect(metrics).toContain('scouter_channel_messages{channel="traces"} 0');
    expect(metrics).toContain('scouter_lake_unflushed{unit="spans"} 7');
  });

  it("says at the start what it is, how durable, and which users it made", async () => {
    await make().start();
    expect(messages()).toEqual([
      expect.stringContaining("users admin and guest created"),
      expect.stringMatching(/^HTTP API at http:/),
      expect.stringMatching(/^OTLP over HTTP at http:/),
      expect.stringMatching(/^gRPC at http:/),
      expect.stringMatching(/^OTLP over gRPC at http:/),
      expect.stringMatching(/^metrics and health at http:/),
      "ready",
      expect.stringContaining("not a power cut"),
    ]);
    expect(JSON.parse(lines[6] ?? "")).toMatchObject({ database: "embedded", home });
  });

  it("stops in order, with a line for each step", async () => {
    const system = make();
    await system.start();
    lines.length = 0;
    await system.stop("SIGTERM");
    expect(messages()).toEqual([
      "stopping",
      "stop: not ready, nothing accepted any more",
      "stop: workers told to end",
      "stop: work under way ended or its time is over",
      "stop: work that did not end was cut, leases released",
      "stop: lake flushed",
      "stop: archive closed",
      "stop: lake closed",
      "stop: database closed",
      "stop: home folder released",
      "stopped",
    ]);
    expect(lake.calls).toEqual(["flush", "close"]);
    expect(database.closed).toBe(true);
    expect(database.released).toHaveLength(2);
  });

  it("answers a request that is under way before it stops", async () => {
    const system = make();
    const { urls } = await system.start();
    const gate = Promise.withResolvers<void>();
    lake.gate = gate.promise;
    const reply = fetch(`${urls.http}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    while (lake.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const stopped = system.stop("SIGTERM");
    await expect(fetch(`${urls.http}/scouter/healthcheck`)).rejects.toThrow("fetch failed");
    gate.resolve();
    expect((await reply).status).toBe(200);
    await stopped;
    expect(lake.calls).toEqual(["flush", "close"]);
  });

  it("tells alerts on a channel that its owner registered", async () => {
    const told = Promise.withResolvers<string>();
    const toy: AlertChannel = {
      name: "toy",
      deliver: async ({ dedupKey, message: { name } }) => told.resolve(`${dedupKey} ${name}`),
    };
    const message = {
      space: "s",
      name: "answers",
      version: "1.0.0",
      profile_uid: "u",
      drift_type: "Agent",
      window_end: "2026-01-01T00:00:00.000Z",
      alerts: [],
      dispatch_config: { Other: { name: "toy" } },
    };
    const due = [{ claim: { messageId: 1, fencing: 1 }, dedupKey: "k", attempt: 1, message }];
    const delivered = Promise.withResolvers<string>();
    Object.assign(database.alertOutbox, {
      claim: async () => due.splice(0),
      delivered: async (_claim: unknown, { channel }: { channel: string }) => {
        delivered.resolve(channel);
        return true;
      },
    });
    await make({}, { alertChannels: [toy] }).start();
    expect(await told.promise).toBe("k answers");
    expect(await delivered.promise).toBe("toy");
  });

  it("is not ready while the database is away", async () => {
    const { urls } = await make().start();
    database.away = true;
    expect((await fetch(`${urls.metrics}/readyz`)).status).toBe(503);
    expect((await fetch(`${urls.metrics}/healthz`)).status).toBe(200);
    database.away = false;
  });

  it("refuses a folder in use and leaves the holder alone", async () => {
    await make().start();
    order.length = 0;
    expect(await refusalOf(make())).toBe("SERVER_HOME_LOCKED");
    expect(order).toEqual([]);
    expect(database.closed).toBe(false);
  });

  it("closes again what it opened when a later part fails", async () => {
    const failing = make({}, { openTraceLake: () => Promise.reject(new Error("no disk")) });
    expect(await refusalOf(failing)).toBe("Error: no disk");
    expect(database.closed).toBe(true);
    expect(await refusalOf(make())).toBe("started");
  });

  describe("with a taken port", () => {
    const taken = createServer();
    let port: string;
    beforeEach(async () => {
      taken.listen(0, "127.0.0.1");
      await once(taken, "listening");
      const address = taken.address();
      port = String(typeof address === "object" ? address?.port : "");
    });
    afterEach(() => new Promise((resolve) => taken.close(resolve)));

    it("does not start when it is the main one", async () => {
      expect(await refusalOf(make({ SCOUTER_SERVER_PORT: port }))).toBe("SERVER_PORT_TAKEN");
      expect(database.closed).toBe(true);
    });

    it("starts without the other listeners, and warns", async () => {
      const env = {
        SCOUTER_OTLP_HTTP_PORT: port,
        SCOUTER_METRICS_PORT: port,
        SCOUTER_GRPC_PORT: port,
        SCOUTER_OTLP_GRPC_PORT: port,
      };
      const { urls } = await make(env).start();
      const { http: _main, ...others } = urls;
      expect(others).toEqual({ otlpHttp: null, metrics: null, grpc: null, otlpGrpc: null });
      const left = lines.filter((line) => line.includes("listener left out"));
      expect(left).toHaveLength(4);
      expect(left.every((line) => line.includes("SERVER_PORT_TAKEN"))).toBe(true);
    });
  });

  it("leaves out listeners that are off", async () => {
    const { urls } = await make({
      SCOUTER_OTLP_HTTP_PORT: "0",
      SCOUTER_METRICS_PORT: "0",
      SCOUTER_GRPC_PORT: "0",
      SCOUTER_OTLP_GRPC_PORT: "0",
    }).start();
    expect(urls).toMatchObject({ otlpHttp: null, metrics: null, grpc: null, otlpGrpc: null });
  });

  it("logs the configuration's warnings and warns of spans from everybody", async () => {
    const open = { SCOUTER_HOST: "0.0.0.0", SCOUTER_OTLP_ANONYMOUS: "true" };
    await make({ MIN_POOL_SIZE: "x", ...open }).start();
    expect(messages()).toContain(
      "configuration: MIN_POOL_SIZE without effect: the connection pool looks after this itself",
    );
    expect(messages().at(-1)).toContain("SCOUTER_OTLP_ANONYMOUS: everybody");
  });

  it("never logs the password of the database", async () => {
    await make({ DATABASE_URI: "postgresql://u:hunter2@h/d" }).start();
    expect(lines.join("")).not.toContain("hunter2");
  });

  it("keeps letters of the log apart that have no number", async () => {
    await make().start();
    const letter = { owner: "o", sequence: undefined, payload: undefined, format: undefined };
    for (const reason of ["at 1", "at 2", "at 1"]) {
      await lakeOptions?.events.onDeadLetter({ ...letter, reason });
    }
    const [first, second, third] = database.letters.map(({ sequence }) => sequence);
    expect(first).toBeLessThan(0);
    expect(second).not.toBe(first);
    expect(third).toBe(first);
  });

  it("tells when a part ends that it cannot do without", async () => {
    const system = make();
    await system.start();
    const error = new Error("worker gone");
    lakeOptions?.events.onFatal(error as never);
    expect(await system.failed).toBe(error);
  });
});
