import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";

/** What the program tells. */
interface DemoServer {
  readonly url: string;
  /** Path of the browser's program; null when there is none. */
  readonly chromium: string | null;
}

declare module "vitest" {
  interface ProvidedContext {
    /** Of the server that has the demos' data, without a trailing slash. */
    readonly serverUrl: string;
    readonly browserEndpoint: string;
  }
}

/** Once for all files: a browser, and a server that holds what both demos sent. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startDemoServer();
  const browser = await launchBrowser(server.chromium);
  project.provide("serverUrl", server.url);
  project.provide("browserEndpoint", browser.wsEndpoint());
  return async () => {
    await Promise.all([browser.close(), server.stop()]);
  };
}

/** In a process of its own: set-up code is not resolved to the packages' sources. */
async function startDemoServer() {
  const program = fileURLToPath(new URL("./demo-server.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=scouter-source", program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const first = once(createInterface(child.stdout), "line") as Promise<[string]>;
  const [line] = await Promise.race([
    first,
    exited.then(([code]): never => {
      throw new Error(`the demo server ended with ${String(code)} (its reason is above)`);
    }),
  ]);
  const stop = async () => {
    child.stdin.end();
    await exited;
  };
  return { ...(JSON.parse(line) as DemoServer), stop };
}

/** No sandbox: containers run as root. No background traffic: the tests look at every request. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

function launchBrowser(executablePath: string | null) {
  if (executablePath === null) {
    throw new Error("no Chromium: install it or name its program in SCOUTER_TEST_CHROMIUM");
  }
  return chromium.launchServer({ executablePath, args: FLAGS, host: "127.0.0.1" });
}
