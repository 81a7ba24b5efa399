import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { yearToYear } from "./year-to-year.ts";

const entry = fileURLToPath(new URL("../../../apps/server/src/main.ts", import.meta.url));
let home: string;
let server: ServerProcess;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-years-server-"));
  server = await startServerProcess({ entry, home });
}, 120_000);
afterAll(async () => {
  await server.stop("SIGTERM");
  await rm(home, { recursive: true, force: true });
});

it("alerts about another year as its file says, explains it, and is calm again with a usual one", async () => {
  const report = await yearToYear({ baseUrl: server.urls.http });
  const drifted = Object.keys(report.offline).filter((name) => report.offline[name] === "alert");
  expect(drifted.toSorted()).toEqual(report.alerts);
  expect(report.alerts).toEqual(["highest", "weather", "wind"]);
  expect(report.offline["precipitation"]).toBe("ok");
  expect(report.explanation.join(" ")).toMatch(/The PSI of 'highest' was 0\.14/);
  const [heaviest] = report.carriers;
  expect(heaviest?.share).toBeGreaterThan(0.1);
  expect(report.carriers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  expect(report.resolved).toEqual(report.alerts);
}, 180_000);
