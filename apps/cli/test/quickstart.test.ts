import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { main } from "../src/main.ts";
import {
  documentOf,
  keptQuickstart,
  type QuickstartDocument,
  quickstartTerminal,
} from "./quickstart-run.ts";
import { testTerminal } from "./test-terminal.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scouter-quickstart-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const terminal = (env: Readonly<Record<string, string>> = {}) => quickstartTerminal(folder, env);

/** A run waits up to 14 seconds for windows to end, and slow machines take long for the rest. */
const TWO_RUNS_TIMEOUT_MS = 240_000;

describe("quickstart --once", () => {
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
  test(
    "starts anew when asked to and verifies what it shows; then goes on with the kept data until a signal",
    async () => {
      const home = join(folder, ".scouter");
      mkdirSync(home);
      writeFileSync(join(home, "scouter-home.json"), '{"format":1}');
      writeFileSync(join(home, "left-over"), "");
      const once = terminal();
      const words = ["quickstart", "--once", "--fresh", "--json"];
      expect(await main(words, once), once.stderr()).toBe(0);
      expect(existsSync(join(home, "left-over"))).toBe(false);
      expect(once.stderr()).not.toContain("error:");
      const first = documentOf(once);
      expectGoodRun(first);
      expect(first.profile.version).toBe("0.1.0");

      const kept = await keptQuickstart(terminal());
      const second = kept.document;
      expectGoodRun(second);
      expect(second.profile.version).toBe("0.2.0");
      expect(second.model.profiles.psi.version).not.toBe(first.model.profiles.psi.version);
      await expectCommandsToWork(second);
      const inUse = terminal();
      expect(await main(["quickstart", "--fresh"], inUse)).toBe(2);
      expect(inUse.stderr()).toContain("uses it");
      expect(await kept.stop(), kept.console.stderr()).toBe(0);
    },
    TWO_RUNS_TIMEOUT_MS,
  );
});

function expectGoodRun({ figures, sent, checks, drift, login }: QuickstartDocument): void {
  expect(sent.records).toBe(60);
  expect(figures).toMatchObject({ spans: sent.spans, recordsEvaluated: 60, tasksErrored: 0 });
  expect(figures.passRate).toBeGreaterThan(0.5);
  expect(figures.passRate).toBeLessThan(1);
  expect(figures.tasksSkipped).toBeGreaterThan(0);
  expect(drift.drifted).not.toEqual([]);
  expect(drift.stable).not.toEqual([]);
  expect(drift.alerts).not.toEqual([]);
  expect(login).toBeNull();
  expect(checks.filter((check) => !check.holds)).toEqual([]);
  expect(checks.map(({ what }) => what)).toContain("observations of wind (distribution)");
}

async function expectCommandsToWork(document: QuickstartDocument): Promise<void> {
  const { urls, figures, profile, model } = document;
  const { recordUid, traceId } = figures.failedAnswer;
  const { psi, spc, custom } = model.profiles;
  const commands = [
    { words: ["eval", "show", recordUid], shows: ["failed", "skipped by"] },
    { words: ["eval", "list", "--limit", "100", "--profile", profile.uid], shows: [recordUid] },
    { words: ["traces", "show", traceId], shows: ["invoke_agent", "└─ ", "tokens"] },
    { words: ["traces", "list", "--limit", "3"], shows: ["car-support", "(more exist"] },
    { words: ["traces", "list", "--errors"], shows: ["car-support"] },
    { words: ["profile", "list"], shows: [profile.uid] },
    { words: ["profile", "show", "examples/car-support-answers"], shows: ["right_value"] },
    { words: ["drift", "show", psi.uid], shows: ["drifted", "wind", "month"] },
    { words: ["drift", "show", spc.uid], shows: ["Consecutive Zone"] },
    { words: ["drift", "show", custom.uid], shows: ["mae"] },
    { words: ["alert", "list", "--profile", psi.uid], shows: ["wind", "psi "] },
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
}

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
    await Promise.race([console.saysOnStdout("}\n"), ended]);
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
