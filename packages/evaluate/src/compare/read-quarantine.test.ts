import { describe, expect, it } from "vitest";
import { readQuarantine } from "./read-quarantine.ts";

const entry = { scenario: "s0", owner: "mira", expires: "2026-03-01" };
const file = (...quarantine: readonly unknown[]) => ({ quarantine });

describe("readQuarantine", () => {
  it("reads entries", () => {
    expect(readQuarantine(file(entry), "q.json")).toEqual([entry]);
    expect(readQuarantine(file(), "q.json")).toEqual([]);
  });

  it.each([
    ["no document", 5, "'q.json' is no quarantine: document:"],
    ["no owner", file({ ...entry, owner: "" }), "quarantine.0.owner: "],
    ["no day", file({ ...entry, expires: "soon" }), "quarantine.0.expires: "],
    ["a day that is not", file({ ...entry, expires: "2026-02-30" }), "quarantine.0.expires: "],
    ["a field too much", file({ ...entry, until: 1 }), "quarantine.0: "],
    ["a scenario twice", file(entry, entry), "scenario 's0' is there twice"],
  ])("refuses %s", (_, json, message) => {
    expect(() => readQuarantine(json, "q.json")).toThrow(message);
  });
});
