import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { main } from "../src/main.ts";
import { testTerminal, type TestTerminal } from "./test-terminal.ts";

interface QuickstartDocument {
  readonly urls: { readonly http: string };
  readonly profile: { readonly uid: string; readonly version: string };
  readonly sent: { readonly spans: number; readonly records: number };
  readonly figures: {
    readonly spans: number;
    readonly recordsEvaluated: number;
    readonly passRate: number;
    readonly tasksErrored: number;
    readonly tasksSkipped: number;
    readonly failedAnswer: { readonly recordUid: string; readonly traceId: string };
  };
  readonly checks: readonly { readonly what: string; readonly holds: boolean }[];
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scouter-quickstart-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function terminal(env: Readonly<Record<string, string>> = {}): TestTerminal {
  const ports = {
    SCOUTER_SERVER_PORT: "0",
    SCOUTER_OTLP_HTTP_PORT: "random",
    SCOUTER_GRPC_PORT: "random",
    SCOUTER_OTLP_GRPC_PORT: "random",
    SCOUTER_METRICS_PORT: "random",
  };
  // A database of another program, as a developer's shell may name it: the quickstart must leave it alone.
  const foreign = { DATABASE_URI: "postgres://nobody@127.0.0.1:1/production" };
  return testTerminal({
    workingFolder: folder,
    env: { PATH: process.env["PATH"] ?? "", ...ports, ...foreign, ...env },
  });
}

function documentOf(console: TestTerminal): QuickstartDocument {
  return JSON.parse(console.stdout()) as QuickstartDocument;
}

describe("quickstart --once", () => {
  test("verifies what it shows, goes on with the kept data, and starts anew when asked to", async () => {
    const first = terminal();
    expect(await main(["quickstart", "--once", "--json"], first), first.stderr()).toBe(0);
    const { figures, sent, checks, profile } = documentOf(first);
    expect(profile.version).toBe("0.1.0");
    expect(sent.records).toBe(60);
    expect(figures).toMatchObject({
      spans: sent.spans,
      recordsEvaluated: 60,
      tasksErrored: 0,
    });
    expect(figures.passRate).toBeGreaterThan(0.5);
    expect(figures.passRate).toBeLessThan(1);
    expect(figures.tasksSkipped).toBeGreaterThan(0);
    expect(checks.filter((check) => !check.holds)).toEqual([]);
    expect(first.stderr()).not.toContain("error:");

    const second = terminal();
    expect(await main(["quickstart", "--once", "--json"], second), second.stderr()).toBe(0);
    expect(documentOf(second).profile.version).toBe("0.2.0");
    expect(documentOf(second).figures).toMatchObject({ spans: sent.spans, recordsEvaluated: 60 });

    const fresh = terminal();
    const words = ["quickstart", "--once", "--fresh", "--json"];
    expect(await main(words, fresh), fresh.stderr()).toBe(0);
    expect(documentOf(fresh).profile.version).toBe("0.1.0");
  });

  test("names the variable of a taken port", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    const { port } = other.address() as AddressInfo;
    const console = terminal({ SCOUTER_SERVER_PORT: String(port) });
    expect(await main(["quickstart", "--once"], console)).toBe(2);
    expect(console.stderr()).toContain(`port ${String(port)}`);
    expect(console.stderr()).toContain("SCOUTER_SERVER_PORT");
    other.close();
  });

  test("stops the server when a signal comes half way", async () => {
    const console = terminal();
    const ended = main(["quickstart", "--once", "--questions", "2000"], console);
    const asking = "let the demo agent answer questions ...";
    await Promise.race([console.saysOnStderr(asking), ended]);
    expect(console.stderr()).toContain(asking);
    console.signals.emit("SIGINT");
    expect(await ended).toBe(2);
    expect(console.stderr()).toContain("the quickstart was stopped by a signal before its end");
  });
});

describe("quickstart", () => {
  test("keeps the server until a signal; the commands it names work meanwhile", async () => {
    const console = terminal();
    const ended = main(["quickstart", "--json"], console);
    await Promise.race([console.saysOnStderr("The server keeps running"), ended]);
    expect(console.stderr()).toContain("The server keeps running");
    const { urls, figures, profile } = documentOf(console);
    const { recordUid, traceId } = figures.failedAnswer;
    const commands = [
      { words: ["eval", "show", recordUid], shows: ["failed", "skipped by"] },
      { words: ["eval", "list", "--limit", "100", "--profile", profile.uid], shows: [recordUid] },
      { words: ["traces", "show", traceId], shows: ["invoke_agent", "└─ ", "tokens"] },
      { words: ["traces", "list", "--limit", "3"], shows: ["car-support", "(more exist"] },
      { words: ["traces", "list", "--errors"], shows: ["car-support"] },
      { words: ["profile", "list"], shows: [profile.uid] },
      { words: ["profile", "show", "examples/car-support-answers"], shows: ["right_value"] },
      { words: ["demo", "--questions", "3"], shows: ["3 questions answered"] },
    ];
    for (const { words, shows } of commands) {
      const asText = terminal({ SCOUTER_SERVER_URI: urls.http });
      expect(await main(words, asText), asText.stderr()).toBe(0);
      for (const text of shows) expect(asText.stdout()).toContain(text);
      const asJson = terminal();
      expect(await main([...words, "--json", "--url", urls.http], asJson)).toBe(0);
      expect(JSON.parse(asJson.stdout())).toBeTypeOf("object");
    }
    const inUse = terminal();
    expect(await main(["quickstart", "--fresh"], inUse)).toBe(2);
    expect(inUse.stderr()).toContain("uses it");

    console.signals.emit("SIGTERM");
    expect(await ended, console.stderr()).toBe(0);
  });
});

describe("serve", () => {
  test("tells its parent where it listens, and stops in order when the parent is lost", async () => {
    const console = testTerminal({
      workingFolder: folder,
      env: {
        SCOUTER_SERVER_PORT: "0",
        SCOUTER_OTLP_HTTP_PORT: "0",
        SCOUTER_GRPC_PORT: "0",
        SCOUTER_OTLP_GRPC_PORT: "0",
        SCOUTER_METRICS_PORT: "0",
      },
      parent: true,
    });
    const ended = main(["serve", "--json", "--home", join(folder, "home")], console);
    await expect.poll(() => console.toParent.length, { timeout: 120_000 }).toBe(1);
    const { urls } = JSON.parse(console.stdout()) as { urls: { http: string; otlpHttp: null } };
    expect(console.toParent[0]).toEqual({ kind: "started", urls });
    expect(urls.otlpHttp).toBeNull();
    expect((await fetch(`${urls.http}/scouter/healthcheck`)).status).toBe(200);
    console.loseParent();
    expect(await ended).toBe(0);
    await expect(fetch(`${urls.http}/scouter/healthcheck`)).rejects.toThrow("fetch failed");
  });

  test("refuses a bad configuration with every variable's name", async () => {
    const console = testTerminal({ workingFolder: folder, env: { SCOUTER_SERVER_PORT: "http" } });
    expect(await main(["serve"], console)).toBe(2);
    expect(console.stderr()).toContain("SCOUTER_SERVER_PORT is 'http'");
  });

  test("refuses a folder that is not ours", async () => {
    writeFileSync(join(folder, "holiday.jpg"), "");
    const console = testTerminal({ workingFolder: folder, env: { SCOUTER_SERVER_PORT: "0" } });
    expect(await main(["serve", "--home", folder], console)).toBe(2);
    expect(console.stderr()).toContain("holds other files");
  });
});
