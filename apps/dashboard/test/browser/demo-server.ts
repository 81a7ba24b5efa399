// A program that global-setup.ts starts: a server with the demos' data. Prints its address and the browser to use as JSON when all of it is there, and
// ends when its standard input does.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runDemo } from "@scouter/example-support-agent";
import { runModelDemo } from "@scouter/example-temperature-model";
import { findChromium } from "@scouter/testkit/browser/find-chromium";
import { guestFetch, logIn } from "@scouter/testkit/server-process/guest-fetch";
import { sendOfflineRuns } from "./offline-runs.ts";
import { startServerProcess } from "@scouter/testkit/server-process/server-process";

const entry = fileURLToPath(new URL("../../../server/src/main.ts", import.meta.url));
const QUESTIONS = 30;

/** A busy machine may take its time. */
const READY_TIMEOUT_MS = 120_000;

async function main(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "scouter-pages-"));
  const server = await startServerProcess({ entry, home, readyTimeoutMs: READY_TIMEOUT_MS });
  try {
    await sendOfflineRuns(server.urls.http);
    await sendDemos(server.urls.http);
    const told = { url: server.urls.http, chromium: findChromium() ?? null };
    process.stdout.write(`${JSON.stringify(told)}\n`);
    await once(process.stdin.resume(), "end");
  } finally {
    await server.stop("SIGTERM");
    await rm(home, { recursive: true, force: true });
  }
}

async function sendDemos(baseUrl: string): Promise<void> {
  const token = await logIn(baseUrl, { username: "guest", password: "guest" });
  const [, model] = await Promise.all([
    runDemo({ baseUrl, questions: QUESTIONS }),
    runModelDemo({ baseUrl, token, schedule: "*/5 * * * * *" }),
  ]);
  await until(baseUrl, "evaluated records and drifted features", ({ records, features }) => {
    return records.processed >= QUESTIONS && features.drifted.length > 0;
  });
  // Later windows would be empty ones, and the newest is what pages show: the state is to stay as it is.
  for (const { space, name, version } of Object.values(model.profiles)) {
    await guestFetch(`${baseUrl}/scouter/profile/status`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ space, name, version, active: false }),
    });
  }
}

interface SummaryPart {
  readonly records: { readonly processed: number };
  readonly features: { readonly drifted: readonly unknown[] };
}

const LONGEST_WAIT_MS = 120_000;
const POLL_MS = 250;

async function until(baseUrl: string, what: string, holds: (summary: SummaryPart) => boolean) {
  const deadlineMs = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const reply = await guestFetch(`${baseUrl}/scouter/v2/summary`);
    const summary = (await reply.json()) as SummaryPart;
    if (holds(summary)) return;
    if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

await main();
