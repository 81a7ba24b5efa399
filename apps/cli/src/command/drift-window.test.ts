import { describe, expect, it } from "vitest";
import { profile, useFakeApi, windowOf } from "../../test/fake-api.ts";

const api = useFakeApi();
const { run } = api;

describe("scouter drift windows", () => {
  it("lists them with their ids, newest first, and asks for a status", async () => {
    api.replies = {
      "GET /scouter/v2/profiles": { items: [profile], next_cursor: null },
      "GET /scouter/v2/drift/windows": {
        items: [
          windowOf("1", { status: "failed", last_error: "DRIFT_X: broken" }),
          windowOf("2", { id: 12, observed: 500, late: 3 }),
        ],
        next_cursor: null,
      },
    };
    const { code, out } = await run("drift", "windows", "--status", "failed");
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toEqual([
      "ID  PROFILE             FROM                 TO                   STATUS  OBSERVED  LATE  REASON",
      "12  shop/answers/1.0.0  2026-01-01 00:00:00  2026-01-01 02:00:00  done         500     3",
      " 1  shop/answers/1.0.0  2026-01-01 00:00:00  2026-01-01 01:00:00  failed         -     0  DRIFT_X: broken",
    ]);
    const asJson = await run("drift", "windows", "u1", "--json");
    expect(JSON.parse(asJson.out)).toMatchObject({ items: [{ id: 12, profile }, { id: 1 }] });
  });

  it.each([
    [["windows", "--status", "dead"], "Allowed choices are due, running, done, failed, skipped"],
    [["rerun", "twelve"], "<window-id> is 'twelve': expected a whole number from 1"],
    [["rerun", "13"], "answered 404 NOT_FOUND: nothing here"],
  ])("refuses %s", async (words, message) => {
    const { code, err } = await run("drift", ...words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it("asks for another run of a window", async () => {
    api.replies = { "POST /scouter/v2/drift/windows/12/rerun": windowOf("1", { status: "due" }) };
    expect(await run("drift", "rerun", "12")).toEqual({
      code: 0,
      out: "window 12 is due again: a worker computes it as soon as it is free\n",
      err: "",
    });
  });
});
