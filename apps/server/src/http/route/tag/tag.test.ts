import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await apiFixture();
});
afterEach(() => fixture.close());

const tag = { entity_type: "trace", entity_id: "t1", key: "env", value: "prod" };
const post = (url: string, payload: object) => fixture.app.inject({ method: "POST", url, payload });

describe("tags", () => {
  it("are stored once each, read, and found", async () => {
    const stored = await post("/scouter/tags", { tags: [tag, { ...tag }, { ...tag, key: "b" }] });
    expect(stored.json()).toEqual({ status: "success", message: "Inserted 2 tags" });
    const read = await fixture.app.inject("/scouter/tags?entity_type=trace&entity_id=t1");
    expect(read.json()).toEqual({ tags: [tag, { ...tag, key: "b" }] });
    const found = await post("/scouter/tags/entity", {
      entity_type: "trace",
      tags: [{ key: "env", value: "prod" }],
      match_all: true,
    });
    expect(found.json()).toEqual({ entity_id: ["t1"] });
  });

  it("may be none", async () => {
    const reply = await post("/scouter/tags", { tags: [] });
    expect(reply.json()).toEqual({ status: "success", message: "Inserted 0 tags" });
  });

  it("are refused with the database's reason", async () => {
    const reply = await post("/scouter/tags", { tags: [{ ...tag, value: "poison" }] });
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ reason: "FAKE_POISON" });
  });

  it("have NUL characters replaced", async () => {
    await post("/scouter/tags", { tags: [{ ...tag, value: "a\u0000b" }] });
    expect(fixture.database.storedTags[0]?.value).toBe("a\uFFFDb");
  });

  it("of an id that is too long are refused", async () => {
    const reply = await fixture.app.inject(
      `/scouter/tags?entity_type=t&entity_id=${"x".repeat(201)}`,
    );
    expect(reply.statusCode).toBe(400);
  });
});
