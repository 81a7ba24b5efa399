import { describe, expect, it } from "vitest";
import { useFakeApi } from "../../test/fake-api.ts";

const api = useFakeApi();
const ROUTE = "POST /scouter/v2/alerts/test";

describe("scouter alert test", () => {
  it("says that the channel took it", async () => {
    api.replies = {
      [ROUTE]: { channel: "slack", delivered: true, dedup_key: "test/1", error: null },
    };
    expect(await api.run("alert", "test", "slack:#ml")).toEqual({
      code: 0,
      out: "the channel 'slack' took the test message (test/1)\n",
      err: "",
    });
    expect(api.received.get(ROUTE)).toEqual({ channel: "slack:#ml" });
  });

  it("ends with 1 and what to do when it did not", async () => {
    const error = { code: "ALERTS_REFUSED", message: "error 'x'", remedy: "check the target" };
    const reply = { channel: "slack", delivered: false, dedup_key: "test/1", error };
    api.replies = { [ROUTE]: reply };
    expect(await api.run("alert", "test", "slack:#ml")).toEqual({
      code: 1,
      out: "not delivered: error 'x' (ALERTS_REFUSED)\nwhat to do: check the target\n",
      err: "",
    });
    const asJson = await api.run("alert", "test", "slack:#ml", "--json");
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.out)).toEqual(reply);
  });
});
