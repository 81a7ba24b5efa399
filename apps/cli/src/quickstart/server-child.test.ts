import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isScouterError } from "@scouter/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodeOf } from "../exit-code.ts";
import { startServerChild } from "./server-child.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scouter-child-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a program that behaves like a server of a certain kind. */
function start(program: string, env: Readonly<Record<string, string>> = {}) {
  return startServerChild({
    home: join(folder, "home"),
    logFile: join(folder, "new", "server.log"),
    env,
    workingFolder: folder,
    command: [process.execPath, "--eval", program],
  });
}

const urls = { http: "http://h", otlpHttp: null, grpc: null, otlpGrpc: null, metrics: null };
const started = `process.send(${JSON.stringify({ kind: "started", urls })});`;
const refused = (ourFault: boolean, code = "SERVER_PORT_TAKEN") =>
  `process.send(${JSON.stringify({ kind: "refused", code, message: "port taken", remedy: "free it", ourFault })}, () => { process.exitCode = 2; process.disconnect(); });`;

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error("it did not reject");
    },
    (error: unknown) => error,
  );
}

describe("startServerChild", () => {
  it("gives the addresses of a started server and stops it by a signal", async () => {
    const server = await start(
      `process.on("message", () => {});
       process.on("SIGTERM", () => { console.log("stopping"); process.disconnect(); });
       ${started}`,
    );
    expect(server.urls).toEqual(urls);
    expect(await server.stop()).toBe(0);
    expect(await server.stop()).toBe(0);
    expect(readFileSync(join(folder, "new", "server.log"), "utf8")).toBe("stopping\n");
  });

  it("gives the server the environment of this shell, but for its home and storage", async () => {
    const server = await start(
      `console.log(Object.keys(process.env).sort().join(), process.env.SCOUTER_HOME); ${started}`,
      { DATABASE_URI: "postgres://server/db", SCOUTER_STORAGE_URI: "s3://x", LOG_LEVEL: "debug" },
    );
    await server.ended;
    const log = readFileSync(join(folder, "new", "server.log"), "utf8");
    expect(log).toContain("LOG_LEVEL");
    expect(log).toContain("DATABASE_URI");
    expect(log).toContain(join(folder, "home"));
    expect(log).not.toContain("SCOUTER_STORAGE_URI");
  });

  it.each([
    [false, "CLI_SERVER_REFUSED", 2],
    [true, "CLI_SERVER_FAILED", 3],
  ])("passes a refusal on (our fault: %s)", async (ourFault, code, exitCode) => {
    const error = await rejection(start(refused(ourFault)));
    expect(error).toMatchObject({
      code,
      message: "the server did not start: port taken",
      remedy: "free it",
    });
    expect(isScouterError(error)).toBe(true);
    expect(exitCodeOf(error)).toBe(exitCode);
  });

  it("has a remedy of its own for a database that knows another lake", async () => {
    const error = await rejection(start(refused(false, "SERVER_LAKE_FOREIGN")));
    expect(error).toMatchObject({
      code: "CLI_LAKE_FOREIGN",
      message: "the server did not start: port taken",
      remedy: expect.stringContaining(`'${join(folder, "home")}': set SCOUTER_HOME`) as string,
    });
    expect(exitCodeOf(error)).toBe(2);
  });

  it("shows the end of the log of a server that dies", async () => {
    const error = await rejection(start(`console.error("disk full"); process.exit(7)`));
    expect(error).toMatchObject({
      code: "CLI_SERVER_ENDED",
      message: "the server ended by itself (7); the end of its log:\ndisk full",
    });
  });
});
