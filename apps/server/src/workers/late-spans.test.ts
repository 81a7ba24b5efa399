import type { TraceActivity } from "@scouter/database";
import { expect, it } from "vitest";
import { FakeDatabase } from "../../test/fake/fake-database.ts";
import { FakeLake } from "../../test/fake/fake-lake.ts";
import { LateSpans } from "./late-spans.ts";

it("looks at traces that were settled before, and goes on after trouble", async () => {
  const database = new FakeDatabase();
  const troubles: unknown[] = [];
  let settle: (traceIds: readonly string[]) => void = () => undefined;
  const revisions = new Map([
    ["new", 1],
    ["late", 2],
    ["later", 7],
  ]);
  const late = new LateSpans({
    database,
    lake: new FakeLake(),
    completion: {
      onSettled: (handler) => {
        settle = handler;
        return () => undefined;
      },
      look: async ({ traceId = "" }) => {
        if (traceId === "bad") throw new Error("away");
        const revision = revisions.get(traceId);
        return revision === undefined ? undefined : ({ traceId, revision } as TraceActivity);
      },
    },
    onAgain: () => undefined,
    onTrouble: (error) => troubles.push(error),
  });
  late.start();
  settle(["unknown", "new", "bad", "late"]);
  settle(["later"]);
  await late.settledSoFar();
  await late.stop();
  expect(database.tracesAgain).toEqual(["late", "later"]);
  expect(troubles).toHaveLength(1);
});
