import type { ProfileSummary } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { paletteEntries } from "./palette-entries.ts";

const profile = (name: string, drift_type: ProfileSummary["drift_type"]): ProfileSummary => ({
  uid: `uid of ${name}`,
  space: "weather",
  name,
  version: "0.1.0",
  drift_type,
  active: true,
  created_at: "2026-01-01T00:00:00Z",
});
const profiles = [profile("answers", "Agent"), profile("temperature", "Psi")];
const trace = "4bf92f3577b34da6a3ce929d0e0e4736";

describe("paletteEntries", () => {
  it.each<[string, readonly string[]]>([
    ["drift", ["/drift"]],
    ["answ agent", ["/evaluations/uid of answers"]],
    ["psi", ["/drift/uid of temperature"]],
    ["weather/temp", ["/drift/uid of temperature"]],
    [` ${trace.toUpperCase()} `, [`/traces/${trace}`]],
    ["nothing like it", []],
  ])("'%s'", (typed, paths) => {
    expect(paletteEntries(typed, profiles).map(({ path }) => path)).toEqual(paths);
  });

  it("offers every page before anything is typed", () => {
    const paths = paletteEntries("", profiles).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["/", "/traces", "/settings"]));
  });
});
