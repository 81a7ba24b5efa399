import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiFixture, type ApiFixture } from "../../../../test/fake/api-fixture.ts";

const letter = {
  id: 7,
  owner: "018f0000-0000-7000-8000-00000000000a",
  sequence: 3,
  reason: "no OTLP",
  format: "otlp-protobuf",
  payloadBytes: 12,
  createdAt: "2026-03-01T10:00:00.123456Z",
};

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await apiFixture();
});
afterEach(() => fixture.close());
const get = (path: string) =>
  fixture.app.inject({ url: `/scouter/v2/delivery/span-dead-letters${path}` });

describe("GET /scouter/v2/delivery/span-dead-letters", () => {
  it("shows what was put aside, with its place and reason", async () => {
    const damaged = { ...letter, id: 6, sequence: -99, format: null, payloadBytes: 0 };
    fixture.database.deadLetters.list = async () => [letter, damaged];
    expect((await get("")).json()).toEqual({
      items: [
        {
          id: 7,
          owner: letter.owner,
          sequence: 3,
          reason: "no OTLP",
          format: "otlp-protobuf",
          size_bytes: 12,
          put_aside_at: letter.createdAt,
        },
        expect.objectContaining({ id: 6, sequence: null, format: null, size_bytes: 0 }),
      ],
      next_cursor: null,
    });
  });

  it("pages by the last id", async () => {
    const asked: unknown[] = [];
    fixture.database.deadLetters.list = async (page) => {
      asked.push(page);
      return page.before === undefined ? [letter] : [];
    };
    const { next_cursor } = (await get("?limit=1")).json();
    expect((await get(`?limit=1&cursor=${next_cursor}`)).json()).toEqual({
      items: [],
      next_cursor: null,
    });
    expect(asked).toEqual([
      { limit: 1, before: undefined },
      { limit: 1, before: 7 },
    ]);
  });

  it("gives the bytes, never as a page", async () => {
    fixture.database.deadLetters.payload = async (id) => (id === 7 ? Buffer.from("x") : undefined);
    const reply = await get("/7/payload");
    expect(reply.rawPayload).toEqual(Buffer.from("x"));
    expect(reply.headers).toMatchObject({
      "content-type": "application/zstd",
      "content-disposition": "attachment",
    });
    expect((await get("/8/payload")).json()).toMatchObject({
      status: 404,
      code: "SERVER_DEAD_LETTER_PAYLOAD_UNKNOWN",
    });
  });
});
