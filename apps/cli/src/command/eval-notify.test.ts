import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { useFakeApi } from "../../test/fake-api.ts";

const api = useFakeApi();
const folder = mkdtempSync(join(tmpdir(), "scouter-notify-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "results.json");
writeFileSync(
  file,
  JSON.stringify({
    format: "scouter-run",
    version: 1,
    run_id: "r1",
    created_at: "2026-03-01T10:00:00Z",
    suite: { name: "support" },
    scenarios: [],
  }),
);

it.each([
  [true, 0, "verdict: fail; told slack"],
  [null, 0, "verdict: fail; nothing to tell"],
  [false, 1, "verdict: fail; slack was not told: no token"],
])("delivered %j: exit code %i", async (delivered, code, text) => {
  const error = delivered === false ? "no token" : null;
  api.replies = {
    "GET /scouter/v2/eval/baselines": {
      items: [{ name: "main", run: { id: 4 } }],
      next_cursor: null,
    },
    "POST /scouter/v2/eval/runs": { id: 9, outcome: "stored" },
    "POST /scouter/v2/eval/runs/9/notify": { verdict: "fail", channel: "slack", delivered, error },
  };
  const words = ["--channel", "slack:#agents", "--space", "team", "--threshold", "0.1"];
  const run = await api.run("eval", "notify", file, ...words);
  expect([run.code, run.out.trim()]).toEqual([code, text]);
  expect(api.received.get("POST /scouter/v2/eval/runs/9/notify")).toEqual({
    channel: "slack:#agents",
    baseline: 4,
    mode: "statistical",
    threshold: 0.1,
    alpha: 0.05,
    always: false,
  });
});
