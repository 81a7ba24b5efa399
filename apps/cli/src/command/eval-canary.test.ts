import { expect, it } from "vitest";
import { older, profile, useFakeApi } from "../../test/fake-api.ts";

const api = useFakeApi();

const workflow = (record_uid: string, passed_tasks: number) => ({
  record_uid,
  total_tasks: 2,
  passed_tasks,
});
/** The same page for both versions would tell nothing: pages differ by the request's uid only in a real server. */
function serve(passed: number, failed: number, tags: readonly string[] = []) {
  const uids = Array.from({ length: passed + failed }, (_, index) => `r${String(index)}`);
  const page = (items: readonly unknown[]) => ({ items, next_cursor: null, has_next: false });
  api.replies = {
    "GET /scouter/v2/profiles": { items: [profile, older], next_cursor: null },
    "POST /scouter/agent/page/record": page(uids.map((uid) => ({ uid, tags }))),
    "POST /scouter/agent/page/workflow": page(
      uids.map((uid, index) => workflow(uid, index < passed ? 2 : 1)),
    ),
  };
}
const canary = (...words: readonly string[]) =>
  api.run(
    "eval",
    "canary",
    "--profile",
    "shop/answers",
    "--baseline",
    "0.9.0",
    "--candidate",
    "1.0.0",
    ...words,
  );

it("promotes a version that is as good as the other", async () => {
  serve(950, 50);
  const { code, out, err } = await canary();
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("verdict: promote");
  expect(out).toContain("95 % of 1000 records");
  expect(api.received.get("POST /scouter/agent/page/workflow")).toMatchObject({
    service_info: { space: "shop" },
  });
});

it("waits while records do not decide, with an exit code of its own", async () => {
  serve(18, 2);
  const { code, out } = await canary("--json");
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({ verdict: "keep waiting", look: 0, looks: 1 });
});

it("looks as often as was fixed while the window lasts", async () => {
  serve(18, 2);
  const { code, out, err } = await canary("--follow", "--window", "1s", "--looks", "3");
  expect(code).toBe(3);
  expect(err.match(/look \d of 3/g)).toEqual(["look 1 of 3", "look 2 of 3"]);
  expect(out).toContain("look 3 of 3");
});

it("weighs records that were sampled with a probability of their own", async () => {
  serve(18, 2, ["scouter.sample_weight=4"]);
  const { out } = await canary("--json");
  expect(JSON.parse(out)).toMatchObject({ baseline: { rate: 0.9, effectiveTrials: 20 } });
});

it.each([
  ["a window without a unit", ["--window", "10"], "a number with s, m, h or d"],
  ["a version that is not there", ["--candidate", "3.0.0"], "3.0.0"],
])("refuses %s", async (_, words, message) => {
  serve(1, 1);
  const { code, err } = await canary(...words);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});
