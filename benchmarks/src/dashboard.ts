/**
 * The page of a trace of 20,000 spans in a real browser, on a real server with the built dashboard: how long it takes to
 * open, and how evenly it scrolls from end to end. Needs a Chromium (or SCOUTER_TEST_CHROMIUM).
 * Options: `--spans N` (default 20000), `--rounds N` (default 5).
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findChromium } from "@scouter/testkit/browser/find-chromium";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { largeTrace } from "@scouter/testkit/otlp/large-trace";
import { startServerProcess } from "@scouter/testkit/server-process/server-process";
import { chromium, type Browser } from "playwright-core";
import { openTrace, scrollTrace, type FrameCount } from "./dashboard/trace-page.ts";
import { printFigure, quantile } from "./figure/print-figure.ts";

const TRACE_NUMBER = 7_000_000_000;
const READY_TIMEOUT_MS = 120_000;
const OPEN_TARGET_MS = 2000;
/** Of a screen with 60 frames a second. */
const FRAME_MS = 16.7;

const { values } = parseArgs({
  options: {
    spans: { type: "string", default: "20000" },
    rounds: { type: "string", default: "5" },
  },
});
const spanCount = Number(values.spans);
const rounds = Number(values.rounds);

const executablePath = findChromium();
if (executablePath === undefined) {
  throw new Error("no Chromium: install it or name its program in SCOUTER_TEST_CHROMIUM");
}
const home = await mkdtemp(join(tmpdir(), "bench-dashboard-"));
const entry = fileURLToPath(new URL("../../apps/server/src/main.ts", import.meta.url));
const server = await startServerProcess({ entry, home, readyTimeoutMs: READY_TIMEOUT_MS });
// No sandbox: containers run as root.
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  await sendTrace(server.urls.http);
  await measure(browser, server.urls.http);
} finally {
  await browser.close();
  await server.stop("SIGTERM");
  await rm(home, { recursive: true, force: true });
}

async function sendTrace(baseUrl: string): Promise<void> {
  const startNano = BigInt(Date.now() - 3_600_000) * 1_000_000n;
  const options = { spanCount, startNano, number: TRACE_NUMBER, serviceName: "catalogue" };
  for (const request of largeTrace(options)) {
    const reply = await fetch(`${baseUrl}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf" },
      body: Buffer.from(exportRequestProtobuf(request)),
    });
    if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
  }
}

/** The first round warms server and browser up and is not counted. */
async function measure(browser: Browser, baseUrl: string): Promise<void> {
  const url = `${baseUrl}/traces/${TRACE_NUMBER.toString(16).padStart(32, "0")}`;
  const opens: number[] = [];
  const scrolls: FrameCount[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const { page, openMs } = await openTrace(browser, url);
    if (round > 0) {
      opens.push(openMs);
      scrolls.push(await scrollTrace(page));
    }
    await page.context().close();
  }
  const lower = { better: "lower", samples: rounds } as const;
  const sum = (of: (count: FrameCount) => number) => scrolls.reduce((all, row) => all + of(row), 0);
  printFigure({
    ...lower,
    name: "trace_20k_open_ms",
    value: quantile(opens, 0.5),
    unit: "ms",
    target: OPEN_TARGET_MS,
  });
  printFigure({
    ...lower,
    name: "trace_20k_scroll_dropped_frames",
    value: sum(({ dropped }) => dropped) / rounds,
    unit: `frames of ${String(Math.round(sum(({ due }) => due) / rounds))}`,
    target: 0,
  });
  printFigure({
    ...lower,
    name: "trace_20k_scroll_longest_frame_ms",
    value: Math.max(...scrolls.map(({ longestMs }) => longestMs)),
    unit: "ms",
    target: null,
  });
  printFigure({
    ...lower,
    name: "trace_20k_scroll_frame_cpu_ms",
    value: quantile(
      scrolls.map(({ cpuMs }) => cpuMs),
      0.5,
    ),
    unit: "ms",
    target: FRAME_MS,
  });
}
